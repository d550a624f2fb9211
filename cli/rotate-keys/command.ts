import type { Command } from '@commander-js/extra-typings';
import { addDeploymentCommand, exitCodes, jsonOption, type Registration } from '../command.ts';

/** Declares `broadsheet rotate-keys`. */
export function registerRotateKeys(program: Command, registration: Registration): void {
  addDeploymentCommand(program, 'rotate-keys')
    .summary('add a new key for the links in mails')
    .description(
      `Adds a key that signs links from an hour later on. Links that were mailed before work for 90 days. No deployment is needed.
Prints the numbers of keys, never the keys.

Of two runs at the same time, one changes the keys. Within an hour of a rotation, nothing is changed.`,
    )
    .addOption(jsonOption())
    .addHelpText('after', exitCodes())
    .action(
      registration.run(async (options) => {
        const { runRotateKeys } = await import('../rotate-keys.ts');
        return runRotateKeys(options, registration);
      }),
    );
}
