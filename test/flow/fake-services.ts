import * as z from 'zod';
import { type DeliveryKey, deliveryKeySchema } from '../../shared/domain/delivery.ts';
import type { Digest } from '../../shared/domain/digest.ts';
import type { DigestMail, Mail, Mailer, SendResult } from '../../shared/ports/mail.ts';
import type { Queue } from '../../shared/ports/queues.ts';
import type { PortCall } from './crashing-ports.ts';
import { toDigestName } from './crowd.ts';

/** How SES answers a mail, and whether it goes out. */
export interface MailAnswer {
  readonly result: SendResult | 'accepted';
  readonly isSent: boolean;
}

/** What goes wrong outside. */
export interface Disruptions {
  /** By the number of the mail, from 0; all others are accepted. */
  readonly mailAnswers: ReadonlyMap<number, MailAnswer>;
  /** The numbers of the sends to a queue, from 0, of which the queue accepts nothing. */
  readonly refusals: ReadonlySet<number>;
}

/** A mail that went out, on a count of steps. */
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

/** A message on a queue, which keeps those that are done, to hand them over again. */
export interface Message {
  readonly body: string;
  isDone: boolean;
}

/**
 * The queues and the mailer.
 *
 * @param isDisrupted whether disruptions strike now
 * @param nextStep counts on
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
        const paperId = Buffer.from(mail.raw).toString();
        const { subscriberId } = key;
        mails.push({
          ...{ digest: toDigestName(key), key, messageId, to: mail.to, subscriberId, paperId, invokedAt },
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

/** A mail that holds nothing but the id of its first paper. */
export function toMail({ subscriber, cadence, period, sections }: Digest): DigestMail {
  const paperIds = sections.flatMap(({ matches }) => matches.map(({ paper }) => paper.id)).slice(0, 1);
  return {
    from: 'daily@example.org',
    to: subscriber.address,
    raw: Buffer.from(paperIds.join()),
    tags: { subscriberId: subscriber.id, cadence, period },
    paperIds,
  };
}

function keyOf({ tags }: Pick<Mail, 'tags'>): DeliveryKey {
  return deliveryKeySchema.parse(tags);
}

const mailSchema = z.object({ tags: deliveryKeySchema });

/** The digest whose state is in doubt when a call is cut short. */
export function findKeyWrittenBy({ method, args: [first] }: PortCall): DeliveryKey | undefined {
  switch (method) {
    case 'claim':
    case 'settle':
    case 'release':
    case 'loadSent':
      return deliveryKeySchema.parse(first);
    case 'send':
      return mailSchema.parse(first).tags;
    default:
      return undefined;
  }
}
