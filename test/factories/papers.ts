import type { Listing } from '../../shared/domain/lists/listing.ts';
import type { Paper, PaperFacts } from '../../shared/domain/papers/paper.ts';
import { paperTextOf } from '../../shared/snapshots/snapshot-state.ts';

const FACTS = {
  source: 'hf-daily',
  id: '2601.00001',
  title: 'Small Models That Ask for Help',
  abstract:
    'A small model learns when to hand a question to a larger one. It costs a third and loses nothing.',
  authors: ['Ada Example', 'Ben Sample'],
  authorCount: 2,
  publishedAt: '2026-01-03T00:00:00.000Z',
  upvotes: 12,
  comments: 2,
  aiKeywords: ['routing', 'language models'],
} satisfies PaperFacts;

/** Creates the facts of a paper from a source. */
export function createFacts(overrides: Partial<PaperFacts> = {}): PaperFacts {
  return { ...FACTS, ...overrides };
}

/** Creates a stored paper. */
export function createPaper(overrides: Partial<Paper> = {}): Paper {
  const { upvotes = 12, comments = 2, firstSeenAt = '2026-01-05T08:00:00.000Z' } = overrides;
  const { source, ...facts } = FACTS;
  return {
    ...facts,
    categories: [],
    firstSeenAt,
    voteCounts: [{ at: firstSeenAt, upvotes, comments }],
    ...overrides,
  };
}

/** Creates a listing. */
export function createListing(overrides: Partial<Listing> = {}): Listing {
  return {
    list: 'hf-daily',
    day: '2026-01-05',
    paperId: '2601.00001',
    firstSeenAt: '2026-01-05T08:00:00.000Z',
    listedBy: 'ada',
    ...overrides,
  };
}

/** Returns what a snapshot keeps of a stored paper. */
export function withoutDetails(paper: Paper): Paper {
  const { upvotes, comments, stars, voteCounts } = paper;
  return { ...paperTextOf(paper), upvotes, comments, ...(stars !== undefined && { stars }), voteCounts };
}
