import { MAX_LIST_ID_LENGTH } from '../../domain/lists/lists.ts';
import { findDaysOf } from '../../domain/subscribers/cadence.ts';
import * as z from '../../domain/zod.ts';
import { MAX_QUERY_LENGTH } from '../../matching/query/parse-query.ts';
import { querySchema as enteredQuerySchema } from '../../matching/query/query-schema.ts';
import { MAX_SEARCH_LIMIT, searchSorts } from '../../ports/search.ts';

/** How many papers an answer has if the request does not say. */
const DEFAULT_LIMIT = 20;

const RANGE = `expected a whole number from 1 to ${MAX_SEARCH_LIMIT}`;

const listParameterWith = (without: string) =>
  z
    ._default(z.array(z.string().check(z.maxLength(MAX_LIST_ID_LENGTH))).check(z.maxLength(100)), [])
    .check(
      z.meta({ description: `The id of a list. Repeat the parameter for several. Without it: ${without}.` }),
    );
const listParameter = listParameterWith('every list');
const limitParameter = z
  ._default(
    z.pipe(
      z.pipe(z.string().check(z.regex(/^\d{1,3}$/, RANGE)), z.transform(Number)),
      z.int().check(z.minimum(1, RANGE), z.maximum(MAX_SEARCH_LIMIT, RANGE)),
    ),
    DEFAULT_LIMIT,
  )
  .check(z.describe('The most papers in the answer.'));
const cursorParameter = z
  .optional(z.string().check(z.maxLength(400)))
  .check(z.describe('The `next` of the page before, with otherwise the same parameters.'));
const periodParameter = (noun: string, example: string, description: string) =>
  z
    .optional(
      z
        .string()
        .check(
          z.refine(
            (text) => text.length === example.length && findDaysOf(text) !== undefined,
            `expected ${noun} such as ${example}`,
          ),
        ),
    )
    .check(z.meta({ description, examples: [example] }));

const booleanParameter = z._default(
  z.pipe(
    z.pipe(
      z.enum(['true', 'false']),
      z.transform((text) => text === 'true'),
    ),
    z.boolean(),
  ),
  false,
);

const queryParameter = z._default(z.pipe(z.string().check(z.trim()), enteredQuerySchema), '').check(
  z.meta({
    description:
      'Words, "phrases" and fields such as `author:`, in the query language of subscriptions. Empty for every paper.',
    maxLength: MAX_QUERY_LENGTH,
    examples: ['agents'],
  }),
);

export const listPapersQuery = z.strictObject({
  list: listParameter,
  day: periodParameter('a day', '2026-01-05', 'The day on which a list had the papers.'),
  week: periodParameter('an ISO week', '2026-W02', 'An ISO week instead of a day.'),
  month: periodParameter('a month', '2026-01', 'A month instead of a day.'),
  sort: z
    ._default(z.enum(['date', 'votes']), 'date')
    .check(z.describe('`date`: the newest listing first. `votes`: most upvotes first.')),
  limit: limitParameter,
  cursor: cursorParameter,
});

export const trendingQuery = z.strictObject({
  list: listParameterWith('the lists that count votes'),
  limit: limitParameter,
});

export const searchQuery = z.strictObject({
  q: queryParameter,
  list: listParameter,
  month: listPapersQuery.shape.month.check(z.describe('The month in which a list had the papers.')),
  sort: z
    .optional(z.enum(searchSorts))
    .check(
      z.describe(
        'How the papers are sorted. Without it: `relevance` for a query with words, and `date` for one without, such as `has:code`.',
      ),
    ),
  verbatim: booleanParameter.check(z.describe('Whether words are neither corrected nor left out.')),
  facets: booleanParameter.check(
    z.describe('Whether to count the papers of each list, organisation and month.'),
  ),
  limit: limitParameter,
  cursor: cursorParameter,
});

export const similarQuery = z.strictObject({ limit: limitParameter });
