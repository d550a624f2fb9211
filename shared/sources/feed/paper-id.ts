import { createHash } from 'node:crypto';
import type { PaperId } from '../../domain/papers/paper.ts';
import { parseUrl } from '../../domain/text/parse-url.ts';
import { readArxivId } from '../arxiv/arxiv-id.ts';

/** What an item of a feed says of its identity. */
export interface PaperNames {
  /** The id on arXiv, without version. */
  readonly arxivId: PaperId | undefined;
  readonly doi: string | undefined;
}

/** The sites whose pages of a paper have its arXiv id in their address. */
const ARXIV_PAGES =
  /^(?:(?:www|export)\.)?(?:arxiv|alphaxiv)\.org\/(?:abs|pdf|html)\/|^huggingface\.co\/papers\//;

/** `arXiv:2501.12345`, `oai:arXiv.org:2501.12345v1` */
const ARXIV_NAME = /^(?:oai:)?arxiv(?:\.org)?:/i;

/** The DOIs that arXiv gives: `10.48550/arXiv.2501.12345`. */
const ARXIV_DOI = /^10\.48550\/arxiv\./i;

/**
 * Returns the id of arXiv and the DOI that an item names. The first text with one counts, so explicit identifiers come before links.
 * A DOI by arXiv is an id of arXiv, also beside the DOI of a journal.
 *
 * An address counts only as the address of the paper itself. An item that mentions a paper of arXiv in its text is another paper.
 */
export function findNames(texts: readonly string[]): PaperNames {
  const dois = texts.flatMap((text) => readDoi(text) ?? []);
  const ids = texts.flatMap((text) => readId(text) ?? []);
  const ofArxiv = dois.find(isArxivDoi);
  return {
    arxivId: ids[0] ?? (ofArxiv && readArxivId(ofArxiv.replace(ARXIV_DOI, 'arXiv:'))?.id),
    doi: dois.find((doi) => !isArxivDoi(doi)) ?? ofArxiv,
  };
}

/** Returns whether arXiv gave a DOI. It has the id of the paper. */
export function isArxivDoi(doi: string | undefined): doi is string {
  return doi !== undefined && ARXIV_DOI.test(doi);
}

function readId(text: string): PaperId | undefined {
  if (ARXIV_NAME.test(text)) return readArxivId(text)?.id;
  const url = parseUrl(text);
  const page = url && `${url.hostname}${url.pathname}`.replace(/\/+$/, '');
  return page !== undefined && ARXIV_PAGES.test(page) ? readArxivId(page)?.id : undefined;
}

/** A longer text is no identifier. It also bounds the search for a DOI. */
const MAX_IDENTIFIER_CHARS = 2_000;

/** A DOI within a text: `doi:10.1000/182`, `https://doi.org/10.1000/182`, `https://example.org/doi/abs/10.1000/182?af=R`. */
const DOI = /(?<![\w.])10\.\d{4,9}(?:\.\d+)*\/[^\s"<>{}|\\^`]+/;

/** What addresses add to a DOI: a version, the form of the text, a query. */
const AFTER_DOI =
  /(?:[?#&].*|\/(?:abstract|full|pdf|epdf|html|meta|references)|\.(?:abstract|full|pdf|html|short))+$/i;

function readDoi(text: string): string | undefined {
  if (text.length > MAX_IDENTIFIER_CHARS) return undefined;
  const isAddress = /^https?:/i.test(text);
  const [found = ''] = DOI.exec(isAddress ? decode(text) : text) ?? [];
  const doi = isAddress ? found.replace(AFTER_DOI, '').replace(BIORXIV_VERSION, '$1') : found;
  return doi.replace(/[\]).,;:'/]+$/, '') || undefined;
}

/** The addresses of bioRxiv and medRxiv add the version: `10.1101/2026.01.05.123456v1`. */
const BIORXIV_VERSION = /^(10\.(?:1101|64898)\/.*\d)v\d+$/;

function decode(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch (error) {
    if (error instanceof URIError) return address;
    throw error;
  }
}

/**
 * Returns the id of a paper that is not on arXiv: `feed-` and the start of the SHA-256 of its DOI in small letters. Without a DOI, that
 * of its address. It is the same for addresses that differ only in what {@link toAddressKey} leaves out.
 */
export function toFeedId(doi: string | undefined, pageUrl: string): PaperId {
  const key = doi === undefined ? toAddressKey(pageUrl) : `doi:${doi.toLowerCase()}`;
  return `feed-${createHash('sha256').update(key).digest('hex').slice(0, ID_DIGITS)}`;
}

const ID_DIGITS = 16;

/** Parameters that say where a reader comes from. */
const TRACKING = /^(?:utm_\w+|fbclid|gclid|mc_[ce]id|rss|af)$/i;

/** Returns an address without scheme, `www.`, tracking parameters, fragment and a slash at its end. */
function toAddressKey(address: string): string {
  const url = new URL(address);
  for (const name of [...url.searchParams.keys()]) if (TRACKING.test(name)) url.searchParams.delete(name);
  return `${url.host.replace(/^www\./, '')}${url.pathname.replace(/\/+$/, '')}${url.search}`;
}
