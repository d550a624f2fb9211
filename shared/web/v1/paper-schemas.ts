import { MAX_VOTE_COUNTS, paperIdSchema, paperSchema } from '../../domain/papers/paper.ts';
import { daySchema } from '../../domain/time/time-schemas.ts';
import * as z from '../../domain/zod.ts';
import { examples } from './examples.ts';
import { reasonSchema } from './reasons.ts';

const { abstract, authors, authorCount, categories, publishedAt, upvotes, comments, stars } =
  paperSchema.shape;

/** The id of a paper in the path. */
export const paperIdParam = paperIdSchema.check(
  z.meta({
    description:
      'An arXiv id without its version, or an id such as `feed-0123456789abcdef` for a paper that is not on arXiv. The slash of an old arXiv id may be encoded: `hep-ex%2F0307015`.',
    examples: [examples.paperId],
  }),
);

/** A paper in an answer. */
export const paperViewSchema = z
  .object({
    id: z.string(),
    title: z.string().check(z.describe('May have TeX, such as `$O(n)$`.')),
    abstract: abstract.check(z.describe('Empty if no source gives it. May have TeX.')),
    authors: authors.check(z.describe('In the order of the paper, at most 200.')),
    authorCount,
    organisation: z.optional(z.string()),
    categories: categories.check(z.describe('Categories of arXiv, such as `cs.CL`.')),
    publishedAt: publishedAt.check(
      z.describe('When it appeared on arXiv. For a paper of a feed, the date that the feed gives.'),
    ),
    listedOn: z.optional(daySchema.check(z.describe('The newest day on which a list had it.'))),
    lists: z.array(z.string()).check(z.describe('The ids of the lists that it was on.')),
    upvotes: z.optional(upvotes.check(z.describe('Missing if no list that has it counts votes.'))),
    comments: z.optional(comments.check(z.describe('Missing if no list that has it counts comments.'))),
    stars: stars.check(z.describe('Stars of the repository.')),
    urls: z.object({
      page: z.url().check(z.describe('Its page here.')),
      original: z.optional(
        z
          .url()
          .check(z.describe('Its page where it was published: on arXiv, or the one that its feed gives.')),
      ),
      arxiv: z.optional(z.url().check(z.describe('Missing if it is not on arXiv.'))),
      pdf: z.optional(z.url().check(z.describe('Missing if it is not on arXiv.'))),
      huggingFace: z.optional(z.url().check(z.describe('Missing unless we know that Hugging Face has it.'))),
      repository: z.optional(z.url()),
      project: z.optional(z.url()),
    }),
    version: z.optional(z.int().check(z.describe('The newest version on arXiv.'))),
    aiSummary: z.optional(z.string().check(z.describe('A short summary, written by a model.'))),
    aiKeywords: z.array(z.string()),
    reasons: z.optional(
      z.array(reasonSchema).check(z.describe('Why it matches the query. Missing without one.')),
    ),
  })
  .check(z.meta({ examples: [examples.paper] }));

export type PaperView = z.infer<typeof paperViewSchema>;

/** The answer for one paper. It also has what would make a page of papers large. */
export const onePaperSchema = z
  .object({
    ...paperViewSchema.shape,
    listings: z
      .array(z.object({ list: z.string(), days: z.array(daySchema) }))
      .check(
        z.describe(
          'Each list that it was on, with the days, the newest first. No days if they are unknown, as for some papers of earlier releases.',
        ),
      ),
    versions: z.optional(
      z
        .array(z.object({ version: z.int(), at: z.iso.datetime() }))
        .check(z.describe('The versions on arXiv whose dates are known, oldest first.')),
    ),
    voteCounts: z
      .array(z.object({ at: z.iso.datetime(), upvotes, comments }))
      .check(
        z.describe(
          `Its last counts of votes and comments, oldest first, at most ${MAX_VOTE_COUNTS}. Each differs from the one before. Empty if no list that has it counts votes.`,
        ),
      ),
    note: z.optional(z.string().check(z.describe('What the authors remark on arXiv, such as `10 pages`.'))),
    journalReference: z.optional(z.string()),
    doi: z.optional(z.string()),
    licence: z.optional(z.url().check(z.describe('The page of its licence.'))),
  })
  .check(z.meta({ examples: [examples.onePaper] }));

export type OnePaperView = z.infer<typeof onePaperSchema>;

const nextSchema = z.optional(
  z.string().check(z.describe('The `cursor` of the next page. Missing on the last page.')),
);
const totalSchema = z.int().check(z.describe('How many papers there are on all pages.'));

/** A page of papers. */
export const papersSchema = z
  .object({ papers: z.array(paperViewSchema), total: totalSchema, next: nextSchema })
  .check(z.meta({ examples: [examples.papers] }));

const facetSchema = z.array(z.object({ value: z.string(), count: z.int() }));

export const adviceSchema = z
  .optional(z.array(z.string()))
  .check(z.describe('Advice, if the query may be a mistake.'));

/** A page of search results. */
export const searchResultsSchema = z
  .object({
    papers: z.array(paperViewSchema),
    total: totalSchema,
    next: nextSchema,
    corrected: z.optional(
      z
        .string()
        .check(
          z.describe('The query that was used instead, because a word of the given one is in no paper.'),
        ),
    ),
    isRelaxed: z
      .boolean()
      .check(z.describe('Too few papers have all words of the query, so papers with some of them follow.')),
    advice: adviceSchema,
    facets: z.optional(
      z
        .object({
          lists: facetSchema.check(z.describe('The lists that are read here.')),
          organisations: facetSchema,
          months: facetSchema,
          withCode: z.int(),
          withProject: z.int(),
        })
        .check(z.describe('How many of the papers have each value.')),
    ),
  })
  .check(z.meta({ examples: [examples.searchResults] }));

/** Papers without further pages. */
export const somePapersSchema = z
  .object({ papers: z.array(paperViewSchema) })
  .check(z.meta({ examples: [examples.somePapers] }));

const listStates = ['fresh', 'quiet', 'partial', 'stale', 'broken'] as const;
const stateSchema = z
  .enum(listStates)
  .check(
    z.describe(
      '`fresh`: new papers came. `quiet`: none came, and none were due. `partial`: its newest day could not be read completely. `stale`: papers are due and have not come. `broken`: it cannot be read.',
    ),
  );
const newestDaySchema = z.optional(
  daySchema.check(z.describe('The newest day with papers. Missing if the last month has none.')),
);

/** A list that readers can follow. */
export const listSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().check(z.describe('What the list has, as a sentence.')),
    archive: z.optional(
      z
        .object({ id: z.string(), name: z.string() })
        .check(z.describe('The archive of arXiv. Missing if the list is no category of arXiv.')),
    ),
    category: z.optional(
      z
        .object({
          id: z.string(),
          name: z.string(),
          alias: z.optional(z.string().check(z.describe('The other id of the same category.'))),
        })
        .check(z.describe('The category of arXiv. Missing if the list is none.')),
    ),
    url: z.optional(z.url().check(z.describe('The page of the list on its own site. Missing for a feed.'))),
    calendar: z
      .object({
        timeZone: z.string(),
        weekdays: z
          .array(z.int().check(z.minimum(1), z.maximum(7)))
          .check(z.describe('The weekdays with papers, 1 for Monday. Empty if papers come irregularly.')),
        dueHour: z
          .int()
          .check(
            z.minimum(0),
            z.maximum(23),
            z.describe('The local hour by which the papers of a day are due.'),
          ),
      })
      .check(z.describe('When papers come.')),
    source: z
      .string()
      .check(
        z.describe(
          'The outside system that the list comes from, such as `arxiv`. A source can have many lists.',
        ),
      ),
    state: stateSchema,
    newestDay: newestDaySchema,
  })
  .check(z.meta({ examples: [examples.list] }));

/** One day of a list. */
const listedDaySchema = z.object({
  day: daySchema,
  state: z
    .enum(['came', 'late', 'partial', 'unread', 'missing', 'awaited', 'holiday'])
    .check(
      z.describe(
        '`came`: its papers came. `late`: they came after they were due. `partial`: some may be missing. `unread`: the list could not be read. `missing`: papers were due and did not come. `awaited`: they are due later today. `holiday`: none were due.',
      ),
    ),
  papers: z.int().check(z.nonnegative()),
  holiday: z.optional(z.string().check(z.describe('The name of the holiday.'))),
});

/** Whether the lists can be read at the moment. */
export const statusSchema = z
  .object({
    overall: z
      .enum(['ok', 'late', 'down'])
      .check(
        z.describe(
          '`ok`: no papers are missing. `late`: papers of a list may be missing. `down`: no list can be read.',
        ),
      ),
    lists: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        state: stateSchema,
        lastReadAt: z.optional(z.iso.datetime().check(z.describe('When it was last read without an error.'))),
        lastNewPaperAt: z.optional(z.iso.datetime().check(z.describe('When a new paper was last found.'))),
        newestDay: newestDaySchema,
        overdueSince: z.optional(
          z.iso.datetime().check(z.describe('When papers were due that have not come.')),
        ),
        nextDueAt: z.optional(
          z.iso.datetime().check(z.describe('When papers are due next. Missing if they come irregularly.')),
        ),
        days: z
          .array(listedDaySchema)
          .check(
            z.describe(
              'The last thirty days, oldest first, in the zone of the list. Days on which nothing was due and nothing came are left out.',
            ),
          ),
      }),
    ),
  })
  .check(z.meta({ examples: [examples.status] }));
