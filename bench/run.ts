/** Runs one benchmark and prints its table: `npm run bench -- fan-out`. Exits with 1 where it finds something wrong. */
import { runAuditBench } from './audit/run-audit-bench.ts';
import { runFanOut } from './fan-out/run-fan-out.ts';

const benchmarks: Readonly<Record<string, (print: (line: string) => void) => Promise<boolean>>> = {
  audit: runAuditBench,
  'fan-out': runFanOut,
};

// The SDK warns on every start that its releases of 2027 will want Node 22; the locked one runs on 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const [name = '', ...more] = process.argv.slice(2);
const run = more.length === 0 ? benchmarks[name] : undefined;
if (!run) {
  process.stderr.write(`npm run bench -- <name>: expected one of ${Object.keys(benchmarks).join(', ')}\n`);
  process.exit(2);
}
const isRight = await run((line) => process.stdout.write(`${line}\n`));
process.exitCode = isRight ? 0 : 1;
