import * as z from 'zod';
import { type DeliveryKey, deliveryKeySchema } from '../../shared/domain/digests/delivery.ts';
import type { Digest } from '../../shared/matching/digest.ts';
import type { DigestMail, Mail, Mailer, SendResult } from '../../shared/ports/mail.ts';
import type { Queue } from '../../shared/ports/queues.ts';
import type { PortCall } from './crashing-ports.ts';
import { toDigestName } from './crowd.ts';

/** How SES answers a mail, and whether the mail is sent. */
export interface MailAnswer {
  readonly result: SendResult | 'accepted';
  readonly isSent: boolean;
}

/** The faults of the services. */
export interface Disruptions {
  /** By the number of the mail, from 0. All others are accepted. */
  readonly mailAnswers: ReadonlyMap<number, MailAnswer>;
  /** The numbers of the enqueue calls, from 0, in which the queue accepts nothing. */
  readonly refusals: ReadonlySet<number>;
}

/** A sent mail. Times are steps of the world's counter. */
export interface SentMail {
  readonly digest: string;
  readonly key: DeliveryKey;
  readonly messageId: string;
  readonly to: string;
  readonly subscriberId: string;
  /** The one paper in it. */
  readonly paperId: string;
  /** When the function that sent it was invoked. */
  readonly invokedAt: number;
  readonly sentAt: number;
}

/** A message on a queue. Handled messages stay, so they can be redelivered. */
export interface Message {
  readonly body: string;
  isDone: boolean;
}

/**
 * Returns the queues and the mailer.
 *
 * @param isDisrupted whether disruptions strike now
 * @param nextStep increments and returns the step counter
 */
export function createFakeServices(
  disruptions: Disruptions,
  isDisrupted: () => boolean,
  nextStep: () => number,
) {
  const queues: Readonly<Record<'fan out' | 'send', Message[]>> = { 'fan out': [], send: [] };
  const mails: SentMail[] = [];
  const cutShort = new Map<string, DeliveryKey>();
  let mailsOffered = 0;
  let sendsToQueues = 0;

  const cut = (key: DeliveryKey | undefined) => {
    if (key) cutShort.set(toDigestName(key), key);
  };

  const createQueue = <Body>(name: 'fan out' | 'send'): Queue<Body> => ({
    async enqueue(messages) {
      if (isDisrupted() && disruptions.refusals.has(sendsToQueues++)) return messages;
      queues[name].push(...messages.map((message) => ({ body: JSON.stringify(message), isDone: false })));
      return [];
    },
  });

  const createMailer = (invokedAt: number): Mailer => ({
    async send(mail) {
      const key = keyOf(mail);
      const number = mailsOffered++;
      const messageId = `message-${number}`;
      const answer = isDisrupted() ? disruptions.mailAnswers.get(number) : undefined;
      if (answer?.isSent ?? true) {
        const paperId = mail.raw;
        const { subscriberId } = key;
        mails.push({
          digest: toDigestName(key),
          key,
          messageId,
          to: mail.to,
          subscriberId,
          paperId,
          invokedAt,
          sentAt: nextStep(),
        });
      }
      const { result = 'accepted' } = answer ?? {};
      if (result === 'accepted') return { kind: 'accepted', messageId };
      if (result.kind === 'uncertain') cut(key);
      return result;
    },
  });

  return {
    queues,
    mails,
    /** Digests whose claim, sending or settlement was cut short, or whose mail got an uncertain answer. */
    cutShort,
    cut,
    createQueue,
    createMailer,
  };
}

/** Returns a mail that contains only the id of its first paper. */
export function toMail({ subscriber, cadence, period, sections }: Digest): DigestMail {
  const paperIds = sections.flatMap(({ matches }) => matches.map(({ paper }) => paper.id)).slice(0, 1);
  return {
    from: 'daily@example.org',
    to: subscriber.address,
    raw: paperIds.join(),
    tags: { subscriberId: subscriber.id, cadence, period },
    paperIds,
  };
}

function keyOf({ tags }: Pick<Mail, 'tags'>): DeliveryKey {
  return deliveryKeySchema.parse(tags);
}

const mailSchema = z.object({ tags: deliveryKeySchema });

/** Returns the digest whose send status is unknown if a call is cut short. */
export function findKeyWrittenBy({ method, args: [first] }: PortCall): DeliveryKey | undefined {
  switch (method) {
    case 'claim':
    case 'recordOutcome':
    case 'release':
    case 'loadRecent':
      return deliveryKeySchema.parse(first);
    case 'send':
      return mailSchema.parse(first).tags;
    default:
      return undefined;
  }
}
