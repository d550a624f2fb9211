import { type Instant, toEpochMs } from '../../shared/domain/time.ts';
import { type HeaderField, isNamed, type SplitMessage } from './header-section.ts';

const REPLACED = ['Message-ID', 'Date'];
const REMOVED = ['Bcc'];

/**
 * The bytes that SES sends on: `Message-ID` and `Date` are its own, at the end of the header, whatever the message said;
 * `Bcc` is gone. All other bytes stay as they are.
 *
 * @param sentAt becomes the `Date`, in whole seconds
 * @param region tells the domain of the `Message-ID`: `email.amazonses.com` in us-east-1, elsewhere `<region>.amazonses.com`
 * @see https://docs.aws.amazon.com/ses/latest/dg/header-fields.html
 */
export function toDeliveredMessage(
  message: SplitMessage,
  messageId: string,
  sentAt: Instant,
  region: string,
): Uint8Array {
  const kept = message.fields.filter(
    (field) => ![...REPLACED, ...REMOVED].some((name) => isNamed(field, name)),
  );
  const domain = region === 'us-east-1' ? 'email.amazonses.com' : `${region}.amazonses.com`;
  const date = new Date(toEpochMs(sentAt)).toUTCString().replace('GMT', '+0000');
  const own = [`Message-ID: <${messageId}@${domain}>`, `Date: ${date}`];
  const header = [
    ...kept.map((field) => wholeLines(field, message.lineEnd)),
    ...own.map((line) => line + message.lineEnd),
  ];
  return Buffer.concat([Buffer.from(header.join(''), 'latin1'), message.rest]);
}

function wholeLines({ source }: HeaderField, lineEnd: string): string {
  return source.endsWith('\n') ? source : source + lineEnd;
}
