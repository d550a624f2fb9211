import type { PaperFacts } from '../../domain/paper.ts';
import type { HttpAnswer } from '../../ports/http.ts';
import { readInstant } from '../iso-time.ts';
import { toPlainText } from '../plain-text.ts';
import type { ItemNote } from '../source.ts';
import { joinName } from './author-names.ts';
import { type FactsReading, reject, toArxivFacts } from './facts.ts';
import {
  attributeOf,
  childOf,
  childrenOf,
  parseXml,
  parseXmlLeniently,
  splitXml,
  textOf,
  type XmlNode,
} from './xml.ts';

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
    return reject(position, 'it is not well-formed XML');
  }
  const id = textOf(node, 'id');
  if (id?.includes('/api/errors')) {
    return { kind: 'error', what: toPlainText(textOf(node, 'summary') ?? '', 200) || 'without a reason' };
  }
  const primary = attributeOf(childOf(node, 'primary_category'), 'term');
  const categories = childrenOf(node, 'category').flatMap((one) => attributeOf(one, 'term') ?? []);
  return toArxivFacts(
    {
      ids: [id],
      title: textOf(node, 'title'),
      abstract: textOf(node, 'summary'),
      authors: childrenOf(node, 'author').flatMap((one) => joinName([textOf(one, 'name')]) ?? []),
      categories: primary === undefined ? categories : [primary, ...categories],
      comments: textOf(node, 'comment'),
      journalReference: textOf(node, 'journal_ref'),
      doi: textOf(node, 'doi'),
      publishedAt: readInstant(textOf(node, 'published')),
      versionAt: readInstant(textOf(node, 'updated')),
    },
    position,
  );
}
