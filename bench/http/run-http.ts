import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import autocannon, { type Result } from 'autocannon';
import type { Hono } from 'hono';
import { tableOf } from '../../infra/markdown-table.ts';
import { listenOnLoopback } from '../../local/emulators/loopback.ts';
import { createSample } from '../../local/hugging-face/sample.ts';
import { startDailyPapersServer } from '../../local/hugging-face/server.ts';
import { createKeys } from '../../local/keys.ts';
import { createManualClock } from '../../local/manual-clock.ts';
import { createLocalPublication, startSystem } from '../../local/system.ts';
import { createErrorTelemetry } from '../../local/telemetry.ts';
import { createWebApp } from '../../shared/web/app.tsx';

const DAY = '2026-01-06';
const SECONDS = 5;
const WARM_UP_SECONDS = 1;
const CONNECTIONS = 10;
const CPU_REQUESTS = 100;

const PAGES: readonly (readonly [name: string, path: string])[] = [
  ['front page', '/'],
  ['day', `/papers/${DAY}`],
  ['paper', '/papers/{id}'],
  ['search', '/search?q=model'],
  ['feed', '/feeds/lists/hf-daily.atom'],
];

/**
 * Requests the main pages of the local system over loopback, with the bundled sample of papers. After each page comes a control: a bare
 * server of Node.js that sends the bytes of the same page. Both are plain, without compression. Requests and servers share one process, so
 * the figures compare and do not predict.
 *
 * The CPU time is of the app alone, without HTTP. `kept` is of an answer that the app shares for a minute. `made` is of one that it makes for
 * each request, with the emulator of the table. Other programs on the machine hardly change either. Returns whether every request was answered
 * with the page.
 */
export async function runHttp(print: (line: string) => void): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-http-'));
  const clock = createManualClock(`${DAY}T20:00:00.000Z`);
  const source = await startDailyPapersServer({ answer: createSample(), clock });
  const system = await startSystem({
    clock,
    timer: clock,
    outboxFolder: folder,
    sourceUrls: { 'hf-daily': `${source.url}/api/daily_papers` },
    keys: createKeys(),
    publication: createLocalPublication('http://localhost:4310'),
    telemetry: createErrorTelemetry(print),
  });
  try {
    await system.functions.ingestPapers('hf-daily');
    const [listing] = await system.repositories.listings.load('hf-daily', DAY);
    const app = createWebApp(system.functions.webPorts);
    const pages = await listenOnLoopback(getRequestListener(app.fetch));
    const rows: (readonly string[])[] = [];
    let isFine = true;
    for (const [name, template] of PAGES) {
      const path = template.replace('{id}', listing?.paperId ?? '');
      const answer = await fetch(`${pages.url}${path}`);
      const body = Buffer.from(await answer.arrayBuffer());
      isFine &&= answer.status === 200;
      const control = await listenOnLoopback((_, response) => {
        response.writeHead(200, { 'content-type': answer.headers.get('content-type') ?? '' }).end(body);
      });
      const measured = await measure(`${pages.url}${path}`);
      const plain = await measure(control.url);
      await control.close();
      isFine &&= measured.non2xx === 0 && measured.errors === 0;
      const kept = await measureCpu(app, () => path);
      const made = await measureCpu(app, (n) => `${path}${path.includes('?') ? '&' : '?'}n=${n}`);
      rows.push(
        [...toRow(name, body.length, measured), kept, made],
        [...toRow(`control: ${name}`, body.length, plain), '', ''],
      );
    }
    await pages.close();
    print(`${CONNECTIONS} connections, ${SECONDS} s each. Load of the machine: ${loadavg()[0]?.toFixed(1)}`);
    print(tableOf(['Page', 'Bytes', 'Requests a second', 'p50', 'p99', 'CPU, kept', 'CPU, made'], rows));
    if (!isFine) print('Some requests were not answered with the page.');
    return isFine;
  } finally {
    await system.close();
    await source.close();
    await rm(folder, { recursive: true });
  }
}

async function measure(url: string): Promise<Result> {
  await autocannon({ url, connections: CONNECTIONS, duration: WARM_UP_SECONDS });
  return autocannon({ url, connections: CONNECTIONS, duration: SECONDS });
}

/** Returns the CPU time of one request, the mean of a few. The answer to a URL that differs each time is not cached. */
async function measureCpu(app: Hono, toPath: (n: number) => string): Promise<string> {
  const before = process.cpuUsage();
  for (let n = 0; n < CPU_REQUESTS; n += 1) await (await app.request(toPath(n))).arrayBuffer();
  const { user, system } = process.cpuUsage(before);
  return `${((user + system) / 1000 / CPU_REQUESTS).toFixed(1)} ms`;
}

function toRow(name: string, bytes: number, { requests, latency }: Result): readonly string[] {
  return [
    name,
    bytes.toLocaleString('en'),
    Math.round(requests.average).toLocaleString('en'),
    `${latency.p50} ms`,
    `${latency.p99} ms`,
  ];
}
