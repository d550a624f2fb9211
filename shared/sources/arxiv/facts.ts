import { MAX_AUTHORS, type PaperFacts } from '../../domain/papers/paper.ts';
import type { Instant } from '../../domain/time/time.ts';
import { checkFacts, MAX_NAME_CHARS, MAX_TEXT_CHARS, MAX_TITLE_CHARS, readText } from '../read-facts.ts';
import type { ItemNote } from '../source.ts';
import { toWebUrl } from '../web-url.ts';
import { readArxivId } from './arxiv-id.ts';

const MAX_NOTE_CHARS = 1_000;
const MAX_CATEGORIES = 30;
const MAX_NAMED_CHARS = 60;

/** The longest name is `cond-mat.supr-con`. */
const CATEGORY = /^(?=.{1,40}$)[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z-]+)?$/;
const DOI = /10\.\d{4,9}\/[^\s,;]{1,500}/;

/** What an answer of arXiv says of a paper, as it stands there. */
export interface ArxivRecord {
  /** Texts of which the first with an id counts. */
  readonly ids: readonly (string | undefined)[];
  readonly title: string | undefined;
  readonly abstract: string | undefined;
  readonly authors: readonly string[];
  /** The primary category comes first. */
  readonly categories: readonly string[];
  readonly licence?: string | undefined;
  readonly comments?: string | undefined;
  readonly journalReference?: string | undefined;
  readonly doi?: string | undefined;
  /** When the first version was submitted. */
  readonly publishedAt?: Instant | undefined;
  /** @default the version in the id */
  readonly version?: number | undefined;
  readonly versionAt?: Instant | undefined;
}

/**
 * Returns a time that arXiv can mean. Undefined for one of before 1980 or after 9998, which is a clock at zero or a typing error. Calendars have
 * no days there. The oldest papers are of 1986.
 */
export function toPossible(at: Instant | undefined): Instant | undefined {
  return at !== undefined && at >= '1980-01-01' && at < '9999-01-01' ? at : undefined;
}

/** A record of arXiv as a paper, or why there is none. */
export type FactsReading =
  | { readonly kind: 'facts'; readonly facts: PaperFacts }
  | { readonly kind: 'rejection'; readonly rejection: ItemNote };

/**
 * Returns the facts of a record. Without an id, a title or a category there is no paper. Anything else may be missing or unusable, and
 * is then unknown. Of several DOIs in one text, the first counts.
 *
 * @param position the index of the record in its answer, from 0
 */
export function toArxivFacts(record: ArxivRecord, position: number): FactsReading {
  const given = record.ids.filter((text) => text !== undefined);
  const found = given.map(readArxivId).find((id) => id !== undefined);
  if (!found) return reject(position, `its id is ${quote(given[0])}; expected one like "2501.12345v1"`);
  const { id } = found;
  const title = readText(record.title, MAX_TITLE_CHARS);
  if (title === undefined) return reject(id, `its title is ${quote(record.title)}; expected a text`);
  const categories = [...new Set(record.categories)].filter((category) => CATEGORY.test(category));
  if (categories.length === 0) {
    return reject(id, `its categories are ${quote(record.categories.join(' '))}; expected some like "cs.CL"`);
  }
  const authors = record.authors.flatMap((name) => readText(name, MAX_NAME_CHARS) ?? []);
  const checked = checkFacts({
    source: 'arxiv',
    id,
    title,
    abstract: readText(record.abstract, MAX_TEXT_CHARS),
    ...(authors.length > 0 && { authors: authors.slice(0, MAX_AUTHORS), authorCount: authors.length }),
    categories: categories.slice(0, MAX_CATEGORIES),
    publishedAt: record.publishedAt,
    version: record.version ?? found.version,
    versionAt: record.versionAt,
    licenceUrl: toWebUrl(record.licence ?? ''),
    note: readText(record.comments, MAX_NOTE_CHARS),
    journalReference: readText(record.journalReference, MAX_NOTE_CHARS),
    doi: DOI.exec(record.doi ?? '')?.[0].replace(/[.)\]]+$/, ''),
  });
  return checked.facts ? { kind: 'facts', facts: checked.facts } : reject(id, checked.problem);
}

/** Rejects a record by its id, or without one by its position. */
export function reject(item: string | number, reason: string): Extract<FactsReading, { kind: 'rejection' }> {
  return { kind: 'rejection', rejection: { item: typeof item === 'number' ? `#${item}` : item, reason } };
}

function quote(text: string | undefined): string {
  const known = readText(text, MAX_NAMED_CHARS);
  return known === undefined ? 'missing' : JSON.stringify(known);
}
