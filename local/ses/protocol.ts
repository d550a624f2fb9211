import { SesError } from './ses-error.ts';

/** A name and a value that come back in the events about the message. */
export interface MessageTag {
  readonly name: string;
  readonly value: string;
}

/** A `SendRawEmail` request as it was posted, before any check. */
export interface SendRawEmailRequest {
  /** The envelope sender; undefined where the message's own `From` decides. */
  readonly source: string | undefined;
  /** The envelope recipients as typed; empty where the message's own `To`, `Cc` and `Bcc` decide. */
  readonly destinations: readonly string[];
  readonly raw: Uint8Array;
  readonly tags: readonly MessageTag[];
  readonly configurationSetName: string | undefined;
}

/**
 * Reads a `SendRawEmail` request from its form fields. Lists are numbered from 1: `Destinations.member.1`,
 * `Tags.member.1.Name`. Empty names of a sender or a configuration set count as none.
 *
 * @throws SesError `ValidationError` where the message is missing
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
 * The answer to an action: its values in a result element, behind them the request id.
 *
 * @param values the elements of the result in their order: `{ MessageId: '0100…' }`
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

/** The document of an error. `Type` tells whose fault it was: `Sender` up to status 499, `Receiver` above. */
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

/** Text for an element. What XML 1.0 cannot hold at all, such as a NUL that came in a tag, becomes U+FFFD. */
function toXmlText(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
    .replace(/[&<>]/g, (character) => ENTITIES[character] ?? character);
}
