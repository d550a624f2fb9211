import type { CsvFile } from '../../../cli/subscribers/csv.ts';

/** A file that is a text, read in pieces of the given number of characters. */
export function createTextFile(text: string, name = 'members.csv', pieceChars = 65_536): CsvFile {
  return { name, read: () => inPieces(text, pieceChars) };
}

/** A text as it comes from a disk. */
export async function* inPieces(text: string, pieceChars: number): AsyncGenerator<string> {
  for (let from = 0; from < text.length; from += pieceChars) yield text.slice(from, from + pieceChars);
}

/** All that comes, in order. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
