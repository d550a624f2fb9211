/** Runs one benchmark and prints its table: `npm run bench -- fan-out`. Exits with 1 if the benchmark finds something wrong. */
import { runAuditBench } from './audit/run-audit-bench.ts';
import { runBusyDay } from './busy-day/run-busy-day.ts';
import { runCold } from './cold/run-cold.ts';
import { runCost } from './cost/run-cost.ts';
import { runFanOut } from './fan-out/run-fan-out.ts';
import { runHttp } from './http/run-http.ts';
import { benchImport } from './import/bench-import.ts';
import { runIngest } from './ingest/run-ingest.ts';
import { runMatch } from './match/run-match.ts';
import { runSearchBench } from './search/run-search-bench.ts';
import { runSelect } from './select/run-select.ts';
import { runCrowd } from './send/run-crowd.ts';
import { runSend } from './send/run-send.ts';
import { runStems } from './stems/run-stems.ts';
import { runWindowBench } from './window/run-window-bench.ts';

type Print = (line: string) => void;

/** A benchmark, and the names of its optional arguments: whole numbers, or a path, which is the folder of the recordings unless it is named. */
type Benchmark =
  | {
      readonly numbers: readonly string[];
      readonly run: (print: Print, ...numbers: readonly number[]) => Promise<boolean>;
    }
  | { readonly path?: string; readonly runIn: (print: Print, path?: string) => Promise<boolean> };

const benchmarks: Readonly<Record<string, Benchmark>> = {
  audit: { numbers: [], run: runAuditBench },
  'busy-day': { numbers: ['digests'], run: runBusyDay },
  cold: { path: 'node', runIn: runCold },
  cost: { numbers: ['digests'], run: runCost },
  crowd: { numbers: ['subscribers'], run: runCrowd },
  'fan-out': { numbers: [], run: runFanOut },
  http: { numbers: [], run: runHttp },
  import: { numbers: ['rows', 'seed'], run: benchImport },
  ingest: { numbers: [], run: runIngest },
  match: { runIn: runMatch },
  search: { numbers: ['papers'], run: runSearchBench },
  select: { runIn: runSelect },
  send: { numbers: ['digests'], run: runSend },
  stems: { runIn: runStems },
  window: { numbers: [], run: runWindowBench },
};

// Until 2027 the SDK warns on every start with Node 20; the locked one runs on it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const [name = '', ...given] = process.argv.slice(2);
const benchmark = benchmarks[name];
const print: Print = (line) => process.stdout.write(`${line}\n`);
process.exitCode = (await start(benchmark)) ? 0 : 1;

async function start(chosen: Benchmark | undefined): Promise<boolean> {
  const isPath = given.length <= 1 && !given.some((argument) => argument.startsWith('-'));
  if (chosen && 'runIn' in chosen && isPath) return chosen.runIn(print, ...given);
  if (chosen && 'run' in chosen && given.length <= chosen.numbers.length && given.every(isWholeNumber))
    return chosen.run(print, ...given.map(Number));
  const usages = Object.entries(benchmarks).map(([known, offered]) =>
    [
      '  npm run bench --',
      known,
      ...('run' in offered ? offered.numbers : [offered.path ?? 'folder']).map((arg) => `[${arg}]`),
    ].join(' '),
  );
  process.stderr.write(`expected one of\n${usages.join('\n')}\n`);
  process.exit(2);
}

function isWholeNumber(text: string): boolean {
  return /^\d+$/.test(text);
}
