import { runCommand } from './deployment/run-command.ts';
import { subscribers } from './subscribers/command.ts';

// The SDK warns on every start that its releases of 2027 will want Node 22; the locked one runs on 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

// Whoever reads an export, like head, may have had enough of it.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
});

/** The first Ctrl-C fires the signal, and a second one ends the process. */
const onInterrupt = () => {
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interruption.abort());
  return interruption.signal;
};

process.exitCode = await runCommand(
  () =>
    subscribers(process.argv.slice(2), {
      print: console.log,
      printError: console.error,
      output: process.stdout,
      progress: process.stderr,
      onInterrupt,
    }),
  console.error,
);
