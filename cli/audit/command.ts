import type { Command } from '@commander-js/extra-typings';
import { addDeploymentCommand, exitCodes, jsonOption, type Registration } from '../command.ts';

/** Declares `broadsheet audit`. */
export function registerAudit(program: Command, registration: Registration): void {
  addDeploymentCommand(program, 'audit')
    .summary('count how every digest of a day ended')
    .description(
      `Counts how every digest of a day, or of several days, ended: sent, failed, skipped (with the reason), uncertain, claimed by a
worker, or still waiting on the queue or among the dead letters.

It counts by edition. A cohort is everybody whose digests are due at the same time, such as daily at 08:00 in Berlin. An edition is
the digests of one cohort for one day, week, month or quarter hour. It can be:

  open         some of its digests are claimed or waiting
  incomplete   its digests are not all planned yet
  not planned  it was due for a cohort with subscribers, and does not exist

If the cohort may have been empty when the edition was due, it is "not planned, or joined since". That is no fault by itself. An
instant edition is due when a list has something new. Nothing records that, so the audit cannot see that one is missing.

Broadsheet keeps digests for 100 days. The command reads only what belongs to the given days, and prints the cost at the end. Days that an
earlier version planned need a scan of the whole table. The command prints its size first.`,
    )
    .argument('<day>', 'the day, such as 2026-11-29')
    .argument('[last-day]', 'the last day, to audit several')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      exitCodes({
        0: 'every digest is accounted for',
        1: 'an edition is open, incomplete, not planned or does not add up; or none exists although one could have been due; or a record cannot be read',
      }),
    )
    .action(
      registration.run(async (day, lastDay, options) => {
        const { runAudit } = await import('./run-audit.ts');
        return runAudit({ days: lastDay === undefined ? [day] : [day, lastDay], ...options }, registration);
      }),
    );
}
