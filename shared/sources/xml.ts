import { XMLParser } from 'fast-xml-parser';

/** A parsed element: its children and attributes by local name. A text without attributes or children is a string. */
export type XmlNode = string | Readonly<Record<string, unknown>>;

/** A document cut into the elements of one name and what is around them. */
export interface XmlParts {
  /** The source text of each complete element, in order. */
  readonly elements: readonly string[];
  /** Everything else: the head and the tail. */
  readonly rest: string;
  /** Whether the document ends early. */
  readonly isCut: boolean;
}

/** Far more than an answer of any source has. Of a longer one, the first elements are read, and it counts as cut. */
const MAX_ELEMENTS = 20_000;

/** The longest record, with 3,303 authors, has less than half of this. Parsing takes many times as much memory. */
const MAX_ELEMENT_CHARS = 1_000_000;

/**
 * Cuts a document into the elements of one name, such as `record`, so that each is parsed alone. A malformed element then costs only
 * itself, a cut answer keeps its complete elements, and memory holds one parsed element at a time. Tags in comments and in CDATA do
 * not count. Elements of the name are not nested.
 */
export function splitXml(xml: string, name: string): XmlParts {
  // A prefix may be before the name: `<oai:record>`.
  const marks = new RegExp(
    `<!--[\\s\\S]*?(?:-->|$)|<!\\[CDATA\\[[\\s\\S]*?(?:\\]\\]>|$)|<(?<slash>/?)(?:[\\w.-]+:)?${name}(?:\\s[^<>]*|/)?>`,
    'g',
  );
  const elements: string[] = [];
  const others: string[] = [];
  let start: number | undefined;
  let end = 0;
  for (const { 0: mark, index, groups } of xml.matchAll(marks)) {
    if (groups?.slash === undefined) continue;
    if (elements.length === MAX_ELEMENTS) return { elements, rest: others.join(''), isCut: true };
    if (groups.slash === '') {
      // An element that begins before the last one ended was cut.
      if (start !== undefined) elements.push(xml.slice(start, index));
      else others.push(xml.slice(end, index));
      start = index;
    }
    if (start !== undefined && (groups.slash === '/' || mark.endsWith('/>'))) {
      end = index + mark.length;
      elements.push(xml.slice(start, end));
      start = undefined;
    }
  }
  if (start === undefined) others.push(xml.slice(end));
  const rest = others.join('');
  return { elements, rest, isCut: start !== undefined || !isClosed(rest) };
}

/** Returns whether the text ends with the end tag of its first element. */
function isClosed(rest: string): boolean {
  const root = /<([A-Za-z_][\w:.-]*)/.exec(rest)?.[1];
  return root !== undefined && rest.trimEnd().endsWith(`</${root}>`);
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  trimValues: true,
  // A document type could define entities that grow without limit. `decode` reads the few that XML itself has.
  processEntities: false,
});

/**
 * Parses one element, and returns it without its own name.
 *
 * @throws Error if it is not well-formed, or longer than {@link MAX_ELEMENT_CHARS}
 */
export function parseXml(xml: string): XmlNode {
  if (xml.length > MAX_ELEMENT_CHARS) throw new Error(explainUnparsed(xml));
  return onlyChild(parser.parse(withoutCdata(xml), true));
}

/** Parses what can be read of an element that may be cut. Undefined if nothing can, or if it is too long. */
export function parseXmlLeniently(xml: string): XmlNode | undefined {
  if (xml.length > MAX_ELEMENT_CHARS) return undefined;
  try {
    return onlyChild(parser.parse(withoutCdata(xml)));
  } catch {
    return undefined;
  }
}

function onlyChild(document: Readonly<Record<string, unknown>>): XmlNode {
  const root = Object.entries(document).find(([name]) => name !== '?xml')?.[1];
  return toNodes(root)[0] ?? '';
}

/** Returns why {@link parseXml} cannot parse an element. */
export function explainUnparsed({ length }: string): string {
  return length > MAX_ELEMENT_CHARS
    ? `it is longer than ${MAX_ELEMENT_CHARS} characters`
    : 'it is not well-formed XML';
}

/** Returns the child elements of a name, in order. */
export function childrenOf(node: XmlNode | undefined, name: string): readonly XmlNode[] {
  return typeof node === 'object' ? toNodes(node[name]) : [];
}

/** Returns the first child element of a name. */
export function childOf(node: XmlNode | undefined, name: string): XmlNode | undefined {
  return childrenOf(node, name)[0];
}

/** Returns the text of the first child element of a name. Undefined if it is missing or empty. */
export function textOf(node: XmlNode | undefined, name: string): string | undefined {
  return textsOf(node, name)[0];
}

/** Returns the texts of the child elements of a name, without empty ones. */
export function textsOf(node: XmlNode | undefined, name: string): readonly string[] {
  return childrenOf(node, name).flatMap((child) => ownText(child) ?? []);
}

/** Returns the text of an element itself. Undefined if it is empty. */
export function ownText(node: XmlNode | undefined): string | undefined {
  const text = typeof node === 'object' ? node['#text'] : node;
  return typeof text === 'string' && text !== '' ? decode(text) : undefined;
}

/** Returns an attribute. Undefined if it is missing. */
export function attributeOf(node: XmlNode | undefined, name: string): string | undefined {
  const value = typeof node === 'object' ? node[`@${name}`] : undefined;
  return typeof value === 'string' ? decode(value) : undefined;
}

function toNodes(value: unknown): readonly XmlNode[] {
  if (Array.isArray(value)) return value.flatMap(toNodes);
  return typeof value === 'string' || isRecord(value) ? [value] : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Turns sections of raw text into escaped text, so that all text is decoded once. One without an end takes all that follows. */
function withoutCdata(xml: string): string {
  return xml.replace(/<!\[CDATA\[([\s\S]*?)(?:\]\]>|$)/g, (_, text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;'),
  );
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Decodes the five entities of XML and the numbers of characters, once. Any other entity stays as it is. */
function decode(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\da-fA-F]{1,6}));/g,
    (entity, name?: string, decimal?: string, hex?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? entity;
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
      return isCharacter ? String.fromCodePoint(code) : '\ufffd';
    },
  );
}
