import { type PaperId, paperIdSchema } from '../../domain/papers/paper.ts';

/** An id of arXiv, and the version if it was given. */
export interface ArxivId {
  readonly id: PaperId;
  readonly version?: number;
}

const IN_TEXT =
  /(?:^|[/:])(?<id>\d{4}\.\d{4,5}|(?<archive>[a-z]+(?:-[a-z]+)?)(?:\.[A-Za-z-]+)?(?:\/|%2[Ff])(?<number>\d{7}))(?:v(?<version>[1-9]\d{0,2}))?(?:\.pdf)?(?:[?#].*)?$/;

/** A longer text is no id. Looking for one in it would take long. */
const MAX_ID_CHARS = 2_000;

/**
 * Reads an arXiv id as arXiv writes it in its answers. Undefined if there is none.
 *
 * - `oai:arXiv.org:2604.21935v1` and `arXiv:2604.21935v1`
 * - `http://arxiv.org/abs/astro-ph/0601001v1` and `https://arxiv.org/pdf/2604.21935v2.pdf`
 * - `hep-ex/0307015`. An old id may name a subject, as in `math.GT/0309136`. Its addresses do without: `math/0309136`
 */
export function readArxivId(text: string): ArxivId | undefined {
  const groups = text.length > MAX_ID_CHARS ? undefined : IN_TEXT.exec(text.trim())?.groups;
  if (!groups) return undefined;
  const { archive, number, version } = groups;
  const { data: id } = paperIdSchema.safeParse(archive === undefined ? groups.id : `${archive}/${number}`);
  if (id === undefined) return undefined;
  return version === undefined ? { id } : { id, version: Number(version) };
}
