import { runCommand } from './deployment/run-command.ts';
import { subscribers } from './subscribers/command.ts';

// The SDK warns on every start that its releases of 2027 will want Node 22; the locked one runs on 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

// Whoever reads an export, like head, may have had enough of it.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
});

process.exitCode = await runCommand(
  () =>
    subscribers(process.argv.slice(2), {
      print: console.log,
      printError: console.error,
      output: process.stdout,
      progress: process.stderr,
    }),
  console.error,
);
