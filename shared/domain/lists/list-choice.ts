import { suggestNearest } from '../text/nearest-name.ts';
import { toArxivCategoryId } from './arxiv-categories.ts';
import type { ListId } from './lists.ts';

/** A message names all lists of a deployment if there are at most this many. */
export const FEW_LISTS = 4;

/**
 * Returns the list of an id. A category of arXiv has one list, whichever of its two ids is given. Undefined if the deployment does not
 * read it.
 *
 * @param known the lists of the deployment
 */
export function findChosenList(id: string, known: readonly ListId[]): ListId | undefined {
  const [source = '', category] = id.split('/');
  const list = source === 'arxiv' && category !== undefined ? `arxiv/${toArxivCategoryId(category)}` : id;
  return known.includes(list) ? list : undefined;
}

/** Returns the lists of the given ids, each once. An unknown id stays as it is. */
export function chooseLists(ids: readonly string[], known: readonly ListId[]): readonly string[] {
  return [...new Set(ids.map((id) => findChosenList(id, known) ?? id))];
}

/** Says that a deployment does not read a list, and which one was probably meant. */
export function explainUnknownList(id: string, known: readonly ListId[]): string {
  const lists =
    known.length <= FEW_LISTS ? `The lists here: ${known.join(', ')}.` : suggestNearest(id, known);
  return `${JSON.stringify(id)} is not a list here. ${lists}`;
}

/**
 * Returns a fault for each id that is not a list of this deployment, where it occurs first. A category of arXiv may have two ids.
 *
 * @param path the path of the lists in the request
 * @param kept lists that need not be read any more, because the subscriber follows them already
 */
export function findListFaults(
  ids: readonly string[],
  known: readonly ListId[],
  path: readonly (string | number)[],
  kept: readonly ListId[] = [],
): readonly { readonly path: readonly (string | number)[]; readonly message: string }[] {
  return ids.flatMap((id, index) =>
    kept.includes(id) || findChosenList(id, known) !== undefined || ids.indexOf(id) < index
      ? []
      : [{ path: [...path, index], message: explainUnknownList(id, known) }],
  );
}
