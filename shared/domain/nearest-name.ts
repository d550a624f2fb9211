/** Returns the candidate with the fewest mistyped letters: one in a short name, two in a longer one. */
export function findNearestOf<Name extends string>(
  typed: string,
  candidates: readonly Name[],
): Name | undefined {
  const most = typed.length < 5 ? 1 : 2;
  const distances = candidates.map((name) => [distanceOf(typed, name.toLowerCase()), name] as const);
  const [distance, nearest] = distances.sort(([a], [b]) => a - b)[0] ?? [most + 1];
  // A longer form of a name means the name: `organisation`, `abstracts`, `codes`.
  const longer = candidates.find((name) => name.length > 2 && typed.startsWith(name.toLowerCase()));
  return distance <= most ? nearest : longer;
}

/** How many names a message suggests at most. */
const MAX_SUGGESTED = 3;

/**
 * Returns `Did you mean cs.CL or cs.CV?`, with the three names that are nearest to what was typed. Capitals do not count.
 *
 * @param candidates at least one
 */
export function suggestNearest(typed: string, candidates: readonly string[]): string {
  const text = typed.trim().toLowerCase();
  const byDistance = candidates
    .map((name) => [distanceOf(text, name.toLowerCase()), name] as const)
    .sort(([a], [b]) => a - b);
  const nearest = byDistance.slice(0, MAX_SUGGESTED).map(([, name]) => name);
  const isSure = byDistance[0]?.[0] === 0 || (byDistance[0]?.[0] === 1 && byDistance[1]?.[0] !== 1);
  const named = isSure ? nearest.slice(0, 1) : nearest;
  return `Did you mean ${[named.slice(0, -1).join(', '), ...named.slice(-1)].filter(Boolean).join(' or ')}?`;
}

/** Returns how many letters to add, remove, replace or swap with a neighbour to turn one word into another. */
function distanceOf(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, n) => n);
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const isSame = from[i - 1] === to[j - 1];
      const isSwapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const options = [(last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (isSame ? 0 : 1)];
      if (isSwapped) options.push((beforeLast[j - 2] ?? 0) + 1);
      row.push(Math.min(...options));
    }
    beforeLast = last;
    last = row;
  }
  return last[to.length] ?? 0;
}
