import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Mailer } from '../../ports/mail.ts';
import { type ClientOptions, withTimeLimits } from '../client-options.ts';
import { RawMailProtocol } from './raw-mail-protocol.ts';
import { toSendResult } from './send-result.ts';

const TIME_LIMITS = { connectionTimeout: 3_000, requestTimeout: 20_000 };

/**
 * Returns a client that never retries. SES has no idempotency key, so a retry after a lost answer could mail a subscriber twice.
 *
 * A mail takes the client much less CPU than with its defaults. It prepares its calls once, and makes one object that signs. It leaves
 * out what has no effect here: retries, the log of calls, and the header by which Lambda finds loops. So middleware that is added after
 * the first call has no effect.
 */
export function createSesClient(options: ClientOptions = {}): SESClient {
  const client = new SESClient({
    ...withTimeLimits(options, TIME_LIMITS),
    // Holds even if a release of the SDK gives its middleware for retries another name.
    maxAttempts: 1,
    protocol: RawMailProtocol,
    cacheMiddleware: true,
  });
  const { config, middlewareStack } = client;
  const { credentials, region, sha256 } = config;
  const signer = new SignatureV4({ credentials, region, service: 'ses', sha256 });
  config.signer = async () => signer;
  middlewareStack.remove('loggerMiddleware');
  middlewareStack.remove('recursionDetectionMiddleware');
  // Others name their place by this middleware, so it cannot be removed.
  middlewareStack.add((next) => next, {
    ...{ name: 'retryMiddleware', step: 'finalizeRequest', priority: 'high', override: true },
  });
  return client;
}

/** Sends mails through Amazon SES under a configuration set, which handles suppression and events. */
export function createSesMailer(client: SESClient, configurationSet: string): Mailer {
  return {
    async send(mail) {
      const command = new SendRawEmailCommand({
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
