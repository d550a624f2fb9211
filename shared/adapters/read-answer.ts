import { HttpResponse } from '@smithy/core/protocols';

/** An answer at the start of the bytes. */
export interface Answer {
  readonly response: HttpResponse;
  /** Whether the server keeps the connection, and nothing follows the answer. */
  readonly isKept: boolean;
}

/** The server sent something that is not an answer of HTTP. */
class BrokenAnswerError extends Error {
  override name = 'BrokenAnswerError';
}

const END_OF_LINE = '\r\n';
const END_OF_HEAD = '\r\n\r\n';
const STATUS_LINE = /^HTTP\/1\.([01]) (\d{3})(?: |$)/;

/**
 * Reads an answer of HTTP/1.1 to a POST. Interim answers such as `100 Continue` are skipped.
 *
 * @param isEnded whether nothing more comes. That ends an answer without a length.
 * @returns undefined while the answer is incomplete.
 * @throws BrokenAnswerError
 * @see https://www.rfc-editor.org/rfc/rfc9112
 */
export function readAnswer(bytes: Buffer, isEnded: boolean): Answer | undefined {
  const end = bytes.indexOf(END_OF_HEAD);
  if (end === -1) return undefined;
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, end).split(END_OF_LINE);
  const [, minor, status = ''] = STATUS_LINE.exec(statusLine) ?? [];
  if (status === '') throw new BrokenAnswerError('the answer does not begin with an HTTP status line');
  const rest = bytes.subarray(end + END_OF_HEAD.length);
  if (status.startsWith('1')) return readAnswer(rest, isEnded);

  const headers = readHeaders(lines);
  const found = status === '204' || status === '304' ? NO_BODY : readBody(rest, headers, isEnded);
  if (!found) return undefined;
  const { body, size } = found;
  const isLast = minor === '0' || /\bclose\b/i.test(headers.connection ?? '');
  return {
    response: new HttpResponse({ statusCode: Number(status), headers, body }),
    isKept: !isLast && !isEnded && size === rest.byteLength,
  };
}

function readHeaders(lines: readonly string[]): Record<string, string> {
  // A plain object would take the name `__proto__` for its prototype.
  const headers: Record<string, string> = Object.create(null);
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    if (colon < 1 || name.includes(' '))
      throw new BrokenAnswerError('the answer has a header line without a name');
    const value = line.slice(colon + 1).trim();
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return headers;
}

interface Body {
  readonly body: Buffer;
  /** How many bytes it takes on the connection. */
  readonly size: number;
}

const NO_BODY: Body = { body: Buffer.alloc(0), size: 0 };

function readBody(
  bytes: Buffer,
  headers: Readonly<Record<string, string>>,
  isEnded: boolean,
): Body | undefined {
  if (/\bchunked$/i.test(headers['transfer-encoding'] ?? '')) return readChunks(bytes);
  const length = headers['content-length'];
  if (length === undefined) return isEnded ? { body: bytes, size: bytes.byteLength } : undefined;
  if (!/^\d+$/.test(length)) throw new BrokenAnswerError('the answer has a length that is not a number');
  const size = Number(length);
  return bytes.byteLength < size ? undefined : { body: bytes.subarray(0, size), size };
}

/** Each chunk follows a line with its size in hexadecimal digits. One of size 0 is the last. Header lines may follow it. */
function readChunks(bytes: Buffer): Body | undefined {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const endOfLine = bytes.indexOf(END_OF_LINE, at);
    if (endOfLine === -1) return undefined;
    const [, digits] = /^([0-9a-f]+)\s*(?:;|$)/i.exec(bytes.toString('latin1', at, endOfLine)) ?? [];
    if (digits === undefined) throw new BrokenAnswerError('the answer has a chunk without a size');
    const length = Number.parseInt(digits, 16);
    if (length === 0) {
      const end = bytes.indexOf(END_OF_HEAD, endOfLine);
      return end === -1 ? undefined : { body: Buffer.concat(chunks), size: end + END_OF_HEAD.length };
    }
    const start = endOfLine + END_OF_LINE.length;
    at = start + length + END_OF_LINE.length;
    if (bytes.byteLength < at) return undefined;
    if (bytes.toString('latin1', start + length, at) !== END_OF_LINE)
      throw new BrokenAnswerError('the answer has a chunk that does not end after its size');
    chunks.push(bytes.subarray(start, start + length));
  }
}
