/**
 * Returns the candidate that was probably meant. That is the one with the fewest mistyped letters: at most one in a short word, two in a
 * longer one. Otherwise it is one that the typed word begins with. Undefined if there is none.
 */
export function findNearestOf<Name extends string>(
  typed: string,
  candidates: readonly Name[],
): Name | undefined {
  const most = typed.length < 5 ? 1 : 2;
  const distances = candidates.map((name) => [editDistance(typed, name.toLowerCase()), name] as const);
  const [distance, nearest] = distances.sort(([a], [b]) => a - b)[0] ?? [most + 1];
  // A longer form of a name means the name: `organisation`, `abstracts`, `codes`.
  const longer = candidates.find((name) => name.length > 2 && typed.startsWith(name.toLowerCase()));
  return distance <= most ? nearest : longer;
}

/** The maximum number of names that a message suggests. */
export const MAX_SUGGESTED = 3;

/**
 * Returns `Did you mean cs.CL or cs.CV?`, with the names that are nearest to what was typed.
 *
 * @param candidates at least one
 */
export function suggestNearest(typed: string, candidates: readonly string[]): string {
  return `Did you mean ${joinWithOr(findNearestNames(typed, candidates))}?`;
}

/** Returns the three names that are nearest to what was typed, or only one if that is clear. Capitals do not count. */
export function findNearestNames(typed: string, candidates: readonly string[]): readonly string[] {
  const text = typed.trim().toLowerCase();
  const byDistance = candidates
    .map((name) => [editDistance(text, name.toLowerCase()), name] as const)
    .sort(([a], [b]) => a - b);
  const isSure = byDistance[0]?.[0] === 0 || (byDistance[0]?.[0] === 1 && byDistance[1]?.[0] !== 1);
  return byDistance.slice(0, isSure ? 1 : MAX_SUGGESTED).map(([, name]) => name);
}

/** Returns `cs.CL, cs.CV or cs.LG`. */
export function joinWithOr(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), ...names.slice(-1)].filter(Boolean).join(' or ');
}

/** Returns how many letters to add, remove, replace or swap with a neighbour to turn one word into the other (optimal string alignment). */
export function editDistance(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let at = 1; at <= other.length; at += 1) {
      const isSame = one[row - 1] === other[at - 1];
      const isSwapped = one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1];
      current[at] = Math.min(
        (last[at] ?? 0) + 1,
        (current[at - 1] ?? 0) + 1,
        (last[at - 1] ?? 0) + Number(!isSame),
        isSwapped ? (beforeLast[at - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[other.length] ?? 0;
}
