import * as z from 'zod';
import { findDaysOf } from '../../domain/cadence.ts';
import { paperIdSchema, paperSchema } from '../../domain/paper.ts';
import { MAX_QUERY_LENGTH } from '../../matching/query/parse-query.ts';
import { querySchema as enteredQuerySchema } from '../../matching/query/query-schema.ts';
import { DEFAULT_SEARCH_SORT, MAX_SEARCH_LIMIT, searchSorts } from '../../ports/search.ts';
import { examples } from './examples.ts';
import { reasonSchema } from './reasons.ts';

const { abstract, authors, authorCount, categories, publishedAt, upvotes, comments, stars } =
  paperSchema.shape;

/** The id of a paper in the path. */
export const paperIdParam = paperIdSchema.meta({
  description:
    'An arXiv id without its version, or an id such as `feed-0123456789abcdef` for a paper that is not on arXiv. The slash of an old arXiv id may be encoded: `hep-ex%2F0307015`.',
  examples: [examples.paper.id],
});

/** A paper in an answer. */
export const paperViewSchema = z
  .object({
    id: z.string(),
    title: z.string().describe('May have TeX, such as `$O(n)$`.'),
    abstract: abstract.describe('Empty if no source gives it. May have TeX.'),
    authors: authors.describe('In the order of the paper, at most 200.'),
    authorCount,
    organisation: z.string().optional(),
    categories: categories.describe('Categories of arXiv, such as `cs.CL`.'),
    publishedAt: publishedAt.describe(
      'When it appeared on arXiv. For a paper of a feed, the date that the feed gives.',
    ),
    listedOn: z.iso.date().describe('The newest day on which a list had it.').optional(),
    lists: z.array(z.string()).describe('The ids of the lists that it was on.'),
    upvotes: upvotes.describe('Missing if no list that has it counts votes.').optional(),
    comments: comments.describe('Missing if no list that has it counts comments.').optional(),
    stars: stars.describe('Stars of the repository.'),
    urls: z.object({
      page: z.url().describe('Its page here.'),
      original: z
        .url()
        .describe('Its page where it was published: on arXiv, or the one that its feed gives.')
        .optional(),
      arxiv: z.url().describe('Missing if it is not on arXiv.').optional(),
      pdf: z.url().describe('Missing if it is not on arXiv.').optional(),
      huggingFace: z.url().describe('Missing unless we know that Hugging Face has it.').optional(),
      repository: z.url().optional(),
      project: z.url().optional(),
    }),
    version: z.int().describe('The newest version on arXiv.').optional(),
    versions: z
      .array(z.object({ version: z.int(), at: z.iso.datetime() }))
      .describe('The versions whose dates are known. Only in the answer for one paper.')
      .optional(),
    note: z
      .string()
      .describe('What the authors say: `10 pages, 3 figures`. Only in the answer for one paper.')
      .optional(),
    journalReference: z.string().describe('Only in the answer for one paper.').optional(),
    doi: z.string().describe('Only in the answer for one paper.').optional(),
    licence: z.url().describe('The page of its licence. Only in the answer for one paper.').optional(),
    aiSummary: z.string().describe('A short summary, written by a model.').optional(),
    aiKeywords: z.array(z.string()),
    reasons: z.array(reasonSchema).describe('Why it matches the query. Missing without one.').optional(),
  })
  .meta({ examples: [examples.paper] });

export type PaperView = z.infer<typeof paperViewSchema>;

const nextSchema = z.string().describe('The `cursor` of the next page. Missing on the last page.').optional();
const totalSchema = z.int().describe('How many papers there are on all pages.');

/** A page of papers. */
export const papersSchema = z
  .object({ papers: z.array(paperViewSchema), total: totalSchema, next: nextSchema })
  .meta({ examples: [examples.papers] });

const facetSchema = z.array(z.object({ value: z.string(), count: z.int() }));

/** A page of search results. */
export const searchResultsSchema = z
  .object({
    papers: z.array(paperViewSchema),
    total: totalSchema,
    next: nextSchema,
    corrected: z
      .string()
      .describe('The query that was used instead, because a word of the given one is in no paper.')
      .optional(),
    isRelaxed: z
      .boolean()
      .describe('Too few papers have all words of the query, so papers with most of them follow.'),
    facets: z
      .object({
        lists: facetSchema.describe('The lists that are read here.'),
        organisations: facetSchema,
        months: facetSchema,
        withCode: z.int(),
        withProject: z.int(),
      })
      .describe('How many of the papers have each value.')
      .optional(),
  })
  .meta({ examples: [examples.searchResults] });

/** Papers without further pages. */
export const somePapersSchema = z
  .object({ papers: z.array(paperViewSchema) })
  .meta({ examples: [examples.somePapers] });

const listStates = ['fresh', 'quiet', 'partial', 'stale', 'broken'] as const;
const stateSchema = z
  .enum(listStates)
  .describe(
    '`fresh`: new papers came. `quiet`: none came, and none were due. `partial`: its newest day could not be read completely. `stale`: papers are due and have not come. `broken`: it cannot be read.',
  );
const newestDaySchema = z.iso
  .date()
  .describe('The newest day with papers. Missing if the last month has none.')
  .optional();

/** A list that readers can follow. */
export const listSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().describe('What the list has, as a sentence.'),
    archive: z
      .object({ id: z.string(), name: z.string() })
      .describe('The archive of arXiv. Missing if the list is no category of arXiv.')
      .optional(),
    category: z
      .object({
        id: z.string(),
        name: z.string(),
        alias: z.string().describe('The other id of the same category.').optional(),
      })
      .describe('The category of arXiv. Missing if the list is none.')
      .optional(),
    url: z.url().describe('The page of the list on its own site. Missing for a feed.').optional(),
    calendar: z
      .object({
        timeZone: z.string(),
        weekdays: z
          .array(z.int().min(1).max(7))
          .describe('The weekdays with papers, 1 for Monday. Empty if papers come irregularly.'),
        dueHour: z.int().min(0).max(23).describe('The local hour by which the papers of a day are due.'),
      })
      .describe('When papers come.'),
    source: z
      .string()
      .describe(
        'The outside system that the list comes from, such as `arxiv`. A source can have many lists.',
      ),
    state: stateSchema,
    newestDay: newestDaySchema,
  })
  .meta({ examples: [examples.list] });

/** One day of a list. */
const daySchema = z.object({
  day: z.iso.date(),
  state: z
    .enum(['came', 'late', 'partial', 'unread', 'missing', 'awaited', 'holiday'])
    .describe(
      '`came`: its papers came. `late`: they came after they were due. `partial`: some may be missing. `unread`: the list could not be read. `missing`: papers were due and did not come. `awaited`: they are due later today. `holiday`: none were due.',
    ),
  papers: z.int().nonnegative(),
  holiday: z.string().describe('The name of the holiday.').optional(),
});

/** Whether the lists can be read at the moment. */
export const statusSchema = z
  .object({
    overall: z
      .enum(['ok', 'late', 'down'])
      .describe(
        '`ok`: no papers are missing. `late`: papers of a list may be missing. `down`: no list can be read.',
      ),
    lists: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        state: stateSchema,
        lastReadAt: z.iso.datetime().describe('When it was last read without an error.').optional(),
        lastNewPaperAt: z.iso.datetime().describe('When a new paper was last found.').optional(),
        newestDay: newestDaySchema,
        overdueSince: z.iso.datetime().describe('When papers were due that have not come.').optional(),
        nextDueAt: z.iso
          .datetime()
          .describe('When papers are due next. Missing if they come irregularly.')
          .optional(),
        days: z
          .array(daySchema)
          .describe(
            'The last thirty days, oldest first, in the zone of the list. Days on which nothing was due and nothing came are left out.',
          ),
      }),
    ),
  })
  .meta({ examples: [examples.status] });

/** How many papers an answer has if the request does not say. */
const DEFAULT_LIMIT = 20;

const RANGE = `expected a whole number from 1 to ${MAX_SEARCH_LIMIT}`;

const listParameter = z
  .array(z.string().max(40))
  .max(100)
  .default([])
  .meta({ description: 'The id of a list. Repeat the parameter for several. Without it: every list.' });
const limitParameter = z
  .string()
  .regex(/^\d{1,3}$/, RANGE)
  .transform(Number)
  .pipe(z.int().min(1, RANGE).max(MAX_SEARCH_LIMIT, RANGE))
  .default(DEFAULT_LIMIT)
  .describe('The most papers in the answer.');
const cursorParameter = z
  .string()
  .max(400)
  .optional()
  .describe('The `next` of the page before, with otherwise the same parameters.');
const periodParameter = (noun: string, example: string, description: string) =>
  z
    .string()
    .refine(
      (text) => text.length === example.length && findDaysOf(text) !== undefined,
      `expected ${noun} such as ${example}`,
    )
    .optional()
    .meta({ description, examples: [example] });

const booleanParameter = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .pipe(z.boolean())
  .default(false);

const queryParameter = z
  .string()
  .trim()
  .pipe(enteredQuerySchema)
  .default('')
  .meta({
    description:
      'Words, "phrases" and fields such as `author:`, in the query language of subscriptions. Empty for every paper.',
    maxLength: MAX_QUERY_LENGTH,
    examples: ['agents'],
  });

export const listPapersQuery = z.strictObject({
  list: listParameter,
  day: periodParameter('a day', '2026-01-05', 'The day on which a list had the papers.'),
  week: periodParameter('an ISO week', '2026-W02', 'An ISO week instead of a day.'),
  month: periodParameter('a month', '2026-01', 'A month instead of a day.'),
  sort: z
    .enum(['date', 'votes'])
    .default('date')
    .describe('`date`: the newest listing first. `votes`: most upvotes first.'),
  limit: limitParameter,
  cursor: cursorParameter,
});

export const trendingQuery = z.strictObject({ list: listParameter, limit: limitParameter });

export const searchQuery = z.strictObject({
  q: queryParameter,
  list: listParameter,
  month: listPapersQuery.shape.month.describe('The month in which a list had the papers.'),
  sort: z.enum(searchSorts).default(DEFAULT_SEARCH_SORT).describe('How the papers are sorted.'),
  verbatim: booleanParameter.describe('Whether words are neither corrected nor left out.'),
  facets: booleanParameter.describe('Whether to count the papers of each list, organisation and month.'),
  limit: limitParameter,
  cursor: cursorParameter,
});

export const similarQuery = z.strictObject({ limit: limitParameter });
