import { addDays, type Instant, utcDayOf } from '../../shared/domain/time/time.ts';
import type { Archive, ArxivPaper, DatedPaper } from './archive.ts';
import { element, optional, XML_HEAD, type Xml } from './xml.ts';

/** Archives of the group `physics`. Every other archive is a group of its own. */
const PHYSICS: ReadonlySet<string> = new Set([
  ...['astro-ph', 'cond-mat', 'gr-qc', 'hep-ex', 'hep-lat', 'hep-ph', 'hep-th', 'math-ph'],
  ...['nlin', 'nucl-ex', 'nucl-th', 'physics', 'quant-ph'],
]);

const NAMESPACE = 'http://www.openarchives.org/OAI/2.0/';
const BASE_URL = 'http://oaipmh.arxiv.org/oai';
const PREFIXES = ['arXiv', 'arXivRaw'] as const;
const DEFAULT_LICENCE = 'http://arxiv.org/licenses/nonexclusive-distrib/1.0/';

type Prefix = (typeof PREFIXES)[number];

/** The selection of a `ListRecords` request, and how many records earlier pages had. */
interface Selection {
  readonly metadataPrefix: string | null;
  readonly set: string | null;
  readonly from: string | null;
  readonly until: string | null;
  readonly skip: number;
}

/**
 * Answers a request of OAI-PMH: `ListRecords` and `GetRecord`, in the formats `arXiv` and `arXivRaw`. Errors are bodies, as at
 * arXiv. A datestamp is the day of the last change. A resumption token is valid on its day.
 */
export function answerOai(archive: Archive, query: URLSearchParams, now: Instant, pageSize: number): Xml {
  const request = element('request', BASE_URL, Object.fromEntries(query));
  const answer = toAnswer(archive, query, now, pageSize);
  return (
    XML_HEAD +
    element('OAI-PMH', [element('responseDate', `${now.slice(0, 19)}Z`), request, answer], {
      xmlns: NAMESPACE,
      'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
      'xsi:schemaLocation': `${NAMESPACE} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd`,
    })
  );
}

function toAnswer(archive: Archive, query: URLSearchParams, now: Instant, pageSize: number): Xml {
  switch (query.get('verb')) {
    case 'ListRecords':
      return listRecords(archive, query, now, pageSize);
    case 'GetRecord':
      return getRecord(archive, query, now);
    default:
      return toError('badVerb', 'The verb provided in the request is illegal');
  }
}

function listRecords(archive: Archive, query: URLSearchParams, now: Instant, pageSize: number): Xml {
  const token = query.get('resumptionToken');
  const selection = token === null ? readSelection(query, 0) : readToken(token, now);
  if (!selection)
    return toError('badResumptionToken', 'The value of the resumptionToken argument is invalid');
  const prefix = PREFIXES.find((known) => known === selection.metadataPrefix);
  if (!prefix) return toError('cannotDisseminateFormat', 'The metadata format is not supported');
  if (![selection.from, selection.until].every((day) => day === null || /^\d{4}-\d{2}-\d{2}$/.test(day)))
    return toError('badArgument', 'The request has a date that is not a day');

  const records = archive.recordsAt(now).filter((record) => isIn(record, selection));
  const page = records.slice(selection.skip, selection.skip + pageSize);
  if (page.length === 0) return toError('noRecordsMatch', 'No records match the request');
  const next = selection.skip + page.length;
  const isPaged = records.length > pageSize;
  // The last page of several has a token without a text.
  const rest = next < records.length ? toToken({ ...selection, skip: next }, now) : '';
  return element('ListRecords', [
    ...page.map((record) => toRecord(record, prefix)),
    ...(isPaged ? [element('resumptionToken', rest)] : []),
  ]);
}

function getRecord(archive: Archive, query: URLSearchParams, now: Instant): Xml {
  const prefix = PREFIXES.find((known) => known === query.get('metadataPrefix'));
  if (!prefix) return toError('cannotDisseminateFormat', 'The metadata format is not supported');
  const found = archive.recordsAt(now).find(({ paper }) => toIdentifier(paper) === query.get('identifier'));
  if (!found) return toError('idDoesNotExist', 'The identifier is unknown');
  return element('GetRecord', [toRecord(found, prefix)]);
}

function isIn({ paper, day }: DatedPaper, { set, from, until }: Selection): boolean {
  if (from !== null && day < from) return false;
  if (until !== null && day > until) return false;
  return (
    set === null || toSets(paper).some((setOfPaper) => setOfPaper === set || setOfPaper.startsWith(`${set}:`))
  );
}

function readSelection(query: URLSearchParams, skip: number): Selection {
  const [metadataPrefix, set] = [query.get('metadataPrefix'), query.get('set')];
  return { metadataPrefix, set, from: query.get('from'), until: query.get('until'), skip };
}

/** A token repeats the request. So it needs escaping in XML and encoding in a URL. */
function toToken({ skip, ...asked }: Selection, now: Instant): string {
  const fields = { ...asked, skip: String(skip), expires: addDays(utcDayOf(now), 1) };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== null) query.set(name, value);
  return query.toString();
}

function readToken(token: string, now: Instant): Selection | undefined {
  const query = new URLSearchParams(token);
  const skip = Number(query.get('skip'));
  if (!(skip > 0) || utcDayOf(now) >= (query.get('expires') ?? '')) return undefined;
  return readSelection(query, skip);
}

function toRecord({ paper, day }: DatedPaper, prefix: Prefix): Xml {
  const header = element('header', [
    element('identifier', toIdentifier(paper)),
    element('datestamp', day),
    ...toSets(paper).map((set) => element('setSpec', set)),
  ]);
  const metadata = prefix === 'arXiv' ? toArxiv(paper) : toArxivRaw(paper);
  return element('record', [header, element('metadata', [metadata])]);
}

function toArxiv(paper: ArxivPaper): Xml {
  const [created, ...updates] = paper.versions;
  const authors = paper.authors.map((name) => {
    const [, forenames, keyname = name] = /^(.+) (\S+)$/.exec(name) ?? [];
    return element('author', [element('keyname', keyname), ...optional('forenames', forenames)]);
  });
  return element(
    'arXiv',
    [
      element('id', paper.id),
      element('created', utcDayOf(created)),
      ...updates.slice(-1).map((at) => element('updated', utcDayOf(at))),
      element('authors', authors),
      element('title', paper.title),
      element('categories', paper.categories.join(' ')),
      ...toDetails(paper),
    ],
    { xmlns: 'http://arxiv.org/OAI/arXiv/' },
  );
}

function toArxivRaw(paper: ArxivPaper): Xml {
  const versions = paper.versions.map((at, n) =>
    element('version', [element('date', new Date(at).toUTCString()), element('size', '10kb')], {
      version: `v${n + 1}`,
    }),
  );
  return element(
    'arXivRaw',
    [
      element('id', paper.id),
      element('submitter', paper.authors[0] ?? 'Unknown'),
      ...versions,
      element('title', paper.title),
      element('authors', paper.authors.join(', ')),
      element('categories', paper.categories.join(' ')),
      ...toDetails(paper),
    ],
    { xmlns: 'http://arxiv.org/OAI/arXivRaw/' },
  );
}

function toDetails(paper: ArxivPaper): readonly Xml[] {
  return [
    ...optional('comments', paper.comments),
    ...optional('journal-ref', paper.journalReference),
    ...optional('doi', paper.doi),
    element('license', paper.licence ?? DEFAULT_LICENCE),
    element('abstract', `  ${paper.abstract}\n`),
  ];
}

/** Returns the sets of a paper: `cs:cs:LG`, `physics:hep-th`. */
function toSets({ categories }: ArxivPaper): readonly string[] {
  return categories.map((category) => {
    const [archive = '', part] = category.split('.');
    const group = PHYSICS.has(archive) ? 'physics' : archive;
    return [group, archive, ...(part ? [part] : [])].join(':');
  });
}

function toIdentifier({ id }: ArxivPaper): string {
  return `oai:arXiv.org:${id}`;
}

function toError(code: string, message: string): Xml {
  return element('error', message, { code });
}
