import type { Paper } from '../../shared/domain/papers/paper.ts';
import type { Digest, DigestSection } from '../../shared/matching/digest.ts';
import type { MatchReason } from '../../shared/matching/index/explain.ts';
import type { TextField } from '../../shared/matching/query/query.ts';
import { analysePhrase } from '../../shared/matching/text/analyser.ts';
import type { Match } from '../../shared/matching/window.ts';
import type { SubscriberLinks } from '../../shared/ports/subscribers.ts';
import { type Publication, publicationSchema } from '../../shared/presentation/publication.ts';
import { createPaper } from './papers.ts';
import { createSubscriber, createSubscription } from './subscribers.ts';

/** Creates a match without a reason. */
export function createMatch(paper: Partial<Paper> = {}, reasons: Match['reasons'] = []): Match {
  return { paper: createPaper(paper), reasons };
}

/** Creates the reason that a field has a word or phrase. */
export function createReason(text: string, field: TextField): MatchReason {
  const range = { start: 0, end: text.length };
  return { condition: { kind: 'text', ...analysePhrase(text), field: undefined, text, range }, field };
}

/** Creates a section with one paper. */
export function createSection(overrides: Partial<DigestSection> = {}): DigestSection {
  return {
    subscription: createSubscription(),
    matches: [createMatch()],
    moreCount: 0,
    findWithheld: () => [],
    ...overrides,
  };
}

/** Creates the digest of Wednesday 7 January 2026, with one paper. */
export function createDigest(overrides: Partial<Digest> = {}): Digest {
  const sections = overrides.sections ?? [createSection()];
  return {
    subscriber: createSubscriber({ subscriptions: sections.map(({ subscription }) => subscription) }),
    cadence: 'daily',
    period: '2026-01-07',
    composedAt: '2026-01-07T07:00:00.000Z',
    days: { first: '2026-01-04', last: '2026-01-07' },
    asOf: '2026-01-07T06:10:00.000Z',
    sections,
    news: [],
    late: new Map(),
    listConditions: new Map([['hf-daily', { state: 'fresh' }]]),
    ...overrides,
  };
}

/** Creates a publication at daily.example.org. */
export function createPublication(overrides: Partial<Publication> = {}): Publication {
  const defaults = publicationSchema.parse({
    fromAddress: 'papers@example.org',
    publicUrl: 'https://daily.example.org',
    listId: 'daily.example.org',
  });
  return { ...defaults, ...overrides };
}

/** Links at daily.example.org, with tokens as long as real ones. */
export const exampleLinks: SubscriberLinks = {
  manage: (id) => `https://daily.example.org/manage/${id}.${'m'.repeat(90)}`,
  unsubscribe: (id) => `https://daily.example.org/unsubscribe/${id}.${'u'.repeat(90)}`,
  data: (id) => `https://daily.example.org/your-data/${id}.${'d'.repeat(90)}`,
  mute: (id, { cadence, period }) =>
    `https://daily.example.org/mute/${id}.${'n'.repeat(44)}/${cadence}/${encodeURIComponent(period)}`,
  confirm: (id, signUpAt) =>
    `https://daily.example.org/confirm/${id}.${Date.parse(signUpAt)}.${'c'.repeat(76)}`,
};
