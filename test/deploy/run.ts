import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCleanUp } from './clean-up.ts';
import { MissingToolError } from './install-ministack.ts';
import { runScenario } from './scenario.ts';
import { createSteps, toSeconds } from './steps.ts';

// `npm run test:deploy`: deploys the project with the CDK's command line to an emulated cloud on this machine, sends a
// digest, and destroys the deployment. Exits with 0 if all steps passed, with 1 if one failed, and with 2 if a tool is
// missing.

if (process.argv.length > 2) {
  process.stderr.write('npm run test:deploy takes no arguments.\n');
  process.exit(2);
}
const startedAt = performance.now();
const cleanUp = createCleanUp();
const folder = await mkdtemp(join(tmpdir(), 'broadsheet-deploy-'));
let stoppedWith: number | undefined;

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => {
    stoppedWith = code;
    void stop(code);
  });
}
await end(await run());

async function run(): Promise<number> {
  const time = () => toSeconds(startedAt).trim();
  try {
    await runScenario(createSteps(print), cleanUp, folder);
    await cleanUp.run();
    print(`\nThe deploy test passed in ${time()}.`);
    return 0;
  } catch (error) {
    await cleanUp.run();
    // A stopped run fails only because it was stopped.
    if (stoppedWith !== undefined) return stoppedWith;
    if (error instanceof MissingToolError) {
      print(`\n${error.message}\n\nThe deploy test could not run.`);
      return 2;
    }
    print(`\n${error instanceof Error ? error.stack : String(error)}\n`);
    print(`The logs of ministack, the functions and the CDK are in ${folder}.`);
    print(`The deploy test failed after ${time()}.`);
    return 1;
  }
}

async function stop(code: number): Promise<void> {
  await cleanUp.run();
  await end(code);
}

/** Ends the process. It keeps the folder only if somebody may want to read its logs. */
async function end(code: number): Promise<never> {
  if (code === 0 || code === stoppedWith) await rm(folder, { recursive: true, force: true });
  process.exit(code);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
