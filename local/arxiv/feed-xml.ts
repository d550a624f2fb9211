import type { Day } from '../../shared/domain/time/time.ts';
import { type ArxivPaper, atArxiv, type FeedItem } from './archive.ts';
import { element, optional, XML_HEAD, type Xml } from './xml.ts';

export type FeedFormat = 'rss' | 'atom';

export interface FeedContent {
  readonly format: FeedFormat;
  /** What was asked for: `cs.CL+cs.LG`. */
  readonly query: string;
  /** The day at arXiv. */
  readonly day: Day;
  readonly items: readonly FeedItem[];
}

/** Maximum number of items in a feed. */
const MAX_ITEMS = 2000;

const DESCRIPTION_END = 'updates on the arXiv.org e-print archive.';
const DEFAULT_LICENCE = 'http://arxiv.org/licenses/nonexclusive-distrib/1.0/';

const NAMESPACES = {
  'xmlns:arxiv': 'http://arxiv.org/schemas/atom',
  'xmlns:dc': 'http://purl.org/dc/elements/1.1/',
} as const;

/** Returns the feed of a day. It claims to be of that day, whatever batch it holds. */
export function toFeed({ format, query, day, items }: FeedContent): Xml {
  const topics = query.replaceAll('+', ', ');
  const head = { title: `${topics} updates on arXiv.org`, description: `${topics} ${DESCRIPTION_END}` };
  return writeFeed({ format, query, day, ...head }, items.slice(0, MAX_ITEMS));
}

/** Returns the feed that arXiv gives for a category that does not exist. */
export function toErrorFeed(content: Omit<FeedContent, 'items'>, reason: string): Xml {
  const title = `Feed error for query: ${toFeedUrl(content)}`;
  return writeFeed({ ...content, title, description: reason }, []);
}

interface FeedHead extends Omit<FeedContent, 'items'> {
  readonly title: string;
  readonly description: string;
}

function writeFeed(head: FeedHead, items: readonly FeedItem[]): Xml {
  return XML_HEAD + (head.format === 'rss' ? toRss(head, items) : toAtom(head, items));
}

function toRss(head: FeedHead, items: readonly FeedItem[]): Xml {
  const midnight = toMidnight(head.day);
  const channel = [
    element('title', head.title),
    element('link', toFeedUrl(head)),
    element('description', head.description),
    element('atom:link', [], { href: toFeedUrl(head), rel: 'self', type: 'application/rss+xml' }),
    element('docs', 'http://www.rssboard.org/rss-specification'),
    element('language', 'en-us'),
    element('lastBuildDate', `${midnight.utc} +0000`),
    element('managingEditor', 'rss-help@arxiv.org'),
    element('pubDate', midnight.local),
    element('skipDays', [element('day', 'Saturday'), element('day', 'Sunday')]),
    ...items.map(({ paper, type }) =>
      element('item', [
        element('title', paper.title),
        element('link', `https://arxiv.org/abs/${paper.id}`),
        element('description', toSummary(paper, type)),
        element('guid', toOaiId(paper), { isPermaLink: 'false' }),
        ...paper.categories.map((category) => element('category', category)),
        element('pubDate', midnight.local),
        ...toExtensions(paper, type),
      ]),
    ),
  ];
  return element('rss', [element('channel', channel)], {
    ...NAMESPACES,
    'xmlns:atom': 'http://www.w3.org/2005/Atom',
    version: '2.0',
  });
}

function toAtom(head: FeedHead, items: readonly FeedItem[]): Xml {
  const { iso } = toMidnight(head.day);
  const entries = items.map(({ paper, type }) =>
    element('entry', [
      element('id', toOaiId(paper)),
      element('title', paper.title),
      element('updated', iso),
      element('link', [], {
        href: `https://arxiv.org/abs/${paper.id}`,
        rel: 'alternate',
        type: 'text/html',
      }),
      element('summary', toSummary(paper, type)),
      ...paper.categories.map((category) => element('category', [], { term: category })),
      element('published', iso),
      ...toExtensions(paper, type),
    ]),
  );
  return element(
    'feed',
    [
      element('id', toFeedUrl(head)),
      element('title', head.title),
      element('updated', iso),
      element('link', [], { href: toFeedUrl(head), rel: 'self', type: 'application/atom+xml' }),
      element('subtitle', head.description),
      ...entries,
    ],
    { xmlns: 'http://www.w3.org/2005/Atom', ...NAMESPACES, 'xml:lang': 'en-us' },
  );
}

/** The elements that both formats have. */
function toExtensions(paper: ArxivPaper, type: FeedItem['type']): readonly Xml[] {
  return [
    element('arxiv:announce_type', type),
    element('dc:rights', paper.licence ?? DEFAULT_LICENCE),
    ...optional('arxiv:journal_reference', paper.journalReference),
    ...optional('arxiv:DOI', paper.doi),
    element('dc:creator', paper.authors.join(', ')),
  ];
}

/** Begins with the version and the type, because not every reader shows the other elements. */
function toSummary(paper: ArxivPaper, type: FeedItem['type']): string {
  return `arXiv:${toVersionedId(paper)} Announce Type: ${type} \nAbstract: ${paper.abstract}`;
}

function toOaiId(paper: ArxivPaper): string {
  return `oai:arXiv.org:${toVersionedId(paper)}`;
}

/** Returns the id with the newest version: `2611.00001v2`. */
export function toVersionedId({ id, versions }: ArxivPaper): string {
  return `${id}v${versions.length}`;
}

function toFeedUrl({ format, query }: Pick<FeedContent, 'format' | 'query'>): string {
  return `http://rss.arxiv.org/${format}/${query}`;
}

/** Returns the start of a day at arXiv: `Mon, 27 Apr 2026 00:00:00 -0400`, and `Mon, 27 Apr 2026 04:00:00` in UTC. */
function toMidnight(day: Day) {
  const at = atArxiv(day, '00:00:00');
  const offsetHours = Number(at.slice(11, 13));
  const offset = `-0${offsetHours}00`;
  const date = new Date(`${day}T00:00:00.000Z`).toUTCString().slice(0, 'Mon, 27 Apr 2026'.length);
  return {
    utc: new Date(at).toUTCString().slice(0, -' GMT'.length),
    local: `${date} 00:00:00 ${offset}`,
    iso: `${at.slice(0, 19)}+00:00`,
  };
}
