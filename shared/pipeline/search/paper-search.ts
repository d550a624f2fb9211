import type { Paper, PaperId } from '../../domain/papers/paper.ts';
import { listingsOf } from '../../matching/search/corpus.ts';
import { searchCorpus } from '../../matching/search/search.ts';
import { findSimilar } from '../../matching/search/similar.ts';
import type { PaperRepository } from '../../ports/papers.ts';
import type { PaperSearch } from '../../ports/search.ts';
import { type CorpusPorts, type KeptCorpus, keepCorpus } from './keep-corpus.ts';

export interface PaperSearchPorts extends CorpusPorts {
  readonly papers: Pick<PaperRepository, 'loadMany'>;
}

/**
 * Creates the search within this process. The corpus is in memory, without the texts of archived papers. Those of the hits come from the
 * table. A hit that cannot be loaded is left out and reported.
 */
export function createPaperSearch(ports: PaperSearchPorts): PaperSearch {
  const loadCorpus = keepCorpus(ports);
  const reported = new Set<PaperId>();

  const loadPapers = async (ids: readonly PaperId[], { recent }: KeptCorpus) => {
    const older = ids.filter((id) => !recent.has(id));
    const stored = older.length > 0 ? await ports.papers.loadMany(older) : [];
    const byId = new Map(stored.map((paper) => [paper.id, paper]));
    const find = (id: PaperId): Paper | undefined => recent.get(id) ?? byId.get(id);
    for (const paperId of ids.filter((id) => !find(id) && !reported.has(id))) {
      reported.add(paperId);
      ports.telemetry.error('A paper that a search found cannot be loaded', { paperId });
      ports.telemetry.count('RecordsUnreadable', 1);
    }
    return find;
  };

  return {
    async search(request) {
      const kept = await loadCorpus();
      const { hits, ...answer } = searchCorpus(kept.corpus, request);
      const find = await loadPapers(
        hits.map(({ id }) => id),
        kept,
      );
      const found = hits.flatMap(({ id, ...hit }) => {
        const paper = find(id);
        return paper ? [{ ...hit, paper }] : [];
      });
      return { ...answer, hits: found };
    },

    async similar(id, limit) {
      const kept = await loadCorpus();
      const ids = findSimilar(kept.corpus, id, limit);
      const find = await loadPapers(ids, kept);
      return ids.flatMap((found) => find(found) ?? []);
    },

    async findRecent(id) {
      const { corpus, recent } = await loadCorpus();
      const paper = recent.get(id);
      const number = corpus.numberOf.get(id);
      return paper && number !== undefined ? { paper, listings: listingsOf(corpus, number) } : undefined;
    },
  };
}
