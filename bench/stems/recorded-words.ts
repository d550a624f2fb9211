import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { toReadableTex } from '../../shared/domain/text/readable-tex.ts';
import { foldWord } from '../../shared/matching/text/fold-word.ts';

/** Returns the texts of the recorded papers: titles, abstracts and keywords. Empty without the folders `hf` and `arxiv`. */
export async function readPapers(folder: string): Promise<readonly string[]> {
  return [...(await readHf(join(folder, 'hf'))), ...(await readArxiv(join(folder, 'arxiv')))];
}

/** Returns the abstracts of the Cranfield collection as one text. Empty if there is no copy. */
export function readCranfield(folder: string): Promise<string> {
  return readFile(join(folder, 'cranfield', 'cran.all.1400'), 'utf8').catch(() => '');
}

/** Returns the English words of a text, folded. Words with a digit or sign have no plural to judge. */
export function readWords(text: string): readonly string[] {
  return toReadableTex(text)
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .flatMap(foldWord)
    .filter((word) => /^[a-z]+$/.test(word));
}

const hfSchema = z.array(
  z.looseObject({
    paper: z.looseObject({
      id: z.string(),
      title: z.string(),
      summary: z.string(),
      ai_keywords: z.array(z.string()).optional(),
    }),
  }),
);

async function readHf(folder: string): Promise<readonly string[]> {
  const papers = new Map<string, string>();
  for (const value of await readJson(folder, /^\d{4}-.*\.json$/)) {
    for (const { paper } of hfSchema.parse(value))
      papers.set(paper.id, [paper.title, paper.summary, ...(paper.ai_keywords ?? [])].join('\n'));
  }
  return [...papers.values()];
}

const arxivSchema = z.array(z.looseObject({ title: z.string(), abstract: z.string() }));

async function readArxiv(folder: string): Promise<readonly string[]> {
  const values = await readJson(folder, /^feed_.*\.json$/);
  const lists = values.flatMap((value) => (Array.isArray(value) ? [value] : Object.values(value as object)));
  const papers = lists.flatMap((list) => arxivSchema.safeParse(list).data ?? []);
  return [...new Set(papers.map(({ title, abstract }) => `${title}\n${abstract}`))];
}

async function readJson(folder: string, names: RegExp): Promise<readonly unknown[]> {
  const files = (await readdir(folder).catch(() => [])).filter((name) => names.test(name));
  return Promise.all(
    files.map(async (name): Promise<unknown> => JSON.parse(await readFile(join(folder, name), 'utf8'))),
  );
}
