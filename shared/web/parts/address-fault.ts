/** An address that leads to no page: nothing is there (404), or a part of it cannot be read (400). */
export interface AddressFault {
  readonly status: 400 | 404;
  /** What is wrong, as a sentence. */
  readonly message: string;
  /** The best page to go on to. @default the newest papers */
  readonly way?: { readonly path: string; readonly text: string } | undefined;
}

/** Says which orders a page has, in answer to another one. */
export function explainSorts(sorts: readonly string[]): string {
  return `The order in the link must be one of these: ${sorts.join(', ')}.`;
}
