import { type PaperId, paperIdSchema } from '../../domain/paper.ts';
import * as z from '../../domain/zod.ts';
import { jsonTextOf } from '../../environment.ts';
import type { PaperRepository, SourceStateRepository } from '../../ports/papers.ts';
import { PaperIndexError } from '../../ports/search.ts';
import { type IndexPapersPorts, indexPapers } from '../archive/index-papers.ts';

export interface IndexIngestedPorts extends Pick<IndexPapersPorts, 'listings' | 'index'> {
  readonly papers: Pick<PaperRepository, 'loadMany'>;
  readonly sourceStates: SourceStateRepository;
}

/** How many papers are remembered while the index fails. Older ones are indexed when their month is archived. */
const MAX_REMEMBERED = 5_000;

const rememberedSchema = jsonTextOf(z.array(paperIdSchema));

/**
 * Puts the papers of a run into the index outside this process, if there is one. Adds those that earlier runs of the source could not put
 * there. If the index fails, all of them are remembered for the next run.
 *
 * @throws PaperIndexError if the index fails
 */
export async function indexIngested(
  ports: IndexIngestedPorts,
  source: string,
  paperIds: Iterable<PaperId>,
): Promise<void> {
  if (!ports.index) return;
  const name = `unindexed#${source}`;
  const stored = (await ports.sourceStates.load(name))?.cursor;
  const remembered = rememberedSchema.safeParse(stored).data ?? [];
  const due = [...new Set([...remembered, ...paperIds])];
  const remember = (ids: readonly PaperId[]) =>
    ports.sourceStates.save(name, { cursor: JSON.stringify(ids), lists: {} });
  try {
    const papers = await ports.papers.loadMany(due);
    await indexPapers(
      ports,
      papers.map((paper) => ({ paper, listings: [] })),
    );
  } catch (error) {
    if (error instanceof PaperIndexError) await remember(due.slice(-MAX_REMEMBERED));
    throw error;
  }
  if (remembered.length > 0) await remember([]);
}
