import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { SaxesParser } from 'saxes';
import * as z from 'zod';

/** What two formats of a feed have in common. */
export interface ReadFeed {
  readonly id: string | undefined;
  readonly title: string;
  readonly self: string;
  readonly page: string;
  readonly entries: readonly ReadEntry[];
}

interface ReadEntry {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly html: string;
  readonly authors: readonly string[];
  readonly published: string;
  readonly updated: string;
}

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const ATOM = 'http://www.w3.org/2005/Atom';

/** How often each element of a feed and an entry may come, as RFC 4287 has it. */
const RULES: Readonly<Record<string, Readonly<Record<string, readonly [min: number, max: number]>>>> = {
  feed: {
    id: [1, 1],
    title: [1, 1],
    updated: [1, 1],
    subtitle: [0, 1],
    icon: [0, 1],
    generator: [0, 1],
    author: [1, 99],
    link: [1, 99],
    entry: [0, 100],
  },
  entry: {
    id: [1, 1],
    title: [1, 1],
    updated: [1, 1],
    published: [0, 1],
    content: [0, 1],
    author: [0, 99],
    category: [0, 99],
    link: [1, 99],
  },
  author: { name: [1, 1], uri: [0, 1] },
};

const dateSchema = z.iso.datetime({ precision: 3 });
const uriSchema = z.union([z.url(), z.string().regex(/^tag:[\w.-]+,\d{4}:[\w.~!$&'()*+,;=:@/?%-]+$/)]);

/** Reads an Atom feed with a strict parser. @throws Error if it breaks a rule of RFC 4287 */
export function readAtom(xml: string): ReadFeed {
  const root = parseXml(xml);
  checkElement(root);
  const ids = childrenOf(root, 'entry').map((entry) => textOf(entry, 'id'));
  if (new Set(ids).size < ids.length) throw new Error('two entries have the same id');
  return {
    id: textOf(root, 'id'),
    title: textOf(root, 'title'),
    self: linkOf(root, 'self'),
    page: linkOf(root, 'alternate'),
    entries: childrenOf(root, 'entry').map((entry) => ({
      id: textOf(entry, 'id'),
      title: textOf(entry, 'title'),
      url: linkOf(entry, 'alternate'),
      html: textOf(entry, 'content'),
      authors: childrenOf(entry, 'author').map((author) => textOf(author, 'name')),
      published: textOf(entry, 'published'),
      updated: textOf(entry, 'updated'),
    })),
  };
}

function parseXml(xml: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ local, uri, attributes }) => {
    if (uri !== ATOM) throw new Error(`${local} is not an element of Atom`);
    const values = Object.entries(attributes).map(([name, { value }]) => [name, value] as const);
    const element = { name: local, attributes: Object.fromEntries(values), children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => open.pop());
  for (const kind of ['text', 'cdata'] as const)
    parser.on(kind, (text) => {
      const element = open.at(-1);
      if (element) element.text += text;
    });
  parser.write(xml).close();
  const [feed] = root.children;
  if (feed?.name !== 'feed') throw new Error('the document is no feed');
  return feed;
}

function checkElement(element: Element): void {
  const { name, attributes, children } = element;
  const rules = RULES[name];
  if (rules) {
    for (const child of children)
      if (!rules[child.name]) throw new Error(`${name} has an unknown ${child.name}`);
    for (const [child, [min, max]] of Object.entries(rules)) {
      const count = childrenOf(element, child).length;
      if (count < min || count > max) throw new Error(`${name} has ${count} ${child}`);
    }
  } else if (children.length > 0) throw new Error(`${name} has elements`);
  if (name === 'updated' || name === 'published') dateSchema.parse(element.text.trim());
  if (name === 'id' || name === 'uri' || name === 'icon') uriSchema.parse(element.text.trim());
  if (name === 'link') z.url({ protocol: /^https?$/ }).parse(attributes.href);
  if (name === 'category' && !attributes.term) throw new Error('a category has no term');
  if (name === 'name' && element.text.trim() === '') throw new Error('an author has no name');
  const links = childrenOf(element, 'link').map(({ attributes: { rel, type } }) => `${rel} ${type}`);
  if (new Set(links).size < links.length) throw new Error(`${name} has the same link twice`);
  for (const child of children) checkElement(child);
}

const childrenOf = ({ children }: Element, name: string) => children.filter((child) => child.name === name);
const textOf = (element: Element, name: string) => childrenOf(element, name)[0]?.text.trim() ?? '';
const linkOf = (element: Element, rel: string) =>
  childrenOf(element, 'link').find(({ attributes }) => attributes.rel === rel)?.attributes.href ?? '';

const text = { type: 'string', minLength: 1 };
const url = { type: 'string', format: 'uri', pattern: '^https?://' };
const authors = {
  type: 'array',
  minItems: 1,
  items: { type: 'object', required: ['name'], properties: { name: text, url }, additionalProperties: false },
};
const date = { type: 'string', format: 'date-time' };

/** JSON Feed 1.1, without what these feeds do not use. */
const JSON_FEED = {
  type: 'object',
  required: ['version', 'title', 'items', 'home_page_url', 'feed_url'],
  additionalProperties: false,
  properties: {
    version: { const: 'https://jsonfeed.org/version/1.1' },
    title: text,
    home_page_url: url,
    feed_url: url,
    description: text,
    favicon: url,
    authors,
    language: { const: 'en' },
    items: {
      type: 'array',
      maxItems: 100,
      items: {
        type: 'object',
        required: ['id', 'url', 'title', 'content_html', 'date_published', 'date_modified'],
        additionalProperties: false,
        properties: {
          id: text,
          url,
          external_url: url,
          title: text,
          content_html: text,
          authors,
          date_published: date,
          date_modified: date,
          tags: { type: 'array', items: text, minItems: 1 },
        },
      },
    },
  },
};

interface JsonFeed {
  readonly title: string;
  readonly feed_url: string;
  readonly home_page_url: string;
  readonly items: readonly {
    readonly id: string;
    readonly title: string;
    readonly url: string;
    readonly content_html: string;
    readonly authors?: readonly { readonly name: string }[];
    readonly date_published: string;
    readonly date_modified: string;
  }[];
}

const ajv = new Ajv2020({ allErrors: true });
addFormats.default(ajv);
const isJsonFeed = ajv.compile<JsonFeed>(JSON_FEED);

/** Reads a JSON Feed. @throws Error if it does not fit the schema */
export function readJsonFeed(json: string): ReadFeed {
  const feed: unknown = JSON.parse(json);
  if (!isJsonFeed(feed)) throw new Error(ajv.errorsText(isJsonFeed.errors));
  return {
    id: undefined,
    title: feed.title,
    self: feed.feed_url,
    page: feed.home_page_url,
    entries: feed.items.map((item) => ({
      id: item.id,
      title: item.title,
      url: item.url,
      html: item.content_html,
      authors: (item.authors ?? []).map(({ name }) => name),
      published: item.date_published,
      updated: item.date_modified,
    })),
  };
}
