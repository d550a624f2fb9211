import { type AnyFeed, type AtomFeed, DetectError, type JsonFeed, parseFeed, type RssFeed } from 'feedsmith';
import { parseJsonArray } from '../json-array.ts';
import { splitXml } from '../xml.ts';

/** An item of a feed, in the same terms for all formats. Its texts are as they stand there, and may have HTML. */
export interface FeedItem {
  /** What the feed itself identifies the item by. Any text. */
  readonly guid: string | undefined;
  readonly title: string | undefined;
  /** Addresses of the item, the likeliest first. Each may be relative to `base`. */
  readonly links: readonly string[];
  /** Texts that may hold a DOI or an arXiv id, the likeliest first. */
  readonly identifiers: readonly string[];
  /** Dates of publishing, the likeliest first. */
  readonly dates: readonly string[];
  /** Names, or several names in one text. */
  readonly authors: readonly string[];
  /** Summaries and contents, the shortest kind first. */
  readonly texts: readonly string[];
  /** What links are relative to, from the outside in. Each may be relative to the one before. */
  readonly base: readonly string[];
}

/** What a feed holds. */
export interface FeedReading {
  /** Undefined for an item that cannot be parsed. */
  readonly items: readonly (FeedItem | undefined)[];
  /** Why the feed is unusable or cut short, in words for a log. */
  readonly problem?: string | undefined;
}

/**
 * Parses a feed in any format: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed. If it cannot be parsed as a whole, its items are parsed one by
 * one, so that a broken item costs itself. A cut feed gives its complete items.
 *
 * Entities of a document type are never expanded, and tags nest at most a hundred deep. A feed with too many of them is cut.
 */
export function parseFeedBody(body: string): FeedReading {
  const end = findLimit(body);
  if (end === undefined) return parseBounded(body);
  const { items } = parseBounded(body.slice(0, end));
  return {
    items,
    problem: `only ${countOf(items)} were read, because the feed has more than ${MAX_MARKS} tags or values`,
  };
}

/** Each tag, attribute and value takes some hundred bytes when it is parsed. Two thousand items of arXiv have a third of this. */
const MAX_MARKS = 200_000;

/** What takes memory in XML: tags and attributes. HTML in CDATA is one text. */
const XML_MARKS = /<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|[<=]/g;

/** What takes memory in JSON: objects, lists and values. */
const JSON_MARKS = /[{[,]/g;

/** Returns where a feed has more tags or values than fit in memory. Undefined for any usual feed. */
function findLimit(body: string): number | undefined {
  let count = 0;
  for (const { index } of body.matchAll(isJson(body) ? JSON_MARKS : XML_MARKS)) {
    count += 1;
    if (count > MAX_MARKS) return index;
  }
  return undefined;
}

function isJson(body: string): boolean {
  return /^\s*\{/.test(body);
}

function parseBounded(body: string): FeedReading {
  const isOfJson = isJson(body);
  const end = isOfJson ? undefined : findEnd(body);
  const text = body.slice(0, end);
  const whole = tryParse(text);
  // The library accepts a feed without its end. The last item may then be a part of one.
  if (whole.items && (isOfJson || end !== undefined)) return whole;
  return isOfJson ? salvageJson(text) : salvageXml(text, whole.problem ?? NOT_PARSED);
}

/** Returns where the last end tag of a feed ends. Some sites write more after it. Undefined for a feed without one. */
function findEnd(body: string): number | undefined {
  let end: number | undefined;
  for (const { 0: tag, index } of body.matchAll(/<\/(?:\w+:)?(?:rss|feed|rdf)\s*>/gi))
    end = index + tag.length;
  return end;
}

type Attempt = { readonly items: readonly FeedItem[]; readonly problem?: never } | Failed;
interface Failed {
  readonly items?: never;
  readonly problem: string;
}

function tryParse(body: string): Attempt {
  let parsed: AnyFeed;
  try {
    parsed = parseFeed(body);
  } catch (error) {
    // The library only reads the text, so whatever it throws is about the text.
    return { problem: error instanceof DetectError ? `${NO_FEED}, found ${excerptOf(body)}` : NOT_PARSED };
  }
  return { items: toItems(parsed) };
}

const NO_FEED = 'expected an RSS, Atom or JSON feed';
const NOT_PARSED = 'the feed cannot be parsed';

function excerptOf(body: string): string {
  const start = body.trimStart().slice(0, 40);
  return start === '' ? 'nothing' : JSON.stringify(start);
}

/** The first tag of a feed. Its attributes declare the prefixes that the items use. It is parsed with each item, so it has a limit. */
const ROOT = /<(?:\w+:)?(?:rss|feed|rdf)(?:\s[^<>]{0,5000})?>/i;

/** Parses each item alone, as the only one of its feed. */
function salvageXml(body: string, problem: string): FeedReading {
  const [root] = ROOT.exec(body) ?? [];
  if (root === undefined) return { items: [], problem };
  const isAtom = /^<(?:\w+:)?feed/i.test(root);
  const { elements, isCut } = splitXml(body, isAtom ? 'entry' : 'item');
  const head = /^<rss/i.test(root) ? `${root}<channel>` : root;
  const items = elements.slice(0, MAX_SALVAGED).map((element) => tryParse(head + element).items?.[0]);
  if (items.length === 0) return { items, problem };
  if (items.length < elements.length)
    return { items, problem: `${problem}; its first ${MAX_SALVAGED} items were read` };
  return isCut ? { items, problem: `the feed breaks off after ${countOf(items)}` } : { items };
}

/** Parsing items one by one takes half a millisecond each. */
const MAX_SALVAGED = 2_000;

/** Keeps the items that are complete before a JSON feed breaks off. */
function salvageJson(body: string): FeedReading {
  const { index = body.length } = /(?<="items"\s*:\s*)\[/.exec(body) ?? {};
  const { items } = parseJsonArray(body.slice(index));
  const { items: read = [] } = tryParse(JSON.stringify({ version: JSON_FEED, items }));
  const problem = items.length > 0 ? `the feed breaks off after ${countOf(items)}` : undefined;
  return { items: read, problem: problem ?? `${NO_FEED}, found ${excerptOf(body)}` };
}

const JSON_FEED = 'https://jsonfeed.org/version/1.1';

function countOf({ length }: readonly unknown[]): string {
  return `${length} ${length === 1 ? 'item' : 'items'}`;
}

function toItems({ format, feed }: AnyFeed): readonly FeedItem[] {
  switch (format) {
    case 'rss':
      return (feed.items ?? []).map((item) => fromRss(item, [feed.link, feed.xml?.base]));
    case 'rdf':
      return (feed.items ?? []).map(({ rdf, ...item }) =>
        fromRss({ ...item, ...(rdf?.about && { guid: { value: rdf.about } }) }, [feed.link, feed.xml?.base]),
      );
    case 'atom':
      return (feed.entries ?? []).map((entry) => fromAtom(entry, feed));
    case 'json':
      return (feed.items ?? []).map((item) => fromJson(item, feed));
    default:
      return format satisfies never;
  }
}

function fromRss(item: RssFeed.Item<string>, base: Texts): FeedItem {
  const { guid, dc, dcterms, prism, atom } = item;
  const creators = dc?.creators ?? dcterms?.creators ?? [];
  const links = known([item.link, ...linksOf(atom?.links), toAddress(guid?.value), ...(prism?.urls ?? [])]);
  const names = known([prism?.doi, ...(dc?.identifiers ?? []), ...(dcterms?.identifiers ?? []), guid?.value]);
  return {
    guid: guid?.value,
    title: item.title ?? dc?.titles?.[0],
    links,
    identifiers: [...names, ...links],
    dates: known([
      ...[item.pubDate, ...(dc?.dates ?? []), ...(dcterms?.issued ?? []), ...(dcterms?.dates ?? [])],
      ...[...(prism?.publicationDates ?? []), atom?.published, atom?.updated],
    ]),
    authors: creators.length > 0 ? creators : known((item.authors ?? []).map(({ name }) => name)),
    texts: known([item.description, dc?.descriptions?.[0], item.content?.encoded]),
    base: known([...base, item.xml?.base]),
  };
}

function fromAtom(entry: AtomFeed.Entry<string>, feed: AtomFeed.Feed<string>): FeedItem {
  const { id, dc, arxiv } = entry;
  const links = linksOf(entry.links);
  const dois = known((entry.links ?? []).map(({ title, href }) => (title === 'doi' ? href : undefined)));
  const authors = entry.authors ?? feed.authors ?? [];
  return {
    guid: id,
    title: entry.title?.value ?? dc?.titles?.[0],
    links: known([...links, toAddress(id)]),
    identifiers: known([arxiv?.doi, ...(dc?.identifiers ?? []), ...dois, id, ...links]),
    dates: known([entry.published, entry.updated, ...(dc?.dates ?? [])]),
    authors: known([...authors.map(({ name }) => name), ...(authors.length > 0 ? [] : (dc?.creators ?? []))]),
    texts: known([entry.summary?.value, entry.content?.value]),
    base: known([feed.xml?.base, entry.xml?.base]),
  };
}

function fromJson(item: JsonFeed.Item<string>, feed: JsonFeed.Feed<string>): FeedItem {
  const { id, url, external_url: elsewhere } = item;
  const links = known([url, elsewhere, toAddress(id)]);
  return {
    guid: id,
    title: item.title,
    links,
    identifiers: known([id, elsewhere, url]),
    dates: known([item.date_published, item.date_modified]),
    authors: known((item.authors ?? feed.authors ?? []).map(({ name }) => name)),
    texts: known([item.summary, item.content_text, item.content_html]),
    base: known([feed.home_page_url]),
  };
}

/** Returns an id that is a web address. Most are, but none need be. */
function toAddress(id: string | undefined): string | undefined {
  return id !== undefined && /^https?:\/\//i.test(id) ? id : undefined;
}

type Texts = readonly (string | undefined)[];

function known(texts: Texts): readonly string[] {
  return texts.filter((text) => text !== undefined && text !== '').map(String);
}

/** Returns the addresses of the item itself among its links, and not those of its comments or its pictures. */
function linksOf(links: readonly AtomFeed.Link<string>[] = []): readonly string[] {
  return known(links.filter(({ rel = 'alternate' }) => rel === 'alternate').map(({ href }) => href));
}
