import type { Command } from '@commander-js/extra-typings';
import {
  addDeploymentCommand,
  EXIT_INTERRUPTED,
  exitCodes,
  jsonOption,
  type Registration,
} from '../command.ts';

/** Declares `broadsheet doctor`. */
export function registerDoctor(program: Command, registration: Registration): void {
  addDeploymentCommand(program, 'doctor')
    .summary('check whether a deployment works, and say what to do')
    .description(
      `Checks a deployment: whether it may send, hears of bounces, runs, and lets its readers leave. Each fault comes with what to do.

Sends no mail. It makes one paused subscriber to try the unsubscribe link, and removes it.`,
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      exitCodes({ 0: 'nothing failed', 1: 'a check failed', [EXIT_INTERRUPTED]: 'stopped by Ctrl-C' }),
    )
    .action(
      registration.run(async (options) => {
        const { runDoctor } = await import('./run-doctor.ts');
        return runDoctor(options, registration);
      }),
    );
}
