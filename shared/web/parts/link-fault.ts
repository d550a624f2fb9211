/** A link that leads to no page: nothing is there (404), or a parameter is invalid (400). */
export interface LinkFault {
  readonly status: 400 | 404;
  /** What is wrong, as a sentence. */
  readonly message: string;
  /** A link to a page that works. @default the newest papers */
  readonly link?: { readonly path: string; readonly text: string } | undefined;
}

/** Returns the message about an unknown order in a link. */
export function explainSorts(sorts: readonly string[]): string {
  return `The order in the link must be one of these: ${sorts.join(', ')}.`;
}
