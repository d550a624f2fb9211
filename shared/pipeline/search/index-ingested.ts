import { type PaperId, paperIdSchema } from '../../domain/papers/paper.ts';
import { jsonTextOf } from '../../domain/text/json-text.ts';
import * as z from '../../domain/zod.ts';
import type { PaperRepository, SourceStateRepository } from '../../ports/papers.ts';
import { type IndexPapersPorts, indexPapers } from '../archive/index-papers.ts';

export interface IndexIngestedPorts extends Pick<IndexPapersPorts, 'listings' | 'index'> {
  readonly papers: Pick<PaperRepository, 'loadMany'>;
  readonly sourceStates: SourceStateRepository;
}

/**
 * The maximum size of the remembered ids of a source: about 27,000 papers of arXiv, or 14,500 of feeds, whose ids are longer. A single run
 * brings fewer. If there are more, the first are dropped, and are indexed when their month is archived. An item of DynamoDB has 400 KB.
 */
const MAX_REMEMBERED_BYTES = 350_000;

/** Two quotation marks and a comma. */
const BYTES_AROUND_ID = 3;

/** How many papers are indexed at once. The remembered ids are saved after each batch, because a batch takes memory and time. */
const BATCH_SIZE = 1_000;

const rememberedSchema = jsonTextOf(z.array(paperIdSchema));

/**
 * Remembers the papers of a run until {@link indexRemembered} has put them into the index outside this process. Does nothing without such
 * an index. Call it before the source's state is saved: then papers are not missed if the run ends before they are indexed.
 *
 * A back-fill may run at the same time as the source's own run. If both save at once, the ids of one of them are lost. These papers are
 * indexed when their month is archived.
 */
export async function rememberUnindexed(
  { index, sourceStates }: IndexIngestedPorts,
  source: string,
  paperIds: Iterable<PaperId>,
): Promise<void> {
  if (!index) return;
  const remembered = await load(sourceStates, source);
  const all = [...new Set([...remembered, ...paperIds])];
  if (all.length > remembered.length) await save(sourceStates, source, lastThatFit(all));
}

/**
 * Puts the remembered papers of a source into the index, the oldest first. If the index fails or the signal comes, the next run goes on.
 *
 * @throws PaperIndexError if the index fails
 */
export async function indexRemembered(
  ports: IndexIngestedPorts,
  source: string,
  signal?: AbortSignal,
): Promise<void> {
  if (!ports.index) return;
  const remembered = await load(ports.sourceStates, source);
  for (let from = 0; from < remembered.length && !signal?.aborted; from += BATCH_SIZE) {
    const batch = remembered.slice(from, from + BATCH_SIZE);
    const papers = await ports.papers.loadMany(batch);
    await indexPapers(
      ports,
      papers.map((paper) => ({ paper, listings: [] })),
    );
    // Another run of the source may have added ids in the meantime.
    const done = new Set(batch);
    const left = (await load(ports.sourceStates, source)).filter((id) => !done.has(id));
    await save(ports.sourceStates, source, left);
  }
}

/** Returns the last ids that fit into {@link MAX_REMEMBERED_BYTES}. Their characters have one byte each. */
function lastThatFit(ids: readonly PaperId[]): readonly PaperId[] {
  let bytes = 0;
  const first = ids.findLastIndex((id) => {
    bytes += id.length + BYTES_AROUND_ID;
    return bytes > MAX_REMEMBERED_BYTES;
  });
  return ids.slice(first + 1);
}

const nameOf = (source: string) => `unindexed#${source}`;

async function load(states: SourceStateRepository, source: string): Promise<readonly PaperId[]> {
  const stored = await states.load(nameOf(source));
  return rememberedSchema.safeParse(stored?.cursor).data ?? [];
}

function save(states: SourceStateRepository, source: string, ids: readonly PaperId[]): Promise<void> {
  return states.save(nameOf(source), { cursor: JSON.stringify(ids), lists: {} });
}
