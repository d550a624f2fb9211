/** Runs one task of the benchmark in a process of its own, so that its memory and CPU can be measured. Sends the cost to the parent. */
import { XMLParser } from 'fast-xml-parser';
import { SaxesParser } from 'saxes';
import { createManualClock } from '../../local/manual-clock.ts';
import { createHttpClient } from '../../shared/adapters/http/client.ts';
import { listsTextSchema } from '../../shared/domain/lists/lists.ts';
import { type Instant, MS_PER_MINUTE, toEpochMs } from '../../shared/domain/time/time.ts';
import { ingest } from '../../shared/pipeline/ingest.ts';
import { sourceRegistry } from '../../shared/sources/registry.ts';
import { createFakeRepositories } from '../../test/fakes/repositories.ts';

export interface Task {
  readonly kind: 'ingest' | 'fast-xml-parser' | 'saxes';
  /** The server in place of arXiv. */
  readonly url: string;
  readonly now: Instant;
  /** The lists, and the cursor of the source: what the run has to read. */
  readonly lists: string;
  readonly cursor: string;
  /** What a control reads. */
  readonly paths: readonly string[];
}

export interface Cost {
  readonly records: number;
  readonly problems: readonly string[];
  readonly cpuMs: number;
  readonly maxMb: number;
  /** How long the runs wait for their turns at arXiv. */
  readonly waitedMs: number;
  /** How many runs of ingest it takes. A control has one. */
  readonly runs: number;
}

type Result = Pick<Cost, 'records' | 'problems' | 'waitedMs' | 'runs'>;

const work: Readonly<Record<Task['kind'], (task: Task) => Promise<Result>>> = {
  async ingest({ url, now, lists, cursor }) {
    const clock = createManualClock(now);
    const repositories = createFakeRepositories(clock);
    await repositories.sourceStates.save('arxiv', { cursor, lists: {} });
    const { create, allowedHosts, http: manners } = sourceRegistry.arxiv;
    let waitedMs = 0;
    const http = createHttpClient({
      userAgent: 'Broadsheet (benchmark)',
      allowedHosts: allowedHosts({ url }),
      rateLimit: { leases: repositories.leases, system: 'arxiv', intervalMs: manners?.intervalMs ?? 0 },
      // Waiting takes no time here. It is added up.
      now: () => toEpochMs(clock.now()),
      async sleep(ms) {
        waitedMs += ms;
        clock.moveBy(ms);
      },
    });
    const telemetry = { info() {}, warn() {}, error() {}, count() {} };
    const ports = { ...repositories, lists: listsTextSchema.parse(lists), http, clock, telemetry };
    let records = 0;
    // A long back-fill takes several runs.
    for (let runs = 1; ; runs += 1) {
      const { itemsRead, problems } = await ingest(ports, create({ url }));
      records += itemsRead;
      if (problems.length > 0 || itemsRead === 0) return { records, problems, waitedMs, runs: runs - 1 };
      clock.moveBy(15 * MS_PER_MINUTE);
    }
  },

  /** Control: the parser alone, over whole documents. */
  async 'fast-xml-parser'({ url, paths }) {
    const parser = new XMLParser({ ignoreAttributes: false, processEntities: false });
    let records = 0;
    for (const path of paths) {
      const document = parser.parse(await fetchText(url, path));
      const found = document.rss?.channel.item ?? document['OAI-PMH']?.ListRecords.record;
      records += Array.isArray(found) ? found.length : 1;
    }
    return { records, problems: [], waitedMs: 0, runs: 1 };
  },

  /** Control: a parser that only reports the elements. */
  async saxes({ url, paths }) {
    let records = 0;
    for (const path of paths) {
      const parser = new SaxesParser();
      parser.on('opentag', ({ name }) => {
        if (name === 'item' || name === 'record') records += 1;
      });
      parser.write(await fetchText(url, path)).close();
    }
    return { records, problems: [], waitedMs: 0, runs: 1 };
  },
};

async function fetchText(url: string, path: string): Promise<string> {
  return (await fetch(new URL(path, url))).text();
}

if (process.send) {
  const task = JSON.parse(process.argv[2] ?? '') as Task;
  const before = process.cpuUsage();
  const result = await work[task.kind](task);
  const { user, system } = process.cpuUsage(before);
  const cost: Cost = {
    ...result,
    cpuMs: (user + system) / 1000,
    maxMb: process.resourceUsage().maxRSS / 1024,
  };
  process.send(cost, () => process.exit());
}
