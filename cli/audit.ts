import { runAudit } from './audit/command.ts';
import { runCommand } from './deployment/run-command.ts';

// The SDK warns on every start that its releases of 2027 will want Node 22; the locked one runs on 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

process.exitCode = await runCommand(
  () => runAudit(process.argv.slice(2), { print: console.log, printError: console.error }),
  console.error,
);
