/** A well-formed piece of XML. */
export type Xml = string;

type Attributes = Readonly<Record<string, string>>;

export const XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** Returns an element. Its content is a text, which is escaped, or its children. */
export function element(
  name: string,
  content: string | readonly Xml[] = [],
  attributes: Attributes = {},
): Xml {
  const inner = typeof content === 'string' ? escapeXml(content) : content.join('\n');
  const open = [
    name,
    ...Object.entries(attributes).map(([key, value]) => `${key}="${escapeXml(value)}"`),
  ].join(' ');
  return inner === '' ? `<${open}/>` : `<${open}>${inner}</${name}>`;
}

/** Returns an element for a text that may be missing. */
export function optional(name: string, text: string | undefined): readonly Xml[] {
  return text === undefined ? [] : [element(name, text)];
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
