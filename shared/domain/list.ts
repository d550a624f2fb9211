import * as z from 'zod';

/**
 * The id of a list that a subscriber can follow: a source's name, and behind a slash its part where it has several:
 * `hf-daily`, `arxiv/cs.CL`.
 */
export const listIdSchema = z
  .string()
  .max(40)
  .regex(
    /^[a-z]+(-[a-z]+)*(\/[A-Za-z-]+(\.[A-Za-z-]+)?)?$/,
    'a list is written like "hf-daily" or "arxiv/cs.CL"',
  );

export type ListId = z.infer<typeof listIdSchema>;

/** The list's name for a reader: `Hugging Face Daily Papers`, `arXiv cs.CL`. */
export function toListName(list: ListId): string {
  if (list === 'hf-daily') return 'Hugging Face Daily Papers';
  const [source, part] = list.split('/');
  return source === 'arxiv' && part ? `arXiv ${part}` : list;
}
