import { type Command, Option } from '@commander-js/extra-typings';
import { EXIT_INTERRUPTED, exitCodes, type Registration, yesOption } from '../command.ts';

/** Declares `broadsheet init`. */
export function registerInit(program: Command, registration: Registration): void {
  program
    .command('init')
    .summary('lead from an empty account to a first digest')
    .description(
      `Leads a new operator from an empty account to a first digest. It checks credentials, region and quota, asks a few questions, writes the
settings file, prepares the account, deploys, waits until SES has verified the sender, adds you as the first subscriber, and sends a
digest.

It looks at each step whether that is done already. So it can be stopped at any time, and goes on when it is run again. It changes
nothing in the account before you agree.`,
    )
    .option('--settings <file>', 'settings of the deployment, written if the file is not there', 'prod.json')
    .addOption(
      new Option('--stage <stage>', 'stage of a new settings file (default: prod)').choices([
        'dev',
        'prod',
      ] as const),
    )
    .option('--name <name>', 'name of the paper')
    .option('--from <address>', 'address that the mails come from')
    .option('--operator <address>', 'your own address, for the alarms and the first digest')
    .option('--site <domain>', 'domain of the pages (default: the address that AWS gives them)')
    .option('--certificate <arn>', 'certificate for that domain in AWS Certificate Manager, in this region')
    .option('--time-zone <zone>', 'your time zone (default: that of this machine)')
    .option('--assembly <folder>', 'templates and bundles that "cdk synth" wrote before (default: make them)')
    .addOption(yesOption())
    .option('--verbose', 'show the technical details of an error')
    .addHelpText(
      'after',
      exitCodes({
        0: 'everything is done',
        1: 'a step was declined or failed; run it again to go on',
        [EXIT_INTERRUPTED]: 'stopped by Ctrl-C; run it again to go on',
      }),
    )
    .action(
      registration.run(async (options) => (await import('./run-init.ts')).runInit(options, registration)),
    );
}
