import { createAccount, type SendLimits } from '../../../local/ses/account.ts';
import { parseSendRawEmail, toErrorXml, toResultXml } from '../../../local/ses/protocol.ts';
import { internalFailure, rateExceeded, SesError } from '../../../local/ses/ses-error.ts';
import type { Clock, Instant } from '../../../shared/domain/time/time.ts';
import { decodeQuotedPrintable } from '../../factories/mail-texts.ts';
import { createResponse, type FakeResponse } from '../../fakes/request-handler.ts';

/** A mail that SES accepted, as it is in the recipient's mailbox. */
export interface DeliveredMail {
  readonly messageId: string;
  readonly to: string;
  /** The digest in the mail's tags: `daily 2026-01-05`. */
  readonly digest: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The papers that its text part links to. */
  readonly paperIds: readonly string[];
  readonly at: Instant;
}

/** An SES account that answers immediately. */
export interface ChaosAccount {
  readonly mails: readonly DeliveredMail[];
  /** Answers a request of the Query protocol. */
  answer(body: string): FakeResponse;
  throttle(): FakeResponse;
}

/** Returns the digest in a mail's tags: `daily 2026-01-05`. */
export function toDigest(tag: (name: string) => string | undefined): string {
  return `${tag('cadence')} ${tag('period')?.replaceAll('_', ':')}`;
}

/** Returns the ids in the links of a quoted-printable message, each once. */
function findPaperIds(raw: Uint8Array): readonly string[] {
  const text = decodeQuotedPrintable(Buffer.from(raw).toString('latin1'));
  return [...new Set([...text.matchAll(/\/(?:papers|abs)\/(\d{4}\.\d{5})\b/g)].map(([, id = '']) => id))];
}

const REQUEST_ID = '00000000-0000-4000-8000-000000000000';

/** @param onMail is called for each accepted mail */
export function createChaosAccount(
  limits: SendLimits,
  clock: Clock,
  onMail: (mail: DeliveredMail) => void,
): ChaosAccount {
  const account = createAccount(limits, clock, []);
  const mails: DeliveredMail[] = [];

  const send = (form: URLSearchParams): Readonly<Record<string, string>> => {
    const { destinations, tags, raw } = parseSendRawEmail(form);
    account.admit(destinations.length);
    const named = Object.fromEntries(tags.map(({ name, value }) => [name, value]));
    const mail = {
      messageId: `mail-${mails.length + 1}`,
      to: destinations.join(),
      digest: toDigest((name) => named[name]),
      tags: named,
      paperIds: findPaperIds(raw),
      at: clock.now(),
    };
    mails.push(mail);
    onMail(mail);
    return { MessageId: mail.messageId };
  };

  const quota = () => {
    const { maxSendRate, max24HourSend, sentLast24Hours } = account.quota();
    return {
      MaxSendRate: String(maxSendRate),
      Max24HourSend: String(max24HourSend),
      SentLast24Hours: String(sentLast24Hours),
    };
  };

  const refuse = (error: SesError) => createResponse(error.status, toErrorXml(error, REQUEST_ID));

  return {
    mails,
    throttle: () => refuse(rateExceeded()),
    answer(body) {
      const form = new URLSearchParams(body);
      const action = form.get('Action') ?? '';
      try {
        const answerWith = (values: Readonly<Record<string, string>>) =>
          createResponse(200, toResultXml(action, values, REQUEST_ID));
        if (action === 'SendRawEmail') return answerWith(send(form));
        if (action === 'GetSendQuota') return answerWith(quota());
        return refuse(internalFailure());
      } catch (error) {
        if (error instanceof SesError) return refuse(error);
        throw error;
      }
    },
  };
}
