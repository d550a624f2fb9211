/** Returns the number that this share of the numbers is below: the median for 0.5. Of two in the middle it is the higher one. */
export function quantileOf(numbers: readonly number[], share: number): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * share)] ?? Number.NaN;
}

export function medianOf(numbers: readonly number[]): number {
  return quantileOf(numbers, 0.5);
}
