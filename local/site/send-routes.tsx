import { setTimeout as delay } from 'node:timers/promises';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { csrf } from 'hono/csrf';
import { HTTPException } from 'hono/http-exception';
import type { Child } from 'hono/jsx';
import { Temporal } from 'temporal-polyfill';
import { createQueue } from '../../shared/adapters/sqs/queue.ts';
import type { SkipReason } from '../../shared/domain/digests/delivery.ts';
import type { Cadence } from '../../shared/domain/subscribers/cadence.ts';
import type { Instant } from '../../shared/domain/time/time.ts';
import { toTimeZoneText } from '../../shared/domain/time/time-zone-names.ts';
import { type SendNowPorts, type SentNow, sendNow } from '../../shared/pipeline/send-now.ts';
import type { DigestsMessage } from '../../shared/ports/queues.ts';
import { toLongDay } from '../../shared/presentation/wording.ts';
import type { Keys } from '../../shared/subscribers/keys.ts';
import { toSubscriberId } from '../../shared/subscribers/subscriber-id.ts';
import { createSubscriberLinks } from '../../shared/web/links.ts';
import { firstOf } from '../../shared/web/parts/fields.tsx';
import { pageHeaders } from '../../shared/web/parts/headers.ts';
import { showPage } from '../../shared/web/parts/notices.tsx';
import { readForm } from '../../shared/web/parts/read-form.ts';
import type { System } from '../system.ts';

export interface SendRoutesOptions {
  readonly system: System;
  readonly keys: Keys;
  readonly path: string;
  readonly inboxPath: string;
  /** The address of the subscriber that every local copy has. */
  readonly demoAddress: string;
}

const LONGEST_WAIT_MS = 60_000;
const LOOK_EVERY_MS = 100;

/** The page that sends a subscriber's digest immediately. Only a local copy has it. */
export function createSendRoutes({ system, keys, path, inboxPath, demoAddress }: SendRoutesOptions): Hono {
  const { webPorts } = system.functions;
  const say = (c: Context, heading: string, words: Child) =>
    showPage(
      c,
      webPorts,
      heading,
      <>
        <p>{words}</p>
        <p>
          <a href="/">Back to the front page</a>
        </p>
      </>,
    );

  const findForeignForm = csrf();
  const refuseForeignForm: MiddlewareHandler = (c, next) =>
    findForeignForm(c, next).catch((error: unknown) => {
      if (!(error instanceof HTTPException)) throw error;
      return showPage(
        c,
        webPorts,
        'This form came from somewhere else',
        <p>
          Only the page <a href={path}>Send a digest now</a> can send a digest. A program must send the header{' '}
          <code>Origin: {webPorts.publication.publicUrl}</code>.
        </p>,
        { status: 403 },
      );
    });

  const app = new Hono();
  app.get(path, pageHeaders(webPorts.publication), (c) =>
    showPage(
      c,
      webPorts,
      'Send a digest now',
      <form method="post">
        <div class="field">
          <label for="subscriber">Email address of the subscriber</label>
          <input id="subscriber" name="address" type="email" required placeholder={demoAddress} />
          <p class="hint">
            Enter an address that you signed up and confirmed, or that of the demo subscriber,{' '}
            <span class="address">{demoAddress}</span>. The digest goes to the <a href={inboxPath}>inbox</a>{' '}
            without waiting for its hour.
          </p>
        </div>
        <button class="main" type="submit">
          Send now
        </button>
      </form>,
    ),
  );
  app.post(path, pageHeaders(webPorts.publication), refuseForeignForm, async (c) => {
    const id = toSubscriberId(firstOf(await readForm(c), 'address'), keys.idKey);
    const subscriber = await system.repositories.subscribers.load(id);
    if (!subscriber)
      return say(
        c,
        'No subscriber has this address',
        'Sign up this address on the front page. Then open the inbox and confirm.',
      );
    const sent = await sendNow(toSendNowPorts(system), subscriber);
    if (sent.state === 'sent') return c.redirect(`${inboxPath}/${sent.messageId}`, 303);
    if (sent.state === 'already-sent') {
      const { name, next } = PERIODS[sent.cadence];
      const links = createSubscriberLinks(webPorts.publication.publicUrl, keys.linkKeys, system.clock.now());
      return say(
        c,
        `${name} was already sent`,
        <>
          It was sent at {toLocalTime(sent.sentAt, subscriber.timeZone)}. The next one can be sent {next}.{' '}
          <a href={`${inboxPath}/${sent.messageId}`}>Open the mail</a>, or{' '}
          <a href={links.manage(id)}>preview a change of the subscription</a>.
        </>,
      );
    }
    return say(c, 'No mail was sent', toReason(sent));
  });
  return app;
}

function toSendNowPorts({ aws, clock, repositories, functions }: System): SendNowPorts {
  let waitedMs = 0;
  return {
    ...repositories,
    lists: functions.webPorts.lists,
    listDays: functions.sendPorts.listDays,
    digestsQueue: createQueue<DigestsMessage>(aws.sqs, aws.queueUrls.digests),
    clock,
    async waitALittle() {
      await delay(LOOK_EVERY_MS);
      waitedMs += LOOK_EVERY_MS;
      return waitedMs < LONGEST_WAIT_MS;
    },
  };
}

/** The digest of the current period, and when the next period begins. */
const PERIODS: Readonly<Record<Cadence, { readonly name: string; readonly next: string }>> = {
  instant: { name: 'The digest of this quarter of an hour', next: 'within a quarter of an hour' },
  daily: { name: 'Today’s digest', next: 'tomorrow' },
  weekly: { name: 'This week’s digest', next: 'next week' },
  monthly: { name: 'This month’s digest', next: 'next month' },
};

/** `21:20 on Friday 27 November 2026 (Europe/Berlin)` */
function toLocalTime(at: Instant, timeZone: string): string {
  const local = Temporal.Instant.from(at).toZonedDateTimeISO(timeZone);
  const time = local.toPlainTime().toString({ smallestUnit: 'minute' });
  return `${time} on ${toLongDay(local.toPlainDate().toString())} (${toTimeZoneText(timeZone)})`;
}

/** Why a subscriber gets no digest now. */
const SKIPPED: Readonly<Record<SkipReason, string>> = {
  'nothing-new': 'No new papers match this subscriber’s subscriptions.',
  unconfirmed: 'This subscriber has not confirmed yet. Open the inbox and confirm.',
  paused: 'This subscriber has paused all mails.',
  unsubscribed: 'This subscriber has unsubscribed.',
  bounced: 'Mails to this subscriber bounced.',
  complained: 'This subscriber marked a mail as spam.',
  erased: 'The data of this subscriber is erased.',
  'no-subscription': 'This subscriber has no subscription.',
  'too-late': 'The digest was queued for too long, so it was dropped.',
};

function toReason(sent: Exclude<SentNow, { state: 'sent' | 'already-sent' }>): string {
  switch (sent.state) {
    case 'skipped':
      return `The digest of this period was due and not sent. ${SKIPPED[sent.reason]}`;
    case 'nothing-to-send':
      return SKIPPED[sent.reason];
    case 'failed':
      return `The digest could not be sent: ${sent.reason}.`;
    case 'uncertain':
      return `The digest may not have been sent: ${sent.reason}.`;
    case 'queued':
    case 'claimed':
      return 'This is taking longer than usual. Check the inbox in a minute.';
    default:
      return sent satisfies never;
  }
}
