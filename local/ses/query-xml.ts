import type { SesError } from './ses-error.ts';

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
