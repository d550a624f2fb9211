import { type Name, parseName } from './names.ts';

/** Returns the words under which an author's name is indexed. A query means this author only if it has one of its keys among them. */
export function toAuthorKeys(author: string): readonly string[] {
  const keys = parseName(author).readings.flatMap(({ words, family, familyCore, whole }) => [
    ...words,
    family,
    familyCore,
    whole,
  ]);
  return [...new Set(keys)].filter((key) => key !== '');
}

/** Returns the words of which every author that a query means has one. Undefined if the query can mean any author. */
export function toQueryKeys({ readings }: Name): readonly string[] | undefined {
  // A part of a Chinese, Japanese or Korean name means every name that contains it.
  if (readings.some(({ whole }) => /\P{ASCII}/u.test(whole))) return undefined;
  return [...new Set(readings.flatMap(({ whole, family, familyCore }) => [whole, family, familyCore]))];
}
