import { runCommand } from './deployment/run-command.ts';
import { doctor } from './doctor/command.ts';

// The SDK warns on every start that its releases of 2027 will want Node 22; the locked one runs on 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

// What was made for a check is removed before it ends.
const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interruption.abort());

process.exitCode = await runCommand(
  () => doctor(process.argv.slice(2), { print: console.log, signal: interruption.signal }),
  console.error,
);
