/** Runs the queries of the benchmark on this engine, in a process of its own: `node engine-process.mjs <folder>`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseQuery } from '../../shared/matching/query/parse-query.ts';
import { openCorpus, type SearchCorpus } from '../../shared/matching/search/corpus.ts';
import { searchCorpus } from '../../shared/matching/search/search.ts';
import type { SearchPart } from '../../shared/matching/search/search-part.ts';
import { openSegment } from '../../shared/snapshots/segment.ts';
import { measureEngine } from './measure.ts';
import type { BenchQuery } from './query-mix.ts';
import { CHECKED_LIST } from './varied-papers.ts';

const [, , folder = '', checked = '0'] = process.argv;
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.part'))
  .sort();
/** Reading files is no part of the measurement: in production the bytes come from a table. */
const stored = files.map((name) => readFileSync(join(folder, name)));
const queries: readonly BenchQuery[] = JSON.parse(readFileSync(join(folder, 'queries.json'), 'utf8'));

await measureEngine({
  load() {
    const parts: SearchPart[] = [];
    // The new papers are opened first, as in the API, which has their snapshots before the segments of the archive.
    for (let bytes = stored.pop(); bytes; bytes = stored.pop()) parts.push(openSegment(bytes).part);
    return openCorpus(parts.reverse());
  },
  queries,
  checkedQueries: Number(checked),
  search: (corpus: SearchCorpus, { text, ...others }) =>
    searchCorpus(corpus, { ...others, query: parseQuery(text), limit: 20, withFacets: true }).total,
  check(corpus, { text }) {
    const request = { query: parseQuery(text), lists: [CHECKED_LIST], limit: 1, sort: 'date' } as const;
    const { total, totalWithAll } = searchCorpus(corpus, request);
    return totalWithAll < total ? null : total;
  },
  resultFile: join(folder, 'engine.result.json'),
});
