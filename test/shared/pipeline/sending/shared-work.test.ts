import { beforeEach, describe, expect, test } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../../../local/manual-clock.ts';
import { localTables, openRepositories, type Repositories } from '../../../../local/repositories.ts';
import type { Subscriber } from '../../../../shared/domain/subscribers/subscriber.ts';
import { composeDigestMail } from '../../../../shared/mail/compose-digest-mail.ts';
import { toDigestContent } from '../../../../shared/mail/digest-content.ts';
import type { Digest } from '../../../../shared/matching/digest.ts';
import type { Match } from '../../../../shared/matching/window.ts';
import { sendBatch } from '../../../../shared/pipeline/sending/send-batch.ts';
import type { DigestsMessage } from '../../../../shared/ports/queues.ts';
import {
  createDigest,
  createPublication,
  createReason,
  createSection,
  exampleLinks,
} from '../../../factories/digests.ts';
import { createFacts, createListing, createPaper } from '../../../factories/papers.ts';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';
import { createMemoryDynamoDb } from '../../../fakes/dynamodb/memory-dynamodb.ts';
import { openDocuments } from '../../../fakes/dynamodb/open-documents.ts';
import { openListDays } from '../../../fakes/list-days.ts';
import { createFakeMailer, createFakeQueue, createFakeTelemetry } from '../../../fakes/outside.ts';
import { createFakeMeter, createFakeSendRateLimiter } from '../../../fakes/sending.ts';

const TODAY = '2026-01-25';
const EDITION = { cadence: 'daily', period: TODAY, cohort: 'daily#America/New_York#08' } as const;
const PAPERS = Array.from({ length: 10 }, (_, n) => `2601.0000${n}`);
const publication = createPublication();

let clock: ManualClock;
let repositories: Repositories;
let digests: Map<Subscriber['id'], Digest>;

beforeEach(async () => {
  clock = createManualClock(`${TODAY}T13:00:00.000Z`);
  const documents = openDocuments(createMemoryDynamoDb(localTables));
  repositories = openRepositories(documents, localTables, clock);
  digests = new Map();
  for (const id of PAPERS) {
    await repositories.papers.save(createFacts({ id, title: `No. ${id} asks for help` }), clock.now());
    await repositories.listings.save(createListing({ day: TODAY, paperId: id, firstSeenAt: clock.now() }));
  }
});

async function sendTo(subscribers: readonly Subscriber[], batch: number): Promise<void> {
  for (const subscriber of subscribers) await repositories.subscribers.save(subscriber);
  const subscriberIds = subscribers.map(({ id }) => id);
  await repositories.editions.saveBatch(EDITION, batch, subscriberIds);
  const ports = {
    ...repositories,
    lists: ['hf-daily'],
    listDays: openListDays(repositories, clock),
    compose: async (digest: Digest) => {
      digests.set(digest.subscriber.id, digest);
      return composeDigestMail(digest, publication, exampleLinks);
    },
    meter: createFakeMeter(),
    mailer: createFakeMailer(),
    rateLimiter: createFakeSendRateLimiter(),
    digestsQueue: createFakeQueue<DigestsMessage>(),
    whenUncertain: 'at-most-once' as const,
    clock,
    telemetry: createFakeTelemetry(),
  };
  const message = { edition: EDITION, batch, subscriberIds, queuedAt: clock.now() };
  expect(await sendBatch(ports, message)).toMatchObject({ counts: { sent: subscribers.length } });
}

const readersOf = (name: string, count: number, query: string, format: Subscriber['format'] = 'html') =>
  Array.from({ length: count }, (_, n) =>
    createSubscriber({ id: `${name}${n}`, format, subscriptions: [createSubscription({ query })] }),
  );

/** Returns how many different lists the readers' digests have, of what `find` looks up. */
function countLists(find: (digest: Digest) => unknown, names = ''): number {
  return new Set([...digests].filter(([id]) => id.startsWith(names)).map(([, digest]) => find(digest))).size;
}

const matchesOf = ({ sections }: Digest) => sections[0]?.matches;
const cardsOf = (digest: Digest) => toDigestContent(digest, publication, exampleLinks).sections[0]?.cards;

describe('readers of a batch with equal subscriptions', () => {
  test('share one selection and one list of cards', async () => {
    await sendTo(
      [
        ...readersOf('help', 20, 'help'),
        // The same query in other words, and plain text.
        ...readersOf('help-too', 10, '(help)', 'text'),
        ...readersOf('asks', 20, 'asks'),
      ],
      0,
    );

    expect(digests.size).toBe(50);
    expect([countLists(matchesOf, 'help'), countLists(cardsOf, 'help')]).toEqual([1, 1]);
    expect([countLists(matchesOf), countLists(cardsOf)]).toEqual([2, 2]);
  });

  test('share them until what they were sent before differs, and again with those who were sent the same', async () => {
    const readers = readersOf('help', 30, 'help');
    for (const [n, { id }] of readers.entries()) {
      const sent = PAPERS.slice(0, n % 3);
      const key = { subscriberId: id, cadence: 'daily', period: '2026-01-24' } as const;
      if (sent.length > 0)
        await repositories.deliveries.claim(
          key,
          { ...EDITION, period: key.period, batch: 0 },
          sent,
          clock.now(),
        );
    }

    await sendTo(readers, 0);

    expect([countLists(matchesOf), countLists(cardsOf)]).toEqual([3, 3]);
    for (const [n, { id }] of readers.entries())
      expect(digests.get(id)?.sections[0]?.matches).toHaveLength(PAPERS.length - (n % 3));
  });
});

test('the mail of a further reader reads no text of a paper', () => {
  let reads = 0;
  const matches = PAPERS.map((id) => {
    const paper = createPaper({ id });
    const { title, abstract } = paper;
    const counted = {
      get title() {
        reads += 1;
        return title;
      },
      get abstract() {
        reads += 1;
        return abstract;
      },
    };
    return { paper: Object.defineProperties(paper, Object.getOwnPropertyDescriptors(counted)), reasons: [] };
  });
  const readsFor = (id: string, selected: readonly Match[] = matches) => {
    const before = reads;
    const subscriber = createSubscriber({ id });
    composeDigestMail(
      createDigest({ subscriber, sections: [createSection({ matches: selected })] }),
      publication,
      exampleLinks,
    );
    return reads - before;
  };

  expect(readsFor('first')).toBeGreaterThanOrEqual(2 * PAPERS.length);
  expect([readsFor('second'), readsFor('third')]).toEqual([0, 0]);
  // Another query found the same papers.
  const found = matches.map(({ paper }) => ({ paper, reasons: [createReason('text', 'title')] }));
  expect(readsFor('fourth', found)).toBe(0);
});
