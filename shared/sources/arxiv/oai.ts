import type { PaperFacts } from '../../domain/papers/paper.ts';
import { readInstant, readMailTime } from '../../domain/time/iso-time.ts';
import { type Day, type Instant, utcDayOf } from '../../domain/time/time.ts';
import type { HttpAnswer } from '../../ports/http.ts';
import { joinName, readAuthorNames } from '../author-names.ts';
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
  type XmlNode,
} from '../xml.ts';
import { type ArxivRecord, reject, toArxivFacts, toPossible } from './facts.ts';

/** One record of OAI-PMH. */
interface OaiRecord {
  readonly facts: PaperFacts;
  /** When the first version was submitted. The format `arXiv` gives only the day, which is then its first instant in UTC. */
  readonly submittedAt: Instant | undefined;
  /** The day of the last change of the record, for whatever reason. */
  readonly changedOn: Day | undefined;
}

export interface OaiReading {
  /** Records in the answer, good or bad, without deleted ones. */
  readonly itemsRead: number;
  readonly records: readonly OaiRecord[];
  readonly rejections: readonly ItemNote[];
  /** The token of the next page. Undefined after the last one. */
  readonly token?: string | undefined;
  /** What is wrong with the answer as a whole. `expired`: the token of the request is no longer valid. */
  readonly fault?: { readonly kind: 'expired' | 'refused' | 'unusable' | 'cut'; readonly what: string };
}

/**
 * Reads an answer of OAI-PMH to `ListRecords` or `GetRecord`, in the formats `arXiv` and `arXivRaw`. A bad record costs itself, and a cut
 * answer gives its complete records.
 *
 * - Errors come as bodies with status 200. `noRecordsMatch` is no error but a day without papers.
 * - The last page has a resumption token without a text, or none.
 * - A deleted record is left out, because nothing that a source stops to say is deleted.
 *
 * @see https://www.openarchives.org/OAI/openarchivesprotocol.html
 */
export function parseOai({ status, body }: HttpAnswer): OaiReading {
  if (status !== 200) return unusable(`HTTP ${status}; expected 200`);
  const { elements, rest, isCut } = splitXml(body, 'record');
  const document = parseXmlLeniently(rest);
  const list = childOf(document, 'ListRecords') ?? childOf(document, 'GetRecord');
  const error = childOf(document, 'error');
  if (error !== undefined) return toErrorReading(error);
  if (list === undefined) return unusable('it is no answer of OAI-PMH');

  const readings = elements.map(readRecord).filter((reading) => reading.kind !== 'deleted');
  const read = {
    itemsRead: readings.length,
    records: readings.flatMap((reading) => (reading.kind === 'record' ? [reading.record] : [])),
    rejections: readings.flatMap((reading) => (reading.kind === 'rejection' ? [reading.rejection] : [])),
  };
  if (isCut)
    return { ...read, fault: { kind: 'cut', what: `it breaks off after ${elements.length} records` } };
  const token = textOf(list, 'resumptionToken');
  if (token !== undefined && token.length > MAX_TOKEN_CHARS)
    return { ...read, fault: { kind: 'unusable', what: `its token has ${token.length} characters` } };
  return { ...read, token };
}

/** A longer token would not fit into an address. It is also stored with the state of the source. */
const MAX_TOKEN_CHARS = 2_000;

function unusable(what: string): OaiReading {
  return { ...NOTHING, fault: { kind: 'unusable', what } };
}

const NOTHING = { itemsRead: 0, records: [], rejections: [] };

function toErrorReading(error: XmlNode): OaiReading {
  const code = attributeOf(error, 'code') ?? 'no code';
  if (code === 'noRecordsMatch') return NOTHING;
  const kind = code === 'badResumptionToken' ? 'expired' : 'refused';
  const text = toPlainText(ownText(error) ?? '', 200);
  return { ...NOTHING, fault: { kind, what: `error ${code}${text && `: ${text}`}` } };
}

type RecordReading =
  | { readonly kind: 'record'; readonly record: OaiRecord }
  | { readonly kind: 'rejection'; readonly rejection: ItemNote }
  | { readonly kind: 'deleted' };

function readRecord(xml: string, position: number): RecordReading {
  let node: XmlNode;
  try {
    node = parseXml(xml);
  } catch {
    return reject(position, explainUnparsed(xml));
  }
  const header = childOf(node, 'header');
  if (attributeOf(header, 'status') === 'deleted') return { kind: 'deleted' };
  const metadata = childOf(node, 'metadata');
  const raw = childOf(metadata, 'arXivRaw');
  const said = raw ?? childOf(metadata, 'arXiv');
  const dates = raw === undefined ? datesOf(said) : datesOfVersions(raw);
  const reading = toArxivFacts(
    {
      ids: [textOf(said, 'id'), textOf(header, 'identifier')],
      title: textOf(said, 'title'),
      abstract: textOf(said, 'abstract'),
      authors: raw === undefined ? authorsOf(said) : readAuthorNames(textOf(raw, 'authors') ?? ''),
      categories: textOf(said, 'categories')?.split(/\s+/) ?? [],
      licence: textOf(said, 'license'),
      comments: textOf(said, 'comments'),
      journalReference: textOf(said, 'journal-ref'),
      doi: textOf(said, 'doi'),
      ...dates,
    },
    position,
  );
  if (reading.kind === 'rejection') return reading;
  const changedAt = toPossible(readInstant(textOf(header, 'datestamp')));
  const record = {
    facts: reading.facts,
    submittedAt: dates.publishedAt,
    changedOn: changedAt && utcDayOf(changedAt),
  };
  return { kind: 'record', record };
}

type Dates = Pick<ArxivRecord, 'publishedAt' | 'version' | 'versionAt'>;

/** `arXiv` says when a paper was created, and does not number its versions. */
function datesOf(said: XmlNode | undefined): Dates {
  return { publishedAt: toPossible(readInstant(textOf(said, 'created'))) };
}

/** `arXivRaw` gives every version with its time. */
function datesOfVersions(raw: XmlNode): Dates {
  const versions = childrenOf(raw, 'version').flatMap((element) => {
    const number = /^v(\d{1,4})$/.exec(attributeOf(element, 'version') ?? '')?.[1];
    return number === undefined
      ? []
      : [{ number: Number(number), at: toPossible(readMailTime(textOf(element, 'date'))) }];
  });
  versions.sort((a, b) => a.number - b.number);
  const newest = versions.at(-1);
  return {
    publishedAt: versions.find(({ number }) => number === 1)?.at,
    version: newest?.number || undefined,
    versionAt: newest?.at,
  };
}

function authorsOf(said: XmlNode | undefined): readonly string[] {
  return childrenOf(childOf(said, 'authors'), 'author').flatMap(
    (author) =>
      joinName([textOf(author, 'forenames'), textOf(author, 'keyname'), textOf(author, 'suffix')]) ?? [],
  );
}
