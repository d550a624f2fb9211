import { randomUUID } from 'node:crypto';
import { type Instant, toEpochMs } from '../../shared/domain/time/time.ts';

/** One field of a message's header. */
export interface HeaderField {
  /** As written: `Message-ID`. */
  readonly name: string;
  /** Unfolded and trimmed, decoded from UTF-8. Encoded words stay. */
  readonly value: string;
  /** All lines with their ends, one character per byte. */
  readonly source: string;
}

/** A message, split without changing a byte. */
export interface SplitMessage {
  readonly fields: readonly HeaderField[];
  /** The empty line and everything after it. Empty if the message has no body. */
  readonly rest: Uint8Array;
  /** The line end of the message. */
  readonly lineEnd: '\r\n' | '\n';
}

/**
 * Splits a message into header fields and the rest. A line that belongs to no field becomes a field without a name. So the
 * parts together have the same bytes.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5322#section-2.2
 */
export function splitMessage(raw: Uint8Array): SplitMessage {
  const text = Buffer.from(raw).toString('latin1');
  const end = text.startsWith('\r\n') || text.startsWith('\n') ? 0 : headerEnd(text);
  const header = text.slice(0, end);
  return {
    fields: header.split(/(?<=\n)(?![ \t])/).flatMap((source) => (source === '' ? [] : [toField(source)])),
    rest: raw.slice(end),
    lineEnd: /\r?\n/.exec(text)?.[0] === '\n' ? '\n' : '\r\n',
  };
}

function headerEnd(text: string): number {
  const blank = /\n(?=\r?\n)/.exec(text);
  return blank ? blank.index + 1 : text.length;
}

function toField(source: string): HeaderField {
  const colon = source.indexOf(':');
  const value = source.slice(colon + 1).replace(/\r?\n/g, '');
  return {
    name: colon < 0 ? '' : source.slice(0, colon).trim(),
    value: Buffer.from(value, 'latin1').toString('utf8').trim(),
    source,
  };
}

/** Returns the values of all fields with a name, in order. Case does not matter. */
export function valuesOf(fields: readonly HeaderField[], name: string): readonly string[] {
  return fields.filter((field) => isNamed(field, name)).map(({ value }) => value);
}

/** Returns whether a field has this name. Case does not matter. */
export function isNamed(field: HeaderField, name: string): boolean {
  return field.name.toLowerCase() === name.toLowerCase();
}

const REPLACED = ['Message-ID', 'Date'];
const REMOVED = ['Bcc'];

/**
 * Returns the bytes that SES sends. SES replaces `Message-ID` and `Date`, at the end of the header, and removes `Bcc`. All other
 * bytes stay.
 *
 * @param sentAt the `Date`, in whole seconds
 * @see https://docs.aws.amazon.com/ses/latest/dg/header-fields.html
 */
export function toDeliveredMessage(message: SplitMessage, messageId: string, sentAt: Instant): Uint8Array {
  const kept = message.fields.filter(
    (field) => ![...REPLACED, ...REMOVED].some((name) => isNamed(field, name)),
  );
  const date = new Date(toEpochMs(sentAt)).toUTCString().replace('GMT', '+0000');
  const own = [`Message-ID: <${messageId}@email.amazonses.com>`, `Date: ${date}`];
  const header = [
    ...kept.map((field) => wholeLines(field, message.lineEnd)),
    ...own.map((line) => line + message.lineEnd),
  ];
  return Buffer.concat([Buffer.from(header.join(''), 'latin1'), message.rest]);
}

function wholeLines({ source }: HeaderField, lineEnd: string): string {
  return source.endsWith('\n') ? source : source + lineEnd;
}

/**
 * Returns a new id of a message or a feedback in the format of SES: milliseconds in hexadecimal, a random UUID, a counter.
 * `0100019b8d3c2a00-2f1c8e52-6a3f-4d61-9c0e-1f9f0f6c7a11-000000`
 */
export function newSesId(at: Instant): string {
  return `0100${toEpochMs(at).toString(16).padStart(12, '0')}-${randomUUID()}-000000`;
}
