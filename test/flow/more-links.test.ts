import { beforeAll, expect, test } from '@jest/globals';
import type { Delivery } from '../../shared/domain/digests/delivery.ts';
import type { Subscription } from '../../shared/domain/subscribers/subscriber.ts';
import { type BatchPapers, openBatchPapers } from '../../shared/pipeline/sending/batch-papers.ts';
import { openCandidates } from '../../shared/pipeline/sending/select-digest.ts';
import { loadPapers } from '../../shared/web/papers/load-papers.ts';
import { parseSelection } from '../../shared/web/papers/read-selection.ts';
import { createPublication, exampleLinks } from '../factories/digests.ts';
import { renderTexts } from '../factories/mail-texts.ts';
import { createFacts, createListing } from '../factories/papers.ts';
import { createSubscriber, createSubscription } from '../factories/subscribers.ts';
import { createFakeWeb, type FakeWeb } from '../fakes/web.ts';
import { fc } from '../fast-check.ts';
import { anchorsOf } from '../shared/web/reader.ts';
import { runs } from '../thorough.ts';

const NOW = '2026-01-06T07:00:00.000Z';
const TODAY = '2026-01-06';
const LISTS = ['hf-daily', 'arxiv/cs.CL'];
const WORDS = ['agents', 'kernels', 'agents OR kernels', ''];

/** What the test knows about a paper, to say which ones a page must show. */
interface Known {
  readonly id: string;
  readonly list: string;
  readonly word: string;
  readonly author: string;
}

let web: FakeWeb;
let papers: BatchPapers;
const known: Known[] = [];

beforeAll(async () => {
  web = createFakeWeb({ lists: LISTS });
  web.clock.moveTo(NOW);
  for (let n = 0; n < 120; n += 1) {
    const word = n % 3 ? 'agents' : 'kernels';
    const list = LISTS[n % 2] ?? '';
    // Old ids and ids of several months. A third of the papers has texts that grow when they are escaped.
    const id = n % 7 ? `26${String((n % 5) + 10)}.${String(n).padStart(5, '0')}` : `hep-ex/0307${100 + n}`;
    const author = n % 11 ? 'Ben Sample' : 'Ada Muted';
    await store({ id, list, word, author }, n, NOW);
    known.push({ id, list, word, author });
  }
  papers = openBatchPapers({ ...web.ports, ...web.repositories, clock: web.clock }, 'daily', [], NOW);
  await papers.viewOf([createSubscription({ lists: LISTS })]);
  // These arrive after the window was loaded, so no link may show them.
  for (let n = 0; n < 4; n += 1) {
    const paper = { id: `2699.0000${n}`, list: LISTS[n % 2] ?? '', word: 'agents', author: 'Ben Sample' };
    await store(paper, n, '2026-01-06T09:00:00.000Z');
  }
  // So does a paper that was known before, and comes on another list.
  for (const { id, list } of known.slice(0, 6)) {
    const other = LISTS.find((candidate) => candidate !== list) ?? '';
    const listing = { list: other, day: TODAY, paperId: id, firstSeenAt: '2026-01-06T10:00:00.000Z' };
    await web.repositories.listings.save(createListing(listing));
  }
});

async function store({ id, list, word, author }: Known, n: number, seenAt: string) {
  const abstract = (n % 2 ? `A text about ${word}. ` : `"&" about ${word}. `).repeat(30);
  const facts = { id, title: `${word} ${n}`, abstract, authors: [author], authorCount: 1, aiKeywords: [] };
  await web.repositories.papers.save(createFacts({ ...facts, upvotes: n % 9 }), seenAt);
  const day = `2026-01-0${3 + (n % 4)}`;
  await web.repositories.listings.save(createListing({ list, day, paperId: id, firstSeenAt: seenAt }));
}

/** Returns the ids of all pages of an address. */
async function readPages(url: URL): Promise<readonly string[]> {
  const address = { ...Object.fromEntries(url.searchParams), day: url.pathname.replace('/papers/', '') };
  const parsed = parseSelection(address, LISTS, TODAY);
  if ('fault' in parsed) throw new Error(parsed.fault.message);
  const ids: string[] = [];
  for (let page = 1, pageCount = 1; page <= pageCount; page += 1) {
    const shown = await loadPapers(web.ports, parsed.selection, { page, seen: [] });
    ids.push(...shown.matches.map(({ paper }) => paper.id));
    pageCount = shown.pageCount;
  }
  return ids;
}

const matches = ({ query, lists }: Subscription, paper: Known) =>
  lists.includes(paper.list) && (query === '' || query.split(' OR ').includes(paper.word));

const subscriptionArb = fc.record({
  query: fc.constantFrom(...WORDS),
  lists: fc.subarray(LISTS, { minLength: 1 }),
  sort: fc.constantFrom('trending' as const, 'new' as const, 'match' as const),
  maxPapers: fc.constantFrom(1, 3, 50, 50),
});

test('every link to more papers leads to exactly those that matched and are nowhere in the mail, or says that it leads to all', async () => {
  const seen = { others: 0, all: 0, cut: 0, sent: 0 };
  const digestArb = fc.record({
    subscriptions: fc.array(subscriptionArb, { minLength: 1, maxLength: 3 }),
    sent: fc.oneof(
      { weight: 4, arbitrary: fc.subarray(known, { maxLength: 12 }) },
      { weight: 1, arbitrary: fc.subarray(known, { minLength: 100 }) },
    ),
    mutedPapers: fc.subarray(known, { maxLength: 3 }),
    mutedAuthors: fc.subarray(['Ada Muted']),
  });

  const subscription = { query: '', lists: LISTS, sort: 'new' as const };
  const everything = { sent: [], mutedPapers: [], mutedAuthors: [] };
  await fc.assert(
    fc.asyncProperty(digestArb, async ({ subscriptions, sent, mutedPapers, mutedAuthors }) => {
      web.clock.moveTo(NOW);
      const subscriber = createSubscriber({
        subscriptions: subscriptions.map((subscription, n) =>
          createSubscription({ ...subscription, id: `s${n}` }),
        ),
        mutedPapers: mutedPapers.map(({ id }) => id),
        mutedAuthors,
      });
      const key = { subscriberId: subscriber.id, cadence: 'daily', period: TODAY } as const;
      const earlier: Delivery = {
        ...key,
        period: '2026-01-05',
        claimedAt: NOW,
        paperIds: sent.map(({ id }) => id),
        outcome: { state: 'sent', messageId: 'm-1' },
      };
      const { select } = await openCandidates(web.ports, papers, key, subscriber);
      const { digest } = await select([earlier]);
      const { html, paperIds } = renderTexts(digest, createPublication(), exampleLinks);
      web.clock.moveTo('2026-01-06T20:00:00.000Z');

      const sections = html.split('<h2').slice(1);
      const taken = new Set(sent.map(({ id }) => id));
      for (const [position, { subscription, matches: selected }] of digest.sections.entries()) {
        const matching = known.filter((paper) => matches(subscription, paper));
        const wanted = matching.filter(
          ({ id, author }) =>
            !taken.has(id) && !mutedAuthors.includes(author) && !subscriber.mutedPapers?.includes(id),
        );
        const own = selected.map(({ paper }) => paper.id);
        const shown = own.slice(0, (sections[position]?.match(/<h3/g) ?? []).length);
        const rest = wanted.map(({ id }) => id).filter((id) => !shown.includes(id));
        for (const id of own) taken.add(id);
        expect(paperIds).toEqual(expect.arrayContaining(shown));

        const [link] = (await anchorsOf(sections[position] ?? '')).filter(({ text }) => /^See /.test(text));
        if (rest.length === 0) {
          expect(link).toBeUndefined();
          continue;
        }
        const url = new URL(link?.href ?? '');
        const found = [...(await readPages(url))].sort();
        const [, count] = /^See (?:the|all) (\d+)/.exec(link?.text ?? '') ?? [];
        const isAll = link?.text.startsWith('See all');
        seen[isAll ? 'all' : 'others'] += 1;
        if (shown.length < own.length) seen.cut += 1;
        if (matching.some(({ id }) => sent.some((paper) => paper.id === id))) seen.sent += 1;
        expect(url.href.length).toBeLessThanOrEqual(700);
        expect(found).toEqual([...(isAll ? matching.map(({ id }) => id) : rest)].sort());
        if (count !== undefined) expect(found).toHaveLength(Number(count));
      }
    }),
    {
      numRuns: runs(15, 1_000),
      // A link that is too long with all the papers that it leaves out, and a digest that is too large.
      examples: [
        [{ ...everything, subscriptions: [{ ...subscription, maxPapers: 1 }], sent: known.slice(0, 110) }],
        [{ ...everything, subscriptions: [{ ...subscription, maxPapers: 50 }] }],
      ],
    },
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(0);
});
