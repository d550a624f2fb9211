import { GetSendQuotaCommand, SESClient } from '@aws-sdk/client-ses';
import type { Mailer, SendQuotaReader } from '../../ports/mail.ts';
import { type ClientOptions, withTimeLimits } from '../client-options.ts';
import { SendMailCommand } from './send-mail-command.ts';
import { toSendResult } from './send-result.ts';

/** An idle connection is soon closed, because it is unknown whether a mail on a connection that SES closed went out. */
const SES_TIME_LIMITS = { connectionTimeout: 3_000, requestTimeout: 20_000, maxIdleMs: 4_000 };

/**
 * Returns a client that never retries. SES has no idempotency key, so a retry after a lost answer could mail a subscriber twice. It
 * prepares its calls once, so middleware that is added after the first call has no effect.
 *
 * Its calls begin in the next turn of the event loop. So mails that are ready in the same turn go out one after the other. They find their
 * code in the caches of the processor. Without it, a digest takes a fifth more CPU.
 */
export function createSesClient(options: ClientOptions = {}): SESClient {
  const client = new SESClient({
    ...withTimeLimits(options, SES_TIME_LIMITS),
    maxAttempts: 1,
    cacheMiddleware: true,
  });
  client.middlewareStack.add(
    (next) => async (args) => {
      await new Promise<void>((resolve) => setImmediate(resolve));
      return next(args);
    },
    { step: 'initialize', name: 'nextTurn', priority: 'low' },
  );
  return client;
}

/** Sends mails through Amazon SES under a configuration set, which handles suppression and events. */
export function createSesMailer(client: SESClient, configurationSet: string): Mailer {
  return {
    async send(mail) {
      const command = new SendMailCommand({
        Source: mail.from,
        Destinations: [mail.to],
        RawMessage: { Data: mail.raw },
        ConfigurationSetName: configurationSet,
        Tags: Object.entries(mail.tags).map(([Name, Value]) => ({ Name, Value })),
      });
      try {
        const { MessageId } = await client.send(command);
        return MessageId
          ? { kind: 'accepted', messageId: MessageId }
          : { kind: 'uncertain', reason: 'an answer without a message id' };
      } catch (error) {
        return toSendResult(error, mail.from);
      }
    },
  };
}

/**
 * Reads the quota of the account and how much of it is used. SES answers at most one such request a second for the whole account.
 *
 * @see https://docs.aws.amazon.com/ses/latest/APIReference/API_GetSendQuota.html (-1 means no limit)
 */
export function createSesSendQuota(client: SESClient): SendQuotaReader {
  return {
    async load() {
      const { MaxSendRate, Max24HourSend, SentLast24Hours } = await client.send(new GetSendQuotaCommand({}));
      if (MaxSendRate === undefined || Max24HourSend === undefined || SentLast24Hours === undefined) {
        throw new Error('SES returned a send quota without numbers');
      }
      return {
        maxPerSec: MaxSendRate,
        maxPerDay: Max24HourSend === -1 ? Number.POSITIVE_INFINITY : Max24HourSend,
        sentLastDay: SentLast24Hours,
      };
    },
  };
}
