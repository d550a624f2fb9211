import type { Command } from '@commander-js/extra-typings';
import {
  addDeploymentCommand,
  EXIT_INTERRUPTED,
  exitCodes,
  jsonOption,
  type Registration,
} from '../command.ts';

/** Declares `broadsheet redrive`. */
export function registerRedrive(program: Command, registration: Registration): void {
  addDeploymentCommand(program, 'redrive')
    .summary('show the messages that were given up, or move them back')
    .description(
      `Shows the dead letters of each queue, or of one queue, and what they stand for. With --yes it moves those of one queue back,
to be processed again. Do that once the cause is mended. You can stop it and run it again.`,
    )
    .argument('[queue]', 'cohorts, digests, feedback or requests')
    .option('--yes', 'move the dead letters of the named queue back; without it they are only shown')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      exitCodes({
        1: 'the move failed on the way: run it again for the rest',
        [EXIT_INTERRUPTED]: 'stopped by Ctrl-C: run it again for the rest',
      }),
    )
    .action(
      registration.run(async (queue, options) => {
        const { runRedrive } = await import('./run-redrive.ts');
        return runRedrive({ queue, ...options }, registration);
      }),
    );
}
