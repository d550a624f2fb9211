/** One field of a message's header. */
export interface HeaderField {
  /** As written: `Message-ID`. */
  readonly name: string;
  /** Unfolded and trimmed, decoded from UTF-8, encoded words left as they are. */
  readonly value: string;
  /** All its lines with their ends, one character a byte. */
  readonly source: string;
}

/** A message taken apart without changing a byte. */
export interface SplitMessage {
  readonly fields: readonly HeaderField[];
  /** The empty line and everything behind it; empty where the message has no body. */
  readonly rest: Uint8Array;
  /** How the message ends its lines. */
  readonly lineEnd: '\r\n' | '\n';
}

/**
 * Takes a message apart into header fields and the rest. A line that belongs to no field is kept as a field without a
 * name, so that putting the parts together gives the same bytes.
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

/** The values of all fields of a name, in their order; small and capital letters are the same. */
export function valuesOf(fields: readonly HeaderField[], name: string): readonly string[] {
  return fields.filter((field) => isNamed(field, name)).map(({ value }) => value);
}

/** Whether a field has this name; small and capital letters are the same. */
export function isNamed(field: HeaderField, name: string): boolean {
  return field.name.toLowerCase() === name.toLowerCase();
}
