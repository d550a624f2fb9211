/** Runs one benchmark and prints its table: `npm run bench -- fan-out`. Exits with 1 if the benchmark finds something wrong. */
import { runAuditBench } from './audit/run-audit-bench.ts';
import { runFanOut } from './fan-out/run-fan-out.ts';
import { benchImport } from './import/bench-import.ts';

/** A benchmark, and the names of its optional arguments. All are whole numbers. */
interface Benchmark {
  readonly numbers: readonly string[];
  readonly run: (print: (line: string) => void, ...numbers: readonly number[]) => Promise<boolean>;
}

const benchmarks: Readonly<Record<string, Benchmark>> = {
  audit: { numbers: [], run: runAuditBench },
  'fan-out': { numbers: [], run: runFanOut },
  import: { numbers: ['rows', 'seed'], run: benchImport },
};

// Until 2027 the SDK warns on every start with Node 20; the locked one runs on it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const [name = '', ...given] = process.argv.slice(2);
const benchmark = benchmarks[name];
const isUsable =
  benchmark && given.length <= benchmark.numbers.length && given.every((one) => /^\d+$/.test(one));
if (!isUsable) {
  const usages = Object.entries(benchmarks).map(([known, { numbers }]) =>
    ['  npm run bench --', known, ...numbers.map((one) => `[${one}]`)].join(' '),
  );
  process.stderr.write(`expected one of\n${usages.join('\n')}\n`);
  process.exit(2);
}
const isRight = await benchmark.run((line) => process.stdout.write(`${line}\n`), ...given.map(Number));
process.exitCode = isRight ? 0 : 1;
