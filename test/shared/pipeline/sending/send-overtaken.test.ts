import { beforeEach, expect, test } from '@jest/globals';
import { createManualClock } from '../../../../local/manual-clock.ts';
import type { Repositories } from '../../../../local/repositories.ts';
import { sendBatch } from '../../../../shared/pipeline/sending/send-batch.ts';
import type { SendResult } from '../../../../shared/ports/mail.ts';
import type { DigestsMessage } from '../../../../shared/ports/queues.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createSubscriber } from '../../../factories/subscribers.ts';
import { openListDays } from '../../../fakes/list-days.ts';
import { createFakeQueue, createFakeTelemetry } from '../../../fakes/outside.ts';
import { createFakeRepositories } from '../../../fakes/repositories.ts';
import { createFakeMeter, createFakeSendRateLimiter } from '../../../fakes/sending.ts';

const clock = createManualClock('2026-01-05T08:00:00.000Z');
const KEY = { subscriberId: 'a', cadence: 'daily', period: '2026-01-05' } as const;
const MESSAGE = {
  edition: { cadence: 'daily', period: KEY.period, cohort: 'daily#Europe/Berlin#08' },
  batch: 0,
  subscriberIds: ['a'],
  queuedAt: '2026-01-05T08:00:00.000Z',
} as const;
const SENT = { state: 'sent', messageId: 'message-1' } as const;

let repositories: Repositories;
let telemetry: ReturnType<typeof createFakeTelemetry>;

beforeEach(async () => {
  repositories = createFakeRepositories(clock);
  telemetry = createFakeTelemetry();
  await repositories.papers.save(createFacts({ id: '2601.00001' }), clock.now());
  await repositories.listings.save(
    createListing({ day: KEY.period, paperId: '2601.00001', firstSeenAt: clock.now() }),
  );
  await repositories.subscribers.save(createSubscriber({ id: 'a' }));
  await repositories.editions.saveBatch(MESSAGE.edition, 0, ['a']);
});

/** Sends a mail whose event arrives before the answer of the mailer. Counts the mails. */
async function sendOvertaken(answer: SendResult) {
  let mails = 0;
  const ports = {
    ...repositories,
    lists: ['hf-daily'],
    listDays: openListDays(repositories, clock),
    compose: async () => ({
      from: 'papers@example.org',
      to: 'a@example.org',
      raw: 'text',
      tags: {},
      paperIds: ['2601.00001'],
    }),
    mailer: {
      async send() {
        mails += 1;
        await repositories.deliveries.recordEvent(KEY, SENT);
        return answer;
      },
    },
    rateLimiter: createFakeSendRateLimiter(),
    meter: createFakeMeter(),
    digestsQueue: createFakeQueue<DigestsMessage>(),
    whenUncertain: 'at-most-once' as const,
    clock,
    telemetry,
  };
  const send = () => sendBatch(ports, { ...MESSAGE, subscriberIds: ['a'] });
  return { send, mails: () => mails };
}

test.each<SendResult>([
  { kind: 'accepted', messageId: 'message-1' },
  { kind: 'uncertain', reason: 'ECONNRESET' },
])('a digest that an event reported as sent stays sent, if its worker gets: $kind', async (answer) => {
  const { send } = await sendOvertaken(answer);

  expect(await send()).toEqual({ kind: 'done', counts: { sent: 1 } });

  expect((await repositories.deliveries.load(KEY))?.outcome).toEqual(SENT);
  expect(telemetry.counts.get('DigestsSent')).toBe(1);
  expect(telemetry.counts.has('DigestsUncertain')).toBe(false);
});

test('a release after an event recorded the outcome allows no second mail', async () => {
  const { send, mails } = await sendOvertaken({ kind: 'unreachable', reason: 'ECONNREFUSED' });

  expect(await send()).toMatchObject({ kind: 'put-off' });

  expect(await send()).toEqual({ kind: 'done', counts: { sent: 1 } });
  expect(mails()).toBe(1);
});
