/** Writes papers and queries of `npm run bench:match` for Lucene: `write-input.ts <target> <queries> [folder]`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toReadableTex } from '../../../shared/domain/text/readable-tex.ts';
import { createQueryStream } from '../query-stream.ts';
import { DEFAULT_FOLDER, readRecordedDays } from '../recorded-days.ts';

const PAPERS = 1_000;

const [target = '', queries = '', folder = DEFAULT_FOLDER] = process.argv.slice(2);
const days = await readRecordedDays(folder, PAPERS);
const papers = days.flatMap((day) => day.papers);
const toLine = (...texts: readonly string[]) =>
  texts.map((text) => toReadableTex(text).replace(/\s+/g, ' ')).join('\t');
await mkdir(target, { recursive: true });
await writeFile(
  join(target, 'papers.tsv'),
  papers
    .map(({ title, abstract, aiKeywords }) => `${toLine(title, abstract, aiKeywords.join(', '))}\n`)
    .join(''),
);
const stream = createQueryStream(papers, 1);
await writeFile(
  join(target, 'queries.txt'),
  Array.from({ length: Number(queries) }, () => `${stream()}\n`).join(''),
);
