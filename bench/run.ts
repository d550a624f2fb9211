/** Runs one benchmark and prints its table: `npm run bench -- fan-out`. Exits with 1 where it finds something wrong. */
import { runFanOut } from './fan-out/run-fan-out.ts';

const benchmarks: Readonly<Record<string, (print: (line: string) => void) => Promise<boolean>>> = {
  'fan-out': runFanOut,
};

const [name = '', ...more] = process.argv.slice(2);
const run = more.length === 0 ? benchmarks[name] : undefined;
if (!run) {
  process.stderr.write(`npm run bench -- <name>: expected one of ${Object.keys(benchmarks).join(', ')}\n`);
  process.exit(2);
}
const isRight = await run((line) => process.stdout.write(`${line}\n`));
process.exitCode = isRight ? 0 : 1;
