import type { PaperFacts } from '../../domain/papers/paper.ts';
import { readInstant, readMailTime } from '../../domain/time/iso-time.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { HttpAnswer } from '../../ports/http.ts';
import { readAuthorNames } from '../author-names.ts';
import { toPlainText } from '../plain-text.ts';
import type { ItemNote } from '../source.ts';
import {
  attributeOf,
  childOf,
  childrenOf,
  explainUnparsed,
  ownText,
  parseXml,
  parseXmlLeniently,
  splitXml,
  textOf,
  textsOf,
  type XmlNode,
} from '../xml.ts';
import { reject, toArxivFacts, toPossible } from './facts.ts';

/** Maximum number of items in a feed. It leaves out others without saying so. */
const MAX_FEED_ITEMS = 2_000;

const announceTypes = ['new', 'cross', 'replace', 'replace-cross'] as const;

/**
 * Why a paper is in the announcement of a category: it is new, it was added to the category, or it has a new version. `cross` and
 * `replace-cross` are of papers with another primary category.
 */
type AnnounceType = (typeof announceTypes)[number];

export interface AnnouncementItem {
  readonly facts: PaperFacts;
  readonly type: AnnounceType;
  /** The day of the batch, as the feed says. It may be the day before. */
  readonly announcedAt: Instant | undefined;
}

export interface AnnouncementReading {
  /** Items in the answer, good or bad. */
  readonly itemsRead: number;
  /** Each paper once. */
  readonly items: readonly AnnouncementItem[];
  readonly rejections: readonly ItemNote[];
  /**
   * What is wrong with the answer as a whole. `refused`: arXiv could not answer for one of the categories. `unusable`: it is no feed.
   * `cut`: it ends early. `full`: there may be more items than a feed can hold.
   */
  readonly fault?: { readonly kind: 'refused' | 'unusable' | 'cut' | 'full'; readonly what: string };
}

/** `arXiv:2604.21935v1 Announce Type: new \nAbstract: …` */
const SUMMARY =
  /^\s*arXiv:(?<id>\S+)\s+Announce Type:\s*(?<type>[a-z-]+)\s+(?:Abstract:\s*)?(?<abstract>[\s\S]*)$/;

/**
 * Reads a feed of announcements in either format, RSS or Atom. A bad item costs itself, and a cut feed gives its complete items.
 *
 * - A feed without items is an ordinary one: there is none at weekends and on holidays.
 * - An error is a feed too, with a title like `Feed error for query`, and often with status 400.
 *
 * @see https://info.arxiv.org/help/rss_specifications.html
 */
export function parseFeed({ status, body }: HttpAnswer): AnnouncementReading {
  const isAtom = /<(?:[\w.-]+:)?feed[\s>]/.test(body.slice(0, 2_000));
  const { elements, rest, isCut } = splitXml(body, isAtom ? 'entry' : 'item');
  const document = parseXmlLeniently(rest);
  const head = isAtom ? document : childOf(document, 'channel');
  const title = toPlainText(textOf(head, 'title') ?? '', 200);
  if (/feed error/i.test(title)) return { ...NOTHING, fault: { kind: 'refused', what: title } };
  if (status !== 200) {
    const kind = status === 400 || status === 404 ? 'refused' : 'unusable';
    return { ...NOTHING, fault: { kind, what: `HTTP ${status}; expected 200` } };
  }
  if (head === undefined) return { ...NOTHING, fault: { kind: 'unusable', what: 'it is no feed' } };

  const items = new Map<string, AnnouncementItem>();
  const rejections: ItemNote[] = [];
  elements.forEach((element, position) => {
    const reading = readItem(element, position);
    if (reading.kind === 'rejection') rejections.push(reading.rejection);
    // Announcements come first, replacements after them. So the first one of a paper counts.
    else if (!items.has(reading.item.facts.id)) items.set(reading.item.facts.id, reading.item);
  });
  const read = { itemsRead: elements.length, items: [...items.values()], rejections };
  if (isCut) return { ...read, fault: { kind: 'cut', what: `it breaks off after ${elements.length} items` } };
  if (elements.length < MAX_FEED_ITEMS) return read;
  return {
    ...read,
    fault: { kind: 'full', what: `it has ${elements.length} items, the most that a feed holds` },
  };
}

const NOTHING = { itemsRead: 0, items: [], rejections: [] };

type ItemReading =
  | { readonly kind: 'item'; readonly item: AnnouncementItem }
  | { readonly kind: 'rejection'; readonly rejection: ItemNote };

function readItem(xml: string, position: number): ItemReading {
  const node = parse(xml);
  if (node === undefined) return reject(position, explainUnparsed(xml));
  const summary = textOf(node, 'description') ?? textOf(node, 'summary') ?? '';
  const said = SUMMARY.exec(summary)?.groups;
  const reading = toArxivFacts(
    {
      ids: [textOf(node, 'guid'), textOf(node, 'id'), said?.id, textOf(node, 'link'), ...linksOf(node)],
      title: textOf(node, 'title'),
      abstract: said?.abstract ?? summary,
      authors: readAuthorNames(textsOf(node, 'creator').join(', ')),
      categories: childrenOf(node, 'category').flatMap(
        (category) => attributeOf(category, 'term') ?? ownText(category) ?? [],
      ),
      licence: textOf(node, 'rights'),
      journalReference: textOf(node, 'journal_reference'),
      doi: textOf(node, 'DOI'),
    },
    position,
  );
  if (reading.kind === 'rejection') return reading;
  const { facts } = reading;
  const claimed = textOf(node, 'announce_type') ?? said?.type;
  const type = announceTypes.find((known) => known === claimed?.trim());
  if (!type) {
    const found = claimed === undefined ? 'missing' : JSON.stringify(toPlainText(claimed, 40));
    return reject(facts.id, `its announce_type is ${found}; expected one of ${announceTypes.join(', ')}`);
  }
  const announcedAt = toPossible(
    readMailTime(textOf(node, 'pubDate')) ?? readInstant(textOf(node, 'published')),
  );
  return { kind: 'item', item: { facts, type, announcedAt } };
}

function parse(xml: string): XmlNode | undefined {
  try {
    return parseXml(xml);
  } catch {
    return undefined;
  }
}

function linksOf(node: XmlNode): readonly (string | undefined)[] {
  return childrenOf(node, 'link').map((link) => attributeOf(link, 'href'));
}
