import type { ListId } from '../domain/lists.ts';
import type { Fault } from './change-at-version.ts';

/**
 * What is wrong with lists that somebody wants to follow: those that no source reads.
 *
 * @param path where the lists stand in what was sent
 */
export function findListFaults(
  lists: readonly ListId[],
  known: readonly ListId[],
  path: readonly (string | number)[],
): readonly Fault[] {
  return lists.flatMap((list, position) =>
    known.includes(list)
      ? []
      : [{ path: [...path, position], message: `"${list}" is not read here: expected ${known.join(', ')}` }],
  );
}
