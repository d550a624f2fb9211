import type { Command } from '@commander-js/extra-typings';
import { addDeploymentCommand, exitCodes, jsonOption, type Registration } from '../command.ts';

/** Declares `broadsheet audit`. */
export function registerAudit(program: Command, registration: Registration): void {
  addDeploymentCommand(program, 'audit')
    .summary('add up what became of every digest that was planned on a day')
    .description(
      `Adds up what became of every digest of the editions of a day, or of several days, by cohort: sent, failed, skipped (with
the reason), uncertain, claimed by a worker, or still waiting on the queue or among the dead letters.

An edition is open while some of its digests are claimed or waiting. It is incomplete while its cohort is being enumerated.
An edition that was due for a cohort with subscribers, and does not exist, is shown as "not planned". It is shown as "not
planned, or joined since" if nothing says whether anybody was in the cohort by then, which is no fault by itself. Instant
editions are due when something new arrives. Nobody knows later whether it did, so a missing one is not seen.

The ledger keeps 100 days. The command reads what belongs to the given days, and says at the end what that cost. The days that
an earlier version planned take a scan of the whole table. The command says first how large it is.`,
    )
    .argument('<day>', 'the day, such as 2026-01-06')
    .argument('[last-day]', 'the last day, to audit several')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      exitCodes({
        0: 'every digest is accounted for',
        1: 'an edition is open, incomplete, not planned or does not add up; or there is none and one could have been due; or a record cannot be read',
      }),
    )
    .action(
      registration.run(async (day, lastDay, options) => {
        const { runAudit } = await import('./run-audit.ts');
        return runAudit({ days: lastDay === undefined ? [day] : [day, lastDay], ...options }, registration);
      }),
    );
}
