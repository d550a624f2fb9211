import type { PaperFacts, PaperId } from '../../domain/papers/paper.ts';
import { readInstant } from '../../domain/time/iso-time.ts';
import { type HttpAnswer, HttpError } from '../../ports/http.ts';
import { joinName } from '../author-names.ts';
import { toPlainText } from '../plain-text.ts';
import { type ItemNote, type LookUpAnswer, type LookUpRequest, MAX_LOOKED_UP } from '../source.ts';
import {
  attributeOf,
  childOf,
  childrenOf,
  explainUnparsed,
  parseXml,
  parseXmlLeniently,
  splitXml,
  textOf,
  type XmlNode,
} from '../xml.ts';
import { type FactsReading, reject, toArxivFacts, toPossible } from './facts.ts';

/**
 * Asks for papers by their ids, in one request. A paper that arXiv does not know has no entry. The answers say nothing of licences.
 *
 * An answer without entries may have a total above zero, and arXiv may leave some out. Then nothing is known of the papers without an
 * entry. If it refuses the whole request because of one id, the answer names that id.
 */
export async function lookUp(base: URL, { ids, http, signal }: LookUpRequest): Promise<LookUpAnswer> {
  const url = new URL(base);
  url.searchParams.set('id_list', ids.join(','));
  url.searchParams.set('max_results', String(MAX_LOOKED_UP));
  const { papers, total, problem: fault, ...reading } = await fetchAnswer(url, http, signal);
  const left = total - reading.itemsRead;
  const problem = fault ?? (left > 0 ? `${left} of ${total} entries are missing` : undefined);
  return {
    lists: [],
    asked: describe(ids),
    corrections: [],
    saysNothingOfNewest: true,
    ...reading,
    items: papers.map((facts) => ({ facts, listings: [] })),
    problem,
    settled: problem === undefined ? ids : ids.filter((id) => isNamed(id, papers, problem)),
  };
}

function describe([first, ...others]: readonly PaperId[]): string {
  return others.length === 0 ? `paper ${first}` : `paper ${first} and ${others.length} more`;
}

/** Returns whether an answer with a problem has the entry of a paper, or refuses its id: `incorrect id format for 2613.00001`. */
function isNamed(id: PaperId, papers: readonly PaperFacts[], problem: string): boolean {
  return papers.some((paper) => paper.id === id) || problem.endsWith(` ${id}`);
}

async function fetchAnswer(
  url: URL,
  http: LookUpRequest['http'],
  signal: AbortSignal | undefined,
): Promise<QueryReading> {
  try {
    return parseQueryAnswer(await http.fetchText(url, signal));
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const received = parseQueryAnswer({ status: 200, body: error.received ?? '' });
    return { ...received, problem: error.message };
  }
}

export interface QueryReading {
  readonly itemsRead: number;
  readonly papers: readonly PaperFacts[];
  readonly rejections: readonly ItemNote[];
  /** How many results the query has, on all its pages. */
  readonly total: number;
  /** Why the answer is missing or cut short. */
  readonly problem?: string;
}

/**
 * Reads an answer of the query API. A bad entry costs itself, and a cut answer gives its complete entries.
 *
 * - An error comes as an entry with the title `Error`, with status 400 or 200.
 * - An answer without entries may have a total above zero. Then it is worth asking again.
 *
 * @see https://info.arxiv.org/help/api/user-manual.html
 */
export function parseQueryAnswer({ status, body }: HttpAnswer): QueryReading {
  const { elements, rest, isCut } = splitXml(body, 'entry');
  const head = parseXmlLeniently(rest);
  const total = Number(textOf(head, 'totalResults') ?? 0);
  const none = { itemsRead: 0, papers: [], rejections: [], total: 0 };
  const readings = elements.map(readEntry);
  const error = readings.find((reading) => reading.kind === 'error');
  if (error) return { ...none, problem: `error: ${error.what}` };
  if (status !== 200) return { ...none, problem: `HTTP ${status}; expected 200` };
  if (!/<(?:[\w.-]+:)?feed[\s>]/.test(rest)) return { ...none, problem: 'it is no feed' };
  return {
    itemsRead: readings.length,
    papers: readings.flatMap((reading) => (reading.kind === 'facts' ? [reading.facts] : [])),
    rejections: readings.flatMap((reading) => (reading.kind === 'rejection' ? [reading.rejection] : [])),
    total: Number.isSafeInteger(total) && total > 0 ? total : 0,
    ...(isCut && { problem: `it breaks off after ${elements.length} entries` }),
  };
}

function readEntry(
  xml: string,
  position: number,
): FactsReading | { readonly kind: 'error'; readonly what: string } {
  let node: XmlNode;
  try {
    node = parseXml(xml);
  } catch {
    return reject(position, explainUnparsed(xml));
  }
  const id = textOf(node, 'id');
  if (id?.includes('/api/errors')) {
    return { kind: 'error', what: toPlainText(textOf(node, 'summary') ?? '', 200) || 'without a reason' };
  }
  const primary = attributeOf(childOf(node, 'primary_category'), 'term');
  const categories = childrenOf(node, 'category').flatMap((element) => attributeOf(element, 'term') ?? []);
  return toArxivFacts(
    {
      ids: [id],
      title: textOf(node, 'title'),
      abstract: textOf(node, 'summary'),
      authors: childrenOf(node, 'author').flatMap((author) => joinName([textOf(author, 'name')]) ?? []),
      categories: primary === undefined ? categories : [primary, ...categories],
      comments: textOf(node, 'comment'),
      journalReference: textOf(node, 'journal_ref'),
      doi: textOf(node, 'doi'),
      publishedAt: toPossible(readInstant(textOf(node, 'published'))),
      versionAt: toPossible(readInstant(textOf(node, 'updated'))),
    },
    position,
  );
}
