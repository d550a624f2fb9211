import { SesError } from './ses-error.ts';

/** A name and a value that SES repeats in the events of the message. */
export interface MessageTag {
  readonly name: string;
  readonly value: string;
}

/** A `SendRawEmail` request before any check. */
export interface SendRawEmailRequest {
  /** The envelope sender. Undefined if the message's `From` decides. */
  readonly source: string | undefined;
  /** The envelope recipients as typed. Empty if the message's `To`, `Cc` and `Bcc` decide. */
  readonly destinations: readonly string[];
  readonly raw: Uint8Array;
  readonly tags: readonly MessageTag[];
  readonly configurationSetName: string | undefined;
}

/**
 * Parses the form fields of a `SendRawEmail` request. Lists are numbered from 1: `Destinations.member.1`,
 * `Tags.member.1.Name`. An empty sender or configuration set counts as missing.
 *
 * @throws SesError `ValidationError` if the message is missing
 * @see https://docs.aws.amazon.com/ses/latest/APIReference/API_SendRawEmail.html
 */
export function parseSendRawEmail(form: URLSearchParams): SendRawEmailRequest {
  const data = form.get('RawMessage.Data');
  if (!data) {
    throw new SesError(
      "1 validation error detected: Value null at 'rawMessage.data' failed to satisfy constraint: Member must not be null",
      { code: 'ValidationError' },
    );
  }
  return {
    source: form.get('Source') || undefined,
    destinations: [...numbered((n) => form.get(`Destinations.member.${n}`))],
    raw: Buffer.from(data, 'base64'),
    tags: [...numbered((n) => parseTag(form, n))],
    configurationSetName: form.get('ConfigurationSetName') || undefined,
  };
}

function parseTag(form: URLSearchParams, n: number): MessageTag | null {
  const name = form.get(`Tags.member.${n}.Name`);
  const value = form.get(`Tags.member.${n}.Value`);
  return name === null && value === null ? null : { name: name ?? '', value: value ?? '' };
}

function* numbered<Value>(read: (n: number) => Value | null): Generator<Value> {
  for (let n = 1, value = read(n); value !== null; n++, value = read(n)) yield value;
}

const NAMESPACE = 'http://ses.amazonaws.com/doc/2010-12-01/';

/**
 * Returns the answer to an action: its values in a result element, then the request id.
 *
 * @param values the elements of the result in order: `{ MessageId: '0100…' }`
 * @see https://docs.aws.amazon.com/ses/latest/dg/using-ses-api-responses.html
 */
export function toResultXml(
  action: string,
  values: Readonly<Record<string, string>>,
  requestId: string,
): string {
  return (
    `<${action}Response xmlns="${NAMESPACE}">` +
    `<${action}Result>${toElements(values)}</${action}Result>` +
    `<ResponseMetadata>${toElements({ RequestId: requestId })}</ResponseMetadata>` +
    `</${action}Response>`
  );
}

/** Returns the document of an error. Its `Type` is `Sender` up to status 499, otherwise `Receiver`. */
export function toErrorXml(error: SesError, requestId: string): string {
  const Type = error.status < 500 ? 'Sender' : 'Receiver';
  return (
    `<ErrorResponse xmlns="${NAMESPACE}">` +
    `<Error>${toElements({ Type, Code: error.code, Message: error.message, ...error.details })}</Error>` +
    toElements({ RequestId: requestId }) +
    '</ErrorResponse>'
  );
}

function toElements(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `<${name}>${toXmlText(value)}</${name}>`)
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Escapes text for an element. Characters that XML 1.0 forbids, such as NUL, become U+FFFD. */
function toXmlText(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
    .replace(/[&<>]/g, (character) => ENTITIES[character] ?? character);
}
