import { type Command, Option } from '@commander-js/extra-typings';
import type { SubscriberStatus } from '../../shared/domain/subscribers/subscriber.ts';
import {
  addDeploymentCommand,
  EXIT_INTERRUPTED,
  exitCodes,
  jsonOption,
  type Registration,
  yesOption,
} from '../command.ts';
import { registerImport } from './import/command.ts';

/** Declares `broadsheet subscribers` and its commands. */
export function registerSubscribers(program: Command, registration: Registration): void {
  const subscribers: Command = program
    .command('subscribers')
    .summary('find, add, change, import and export subscribers')
    .description('Works with the subscribers of a deployment.')
    .usage('<command> [options]');
  registerAdd(subscribers, registration);
  registerShow(subscribers, registration);
  registerList(subscribers, registration);
  registerByHand(subscribers, registration);
  registerImport(subscribers, registration);
  registerExport(subscribers, registration);
  registerApplyRetention(subscribers, registration);
}

function registerAdd(subscribers: Command, registration: Registration): void {
  addDeploymentCommand(subscribers, 'add')
    .summary('add a confirmed subscriber')
    .description(
      `Adds a confirmed subscriber. Use it only for somebody who asked you for it. The record of the consent says that you vouch for
it. No mail asks them to confirm.`,
    )
    .argument('<address>', 'the address of the subscriber')
    .option('--time-zone <zone>', 'time zone of the delivery hour, such as Europe/Berlin (default: UTC)')
    .option('--hour <hour>', 'hour of delivery, 0 to 23 (default: defaults.hour of the settings)')
    .option(
      '--cadence <cadence>',
      'instant, daily, weekly or monthly (default: defaults.cadence of the settings)',
    )
    .addOption(
      new Option(
        '--list <list>',
        'a list to follow; repeat it for several (default: defaults.lists of the settings)',
      ).argParser((list: string, lists: readonly string[] | undefined) => [...(lists ?? []), list]),
    )
    .option('--query <query>', 'words and "phrases" that papers must contain (default: every paper)')
    .option('--sort <order>', 'the papers that come first: trending, new or match (default: trending)')
    .option('--tell-picked', 'report when Hugging Face picks a paper that was sent before')
    .option(
      '--tell-versions',
      'report new versions of papers that were sent, or that --query names by id, once they have been on a list',
    )
    .option('--despite-leaving', 'also add somebody who left and whose profile is erased')
    .option('--dry-run', 'check everything, and add nobody')
    .addHelpText('after', exitCodes())
    .action(
      registration.run(async (address, options) => {
        const { runAdd } = await import('./add.ts');
        return runAdd({ address, ...options }, registration);
      }),
    );
}

const WHO = `Name the subscriber by address, by id, or by the subject "unsubscribe <id>" of a mail that asks to stop. Put "--" before an id
that begins with "-".`;

const NOBODY =
  'nothing was done: no such subscriber, wrong usage or settings, no credentials, or no deployment';

/** Adds a command for one subscriber. */
function addReaderCommand(subscribers: Command, name: string, summary: string, description: string) {
  return addDeploymentCommand(subscribers, name)
    .summary(summary)
    .description(`${description}\n\n${WHO}`)
    .argument('<who>', 'the address or id of the subscriber')
    .addHelpText('after', exitCodes({ 2: NOBODY }));
}

function registerShow(subscribers: Command, registration: Registration): void {
  addReaderCommand(
    subscribers,
    'show',
    'show the stored data of a subscriber',
    'Shows the stored data of a subscriber, with every change of the status.',
  )
    .addOption(jsonOption())
    .action(
      registration.run(async (who, options) => {
        const { runShow } = await import('./show.ts');
        return runShow({ who, ...options }, registration);
      }),
    );
}

/** Spelled out, because the help loads no schema. */
const STATUSES: Readonly<Record<SubscriberStatus, true>> = {
  unconfirmed: true,
  confirmed: true,
  paused: true,
  unsubscribed: true,
  bounced: true,
  complained: true,
};
const statuses = Object.keys(STATUSES) as readonly SubscriberStatus[];

function registerList(subscribers: Command, registration: Registration): void {
  addDeploymentCommand(subscribers, 'list')
    .summary('list subscribers, page by page')
    .description(
      `Lists subscribers page by page, in no certain order. A subscriber whose pause is over counts as confirmed. The command reads the
table until the page is full, so a rare status may take the whole table.`,
    )
    .addOption(new Option('--status <status>', 'list only subscribers with this status').choices(statuses))
    .option('--limit <number>', 'subscribers on a page, 1 to 1000 (default: 100)')
    .option('--after <id>', 'continue after this id, which the previous page prints; write --after=<id>')
    .addOption(jsonOption())
    .addHelpText('after', exitCodes({ 1: 'a profile could not be read and was left out' }))
    .action(
      registration.run(async (options) => {
        const { runList } = await import('./show.ts');
        return runList(options, registration);
      }),
    );
}

/** Declares the commands that change one subscriber. */
function registerByHand(subscribers: Command, registration: Registration): void {
  addReaderCommand(
    subscribers,
    'unsubscribe',
    'stop the digests of a subscriber',
    'Stops the digests of a subscriber immediately, also those that are queued.',
  )
    .addOption(noteOption())
    .action(
      registration.run(async (who, options) => {
        const { runUnsubscribe } = await import('./operator-changes.ts');
        return runUnsubscribe({ who, ...options }, registration);
      }),
    );
  addReaderCommand(
    subscribers,
    'restore',
    'restart the digests of a subscriber',
    `Restarts the digests of a subscriber who unsubscribed, or whose mails bounced. Use it only for somebody who asked you for it. The
record of the consent says that you vouch for it. The command also removes the address from the suppression list of Amazon SES.`,
  )
    .option('--despite-complaint', 'also restore somebody who marked a mail as spam')
    .addOption(noteOption())
    .action(
      registration.run(async (who, options) => {
        const { runRestore } = await import('./operator-changes.ts');
        return runRestore({ who, ...options }, registration);
      }),
    );
  addReaderCommand(
    subscribers,
    'erase',
    'erase the stored data of a subscriber',
    `Erases the profile of a subscriber, the record of their digests, and the count of their mails. This cannot be undone. A record
that they left stays under their id, without the address. Mails stop at the first step. If the command is stopped, run it again.`,
  )
    .addOption(yesOption())
    .action(
      registration.run(async (who, options) => {
        const { runErase } = await import('./operator-changes.ts');
        return runErase({ who, ...options }, registration);
      }),
    );
  addReaderCommand(
    subscribers,
    'send-link',
    'mail a subscriber the link to manage',
    'Mails a subscriber the link to their subscription, even if they already got a mail today.',
  ).action(
    registration.run(async (who, options) => {
      const { runSendLink } = await import('./operator-changes.ts');
      return runSendLink({ who, ...options }, registration);
    }),
  );
  addReaderCommand(
    subscribers,
    'change-address',
    'move a subscriber to another address',
    `Mails the new address and asks it to confirm. When it does, the subscription moves there and digests to the present address end. Until
then nothing changes.`,
  )
    .argument('<address>', 'the new address')
    .action(
      registration.run(async (who, address, options) => {
        const { runChangeAddress } = await import('./operator-changes.ts');
        return runChangeAddress({ who, address, ...options }, registration);
      }),
    );
  addReaderCommand(
    subscribers,
    'unlock',
    'let an address ask for mails again',
    `Lets an address ask for mails on the web again. An address is locked for a day after each mail, and after
five links to its data. It is locked for 30 days after three mails without an answer.`,
  ).action(
    registration.run(async (who, options) => {
      const { runUnlock } = await import('./operator-changes.ts');
      return runUnlock({ who, ...options }, registration);
    }),
  );
}

function noteOption() {
  return new Option('--note <text>', 'the reason, for the history of the subscriber, who can read it');
}

function registerExport(subscribers: Command, registration: Registration): void {
  addDeploymentCommand(subscribers, 'export')
    .summary('write all subscribers as CSV')
    .description(
      `Writes all subscribers as CSV, whatever their status, with their consent. Only you can read the file. Without a file the command
writes to the standard output. "import" reads the result.`,
    )
    .argument('[file.csv]', 'the file to write')
    .option('--force', 'replace a file that exists')
    .addHelpText(
      'after',
      exitCodes({
        1: 'a profile could not be read and was left out',
        [EXIT_INTERRUPTED]: 'stopped by Ctrl-C: the export is not complete',
      }),
    )
    .action(
      registration.run(async (path, options) => {
        const { runExport } = await import('./export.ts');
        return runExport({ path, ...options }, registration);
      }),
    );
}

function registerApplyRetention(subscribers: Command, registration: Registration): void {
  addDeploymentCommand(subscribers, 'apply-retention')
    .summary('set when the profiles of people who left are erased')
    .description(
      `Sets when the profile of everybody who has left is erased: leftRetentionDays of the settings after they left. The functions do
the same for everybody who leaves from now on. Run the command after an upgrade from a version without this setting, and whenever
the setting changes. It reads the whole table, prints how many left, asks once, and writes each of these profiles.`,
    )
    .option('--dry-run', 'count the profiles, and change nothing')
    .addOption(yesOption())
    .addHelpText(
      'after',
      exitCodes({
        1: 'a profile was left out: it could not be read, or kept changing',
        [EXIT_INTERRUPTED]: 'stopped by Ctrl-C',
      }),
    )
    .action(
      registration.run(async (options) => {
        const { runApplyRetention } = await import('./apply-retention.ts');
        return runApplyRetention(options, registration);
      }),
    );
}
