import { createHash } from 'node:crypto';
import * as z from 'zod';
import { allArxivCategoryTexts, expandArxivCategory } from '../../shared/domain/lists/arxiv-categories.ts';
import { feedNameSchema, type SourceName, sourceNames, sources } from '../../shared/domain/lists/lists.ts';
import { suggestNearest } from '../../shared/domain/text/nearest-name.ts';
import { minutesSchema } from './minutes.ts';

/** One or more categories of arXiv: `cs.CL`, `cs.*`. */
export const arxivCategoriesSchema = z.string().superRefine((text, context) => {
  if (expandArxivCategory(text)) return;
  const message = `expected a category of arXiv like "cs.CL", or all of an archive like "cs.*". ${suggestNearest(text, allArxivCategoryTexts())}`;
  context.addIssue({ code: 'custom', message });
});

const urlSchema = z.url({
  protocol: /^https?$/,
  error: 'expected an http or https address like "https://example.org/papers"',
});

/** The settings that every source has. */
const sourceSettings = (source: SourceName) => ({
  minutes: minutesSchema
    .default([...sources[source].minutes])
    .describe(
      'The minutes of every hour at which the source is read, in ascending order. The planner runs at 0, 15, 30 and 45 minutes, so read five minutes earlier.',
    ),
  url: urlSchema
    .optional()
    .describe('Another address with the same kind of answers. Default: the address of the source.'),
});

/** More feeds do not fit into the environment of a function. */
const MAX_FEEDS = 30;

const hfDailySettings = z.strictObject(sourceSettings('hf-daily'));

const arxivSettings = z.strictObject({
  categories: z
    .array(arxivCategoriesSchema)
    .min(1)
    .max(200)
    .describe(
      'The categories that are read, `["cs.CL", "stat.ML"]`, each a list of its own. `cs.*` means all categories of the subject `cs`, and `*` means all of arXiv.',
    ),
  ...sourceSettings('arxiv'),
});

const feedSettings = z.strictObject({
  feeds: z
    .record(feedNameSchema, urlSchema)
    .refine((feeds) => Object.keys(feeds).length > 0 && Object.keys(feeds).length <= MAX_FEEDS, {
      error: `expected 1 to ${MAX_FEEDS} feeds, each with its name and its URL`,
    })
    .describe(
      'The feeds that are read, `{ "Distill": "https://distill.pub/rss.xml" }`, each a list of its own. Readers see the name, with spaces for hyphens. If you rename a feed, it becomes a new list.',
    ),
  minutes: sourceSettings('feed').minutes,
});

/** The lists that a deployment reads, by source. */
export const listsSettings = z
  .strictObject(
    {
      'hf-daily': hfDailySettings
        .optional()
        .describe('Hugging Face Daily Papers. Default: read if no other source is named.'),
      arxiv: arxivSettings.optional().describe('The daily announcements of arXiv. Default: none.'),
      feed: feedSettings
        .optional()
        .describe(
          'RSS, Atom or JSON feeds of papers, such as those of journals and laboratories. Default: none.',
        ),
    } satisfies Record<SourceName, z.ZodType>,
    {
      error: ({ code }) =>
        code === 'invalid_type'
          ? 'expected an object with a setting for each source, such as {"arxiv":{"categories":["cs.CL"]}}'
          : undefined,
    },
  )
  .prefault({})
  .transform((lists) =>
    Object.keys(lists).length > 0 ? lists : { ...lists, 'hf-daily': hfDailySettings.parse({}) },
  );

export type ListsSettings = z.infer<typeof listsSettings>;

/** Returns the lists of each source, as the environment variable has them. The compiler asks for the line of a new source. */
const listTexts: {
  readonly [Name in SourceName]: (settings: NonNullable<ListsSettings[Name]>) => readonly string[];
} = {
  'hf-daily': () => ['hf-daily'],
  arxiv: ({ categories }) => categories.map((category) => `arxiv/${category}`),
  feed: ({ feeds }) => Object.keys(feeds).map((name) => `feed/${name}`),
};

/** Returns the lists of a deployment as their environment variable: `hf-daily,arxiv/cs.*,feed/Distill`. */
export function toListsText(lists: ListsSettings): string {
  return [...new Set(sourceNames.flatMap((name) => listTextsOf(name, lists)))].join(',');
}

function listTextsOf<Name extends SourceName>(name: Name, lists: ListsSettings): readonly string[] {
  const settings = lists[name];
  return settings ? listTexts[name](settings) : [];
}

/** Returns the URLs of the sources that the settings move, as JSON. Undefined if they move none. */
export function toUrlsText(lists: ListsSettings): string | undefined {
  const moved = sourceNames.flatMap((source) => {
    const settings = lists[source];
    return settings && 'url' in settings && settings.url !== undefined
      ? [[source, settings.url] as const]
      : [];
  });
  return moved.length > 0 ? JSON.stringify(Object.fromEntries(moved)) : undefined;
}

/** The longest value of an output. */
const MAX_OUTPUT_CHARS = 1000;

/** Returns the lists as an output of the stack, which the doctor compares with the settings. A long text becomes its digest. */
export function toListsOutput(lists: ListsSettings): string {
  const text = toListsText(lists);
  if (text.length <= MAX_OUTPUT_CHARS) return text;
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
