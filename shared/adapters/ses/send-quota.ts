import { GetSendQuotaCommand, type SESClient } from '@aws-sdk/client-ses';
import type { SendQuotaReader } from '../../ports/mail.ts';

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
        throw new Error('SES told of a send quota without its numbers');
      }
      return {
        maxPerSec: MaxSendRate,
        maxPerDay: Max24HourSend === -1 ? Number.POSITIVE_INFINITY : Max24HourSend,
        sentLastDay: SentLast24Hours,
      };
    },
  };
}
