import { type Command, Option } from '@commander-js/extra-typings';
import type { SubscriberStatus } from '../../../shared/domain/subscriber.ts';
import { addDeploymentCommand, exitCodes, jsonOption, type Registration, yesOption } from '../../command.ts';

const WHO = `The subscriber is named by address, by id, or by the subject "unsubscribe <id>" of a mail that asks to stop. Put "--" before an
id that begins with "-".`;

const NOBODY =
  'nothing was done: nobody has the address or id, wrong usage or settings, no credentials, or no deployment';

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

/** Declares the commands that help one reader by hand. */
export function registerByHand(subscribers: Command, registration: Registration): void {
  addReaderCommand(
    subscribers,
    'show',
    'show what is kept of a subscriber',
    'Shows what is kept of a subscriber, with every change of the status.',
  )
    .addOption(jsonOption())
    .action(
      registration.run(async (who, options) => {
        const { runShow } = await import('./run-show.ts');
        return runShow({ who, ...options }, registration);
      }),
    );
  addDeploymentCommand(subscribers, 'list')
    .summary('list subscribers, page by page')
    .description(
      'Lists subscribers in no certain order, page by page. A pause that is over counts as confirmed. It reads the table until the page is full, so a rare status may take the whole table.',
    )
    .addOption(new Option('--status <status>', 'only those with this status').choices(statuses))
    .option('--limit <number>', 'how many, 1 to 1000 (default: 100)')
    .option('--after <id>', 'go on after this id, as the page before says; write --after=<id>')
    .addOption(jsonOption())
    .addHelpText('after', exitCodes({ 1: 'a profile could not be read and was left out' }))
    .action(
      registration.run(async (options) => {
        const { runList } = await import('./run-list.ts');
        return runList(options, registration);
      }),
    );
  addReaderCommand(
    subscribers,
    'unsubscribe',
    'end the digests of a subscriber',
    'Ends the digests of a subscriber at once, also those that are queued.',
  )
    .addOption(noteOption())
    .action(
      registration.run(async (who, options) => {
        const { runUnsubscribe } = await import('./run-by-hand.ts');
        return runUnsubscribe({ who, ...options }, registration);
      }),
    );
  addReaderCommand(
    subscribers,
    'restore',
    'start the digests of a subscriber again',
    `Starts the digests again of somebody who unsubscribed, or whose mails came back. Only for somebody who asked you for it: the
record of the consent says that you vouch for it. The address leaves the suppression list of Amazon SES.`,
  )
    .option('--despite-complaint', 'restore somebody who marked a mail as spam, too')
    .addOption(noteOption())
    .action(
      registration.run(async (who, options) => {
        const { runRestore } = await import('./run-by-hand.ts');
        return runRestore({ who, ...options }, registration);
      }),
    );
  addReaderCommand(
    subscribers,
    'erase',
    'erase everything that is kept of a subscriber',
    `Erases the profile of a subscriber, the record of their digests, and the count of their mails, for good. What stays is that they
left, under their id and without the address. Nothing is mailed from the first step on. You can stop it and run it again.`,
  )
    .addOption(yesOption())
    .action(
      registration.run(async (who, options) => {
        const { runErase } = await import('./run-by-hand.ts');
        return runErase({ who, ...options }, registration);
      }),
    );
  addReaderCommand(
    subscribers,
    'send-link',
    'mail a subscriber the link to manage',
    'Mails a subscriber the link to their subscription, also if they got a mail today.',
  ).action(
    registration.run(async (who, options) => {
      const { runSendLink } = await import('./run-by-hand.ts');
      return runSendLink({ who, ...options }, registration);
    }),
  );
  addReaderCommand(
    subscribers,
    'unlock',
    'let an address ask for mails again',
    `Lets an address ask for mails on the web again. It is locked for a day after each mail, for 30 days after three that nobody
answered, and for a day after five links to its data.`,
  ).action(
    registration.run(async (who, options) => {
      const { runUnlock } = await import('./run-by-hand.ts');
      return runUnlock({ who, ...options }, registration);
    }),
  );
}

/** A command for one subscriber. */
function addReaderCommand(subscribers: Command, name: string, summary: string, description: string) {
  return addDeploymentCommand(subscribers, name)
    .summary(summary)
    .description(`${description}\n\n${WHO}`)
    .argument('<who>', 'the address or id of the subscriber')
    .addHelpText('after', exitCodes({ 2: NOBODY }));
}

function noteOption() {
  return new Option('--note <text>', 'why, for the history of the subscriber; they can read it');
}
