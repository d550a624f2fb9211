import type { Instant } from '../../../shared/domain/time.ts';

const TIME = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' });

/** When something happened, to the minute: `Mon 5 Jan, 08:00 UTC`. */
export function toTimeText(at: Instant): string {
  const part = new Map(TIME.formatToParts(new Date(at)).map(({ type, value }) => [type, value]));
  return `${part.get('weekday')} ${part.get('day')} ${part.get('month')}, ${part.get('hour')}:${part.get('minute')} UTC`;
}

/** The day of an instant in full: `Monday 5 January 2026`. */
export function toDayText(at: Instant): string {
  return DAY.format(new Date(at)).replace(',', '');
}

/** A size as a person reads it: `1 byte`, `640 bytes`, `12 KB`, `1.4 MB`. */
export function toSizeText(bytes: number): string {
  if (bytes === 1) return '1 byte';
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 999_500 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A number of messages: `No messages`, `1 message`, `1,204 messages`. */
export function toMessageCount(count: number): string {
  if (count === 0) return 'No messages';
  return count === 1 ? '1 message' : `${count.toLocaleString('en')} messages`;
}
