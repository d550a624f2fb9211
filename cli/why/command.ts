import type { Command } from '@commander-js/extra-typings';
import { addDeploymentCommand, exitCodes, jsonOption, type Registration } from '../command.ts';

/** Declares `broadsheet why`. */
export function registerWhy(program: Command, registration: Registration): void {
  addDeploymentCommand(program, 'why')
    .summary('explain what became of the digests of a subscriber on a day')
    .description(
      `Explains what became of the digests of a subscriber on a local day, or why there is none. The ledger keeps 100 days.`,
    )
    .argument('<who>', 'the address or id of the subscriber')
    .argument('<day>', 'the local day, such as 2026-01-06')
    .addOption(jsonOption())
    .addHelpText('after', exitCodes())
    .action(
      registration.run(async (who, day, options) => {
        const { runWhy } = await import('./run-why.ts');
        return runWhy({ who, day, ...options }, registration);
      }),
    );
}
