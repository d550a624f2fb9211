import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { bundleAll } from '../../infra/bundles/bundle-all.ts';
import { describeOversized } from '../../infra/bundles/bundle-size.ts';
import { tableOf } from '../../infra/markdown-table.ts';
import { environment } from '../../test/factories/environment.ts';
import { medianOf } from '../quantile.ts';

const ROUNDS = 30;

/** What a process used until its module was loaded. */
interface Start {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly rssMb: number;
}

/**
 * Measures how long each function takes to load, each time in a new process with a made-up environment. Each round starts them all once,
 * and bare Node.js first. Returns whether all bundles are within their limit.
 *
 * @param node the Node.js to start. The functions run on Node.js 24. @default the one that runs this
 */
export async function runCold(print: (line: string) => void, node = process.execPath): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-cold-'));
  try {
    const bundles = await bundleAll(folder);
    const bare: Start[] = [];
    const starts = bundles.map((): Start[] => []);
    // The first starts read the files from the disk.
    for (const { folder } of bundles) await start(node, importOf(folder));
    for (let round = 0; round < ROUNDS; round += 1) {
      bare.push(await start(node, '0'));
      for (const [index, { folder }] of bundles.entries())
        starts[index]?.push(await start(node, importOf(folder)));
    }
    print(
      `${ROUNDS} rounds. Bare Node.js needs ${describe(bare, 'cpuMs')} ms of CPU, the least and the median.`,
    );
    print('');
    print(
      tableOf(
        ['', 'size:', 'added CPU, least:', 'added CPU, median:', 'added time, least:', 'memory:'],
        bundles.map(({ name, bytes }, index) => {
          const own = starts[index] ?? [];
          const differences = own.map(({ cpuMs }, round) => cpuMs - (bare[round]?.cpuMs ?? 0));
          return [
            name,
            `${Math.ceil(bytes / 1024)} KB`,
            `${Math.round(least(own, 'cpuMs') - least(bare, 'cpuMs'))} ms`,
            `${Math.round(medianOf(differences))} ms`,
            `${Math.round(least(own, 'wallMs') - least(bare, 'wallMs'))} ms`,
            `${Math.round(medianOf(own.map(({ rssMb }) => rssMb)))} MB`,
          ];
        }),
      ),
    );
    const oversized = describeOversized(bundles);
    print(oversized === '' ? '' : `Too large:\n${oversized}`);
    return oversized === '';
  } finally {
    await rm(folder, { recursive: true });
  }
}

function importOf(folder: string): string {
  return `await import(${JSON.stringify(pathToFileURL(join(folder, 'index.mjs')).href)})`;
}

/** Runs a module in a new process, with only the environment of a function. */
async function start(node: string, code: string): Promise<Start> {
  const report = `;process.stdout.write(JSON.stringify(process.resourceUsage()))`;
  const startedAt = performance.now();
  const child = spawn(node, ['--input-type=module', '--eval', code + report], {
    env: { ...environment, AWS_REGION: 'us-east-1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  const wallMs = performance.now() - startedAt;
  if (exitCode !== 0) throw new Error(`${code} ended with ${exitCode}`);
  const { userCPUTime, systemCPUTime, maxRSS }: NodeJS.ResourceUsage = JSON.parse(output);
  return { cpuMs: (userCPUTime + systemCPUTime) / 1_000, wallMs, rssMb: maxRSS / 1_024 };
}

function least(starts: readonly Start[], what: keyof Start): number {
  return Math.min(...starts.map((start) => start[what]));
}

function describe(starts: readonly Start[], what: keyof Start): string {
  return `${Math.round(least(starts, what))} and ${Math.round(medianOf(starts.map((start) => start[what])))}`;
}
