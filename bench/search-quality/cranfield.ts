import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A text of the collection, with its number in the judgements. */
interface CranfieldDocument {
  readonly number: number;
  readonly title: string;
  readonly abstract: string;
  readonly authors: readonly string[];
}

/** A question, and the grades of the documents that were judged for it. */
interface Question {
  readonly text: string;
  /** By the number of the document: 1 is a complete answer, 4 is of minimum interest. -1 and 5 are of no interest. */
  readonly grades: ReadonlyMap<number, number>;
}

export interface Collection {
  readonly documents: readonly CranfieldDocument[];
  readonly questions: readonly Question[];
}

/**
 * Reads a collection in the format of Cranfield: `cran.all.1400`, `cran.qry` and `cranqrel`.
 *
 * The judgements count questions from 1 in the order of `cran.qry`, whatever `.I` says there. A document without judgement is of no
 * interest. Questions without any judgement are left out.
 *
 * @throws Error if a file is missing, or has nothing in the format
 */
export async function readCollection(folder: string): Promise<Collection> {
  const [texts, queries, judged] = await Promise.all(
    ['cran.all.1400', 'cran.qry', 'cranqrel'].map((name) => readFile(join(folder, name), 'utf8')),
  );
  const grades = readGrades(judged ?? '');
  const documents = readRecords(texts ?? '').map((fields) => ({
    number: Number(fields.get('I')),
    title: fields.get('T') ?? '',
    abstract: fields.get('W') ?? '',
    authors: (fields.get('A') ?? '').split(/\band\b/).flatMap((name) => name.trim() || []),
  }));
  const questions = readRecords(queries ?? '').flatMap((fields, at) => {
    const ofQuestion = grades.get(at + 1);
    return ofQuestion ? [{ text: fields.get('W') ?? '', grades: ofQuestion }] : [];
  });
  if (documents.length === 0 || questions.length === 0)
    throw new Error(`expected records with .I and .W, and lines of question, document and grade`);
  return { documents, questions };
}

/** Returns the fields of each record by their letters. Text before the first `.I` belongs to none. */
function readRecords(text: string): readonly ReadonlyMap<string, string>[] {
  const records: Map<string, string>[] = [];
  let field = '';
  for (const line of text.split(/\r?\n/)) {
    const [, letter, value = ''] = /^\.([A-Z])(?:\s+(.*))?$/.exec(line) ?? [];
    if (letter === 'I') records.push(new Map());
    if (letter) field = letter;
    const record = records.at(-1);
    const before = record?.get(field) ?? '';
    record?.set(field, `${before} ${letter ? value : line}`.replace(/\s+/g, ' ').trim());
  }
  return records;
}

/** Returns the grades by question and document. The first grade of a pair counts. */
function readGrades(text: string): ReadonlyMap<number, ReadonlyMap<number, number>> {
  const grades = new Map<number, Map<number, number>>();
  for (const line of text.split(/\r?\n/)) {
    const [, question, document, grade] = /^\s*(\d+)\s+(\d+)\s+(-?\d+)\s*$/.exec(line) ?? [];
    if (question === undefined || document === undefined) continue;
    const ofQuestion = grades.get(Number(question)) ?? new Map<number, number>();
    grades.set(Number(question), ofQuestion);
    if (!ofQuestion.has(Number(document))) ofQuestion.set(Number(document), Number(grade));
  }
  return grades;
}
