import { expect, test } from '@jest/globals';
import { createManualClock } from '../../../../local/manual-clock.ts';
import type { Subscriber } from '../../../../shared/domain/subscribers/subscriber.ts';
import { addMs, MS_PER_DAY, MS_PER_HOUR } from '../../../../shared/domain/time/time.ts';
import { type AnswerRequestPorts, answerRequest } from '../../../../shared/subscribers/answer-request.ts';
import { toMailboxId, toSubscriberId } from '../../../../shared/subscribers/subscriber-id.ts';
import { createSubscriber } from '../../../factories/subscribers.ts';
import { createFakeMailer, createFakeTelemetry } from '../../../fakes/outside.ts';
import { createFakeRepositories } from '../../../fakes/repositories.ts';
import { createDeployment, ID_KEY, NOW } from './run-import.ts';

const [ADA, TAGGED, DOUBLE] = [
  'ada@example.org',
  'ada+papers@example.org',
  'Ada+double@example.org',
] as const;
const FILE = ['email', ADA, TAGGED, DOUBLE, ''].join('\n');

/** What the report says about a row whose mailbox the row of another line has. */
function waits(line: number, first: number): string {
  return `line ${line}, waiting: line ${first} has the same mailbox, and a mailbox gets one such mail in 24 hours. Import the file again a day later`;
}

/** A deployment that also answers the requests of an import. */
function createAnsweringDeployment() {
  const clock = createManualClock(NOW);
  const repositories = createFakeRepositories(clock);
  const deployment = createDeployment(repositories);
  const mailer = createFakeMailer();
  const ports: AnswerRequestPorts = {
    ...repositories,
    mailer,
    clock,
    telemetry: createFakeTelemetry(),
    keyring: { load: async () => ({ idKey: ID_KEY, linkKeys: [] }) },
    hourlyLimits: { requestsPerClient: 1, requests: 1, requestsPerNetworkInFlood: 1, mails: 1 },
    compose: async (_, { address }) => ({ from: '', to: address, raw: '', tags: {} }),
  };
  return {
    ...deployment,
    repositories,
    clock,
    /** Answers what is on the queue, and returns who got a mail. */
    async answer(): Promise<readonly string[]> {
      const before = mailer.sent.length;
      for (const request of deployment.requests.splice(0)) await answerRequest(ports, request);
      return mailer.sent.slice(before).map(({ to }) => to);
    },
  };
}

test('asks one person of a mailbox a day, and says who waits', async () => {
  const { run, answer, clock } = createAnsweringDeployment();

  const first = await run(FILE);

  expect(first.counts).toEqual({ asked: 1, waiting: 2 });
  expect(first.reasons).toEqual([waits(3, 2), waits(4, 2)]);
  expect(await answer()).toEqual([ADA]);

  clock.moveTo(addMs(NOW, MS_PER_HOUR));
  expect((await run(FILE, { now: clock.now() })).counts).toEqual({ known: 1, waiting: 2 });

  clock.moveTo(addMs(NOW, MS_PER_DAY));
  const second = await run(FILE, { now: clock.now() });
  expect(second.counts).toEqual({ known: 1, asked: 1, waiting: 1 });
  expect(second.reasons).toEqual([waits(4, 3)]);
  expect(await answer()).toEqual([TAGGED]);

  clock.moveTo(addMs(NOW, 2 * MS_PER_DAY));
  expect((await run(FILE, { now: clock.now() })).counts).toEqual({ known: 2, asked: 1 });
  expect(await answer()).toEqual([DOUBLE]);
});

test('asks again after 30 days, also if neither the profile nor the record of the mail has been deleted', async () => {
  const { run, answer, clock } = createAnsweringDeployment();
  const file = `email\n${ADA}\n`;
  const importOn = async (day: number) => {
    clock.moveTo(addMs(NOW, day * MS_PER_DAY));
    const { counts } = await run(file, { now: clock.now() });
    clock.moveTo(addMs(clock.now(), MS_PER_HOUR));
    return { ...counts, mails: await answer() };
  };

  expect(await importOn(0)).toEqual({ asked: 1, mails: [ADA] });
  expect(await importOn(29)).toEqual({ known: 1, mails: [] });
  // The worker answered the first request an hour after the import.
  expect(await importOn(30)).toEqual({ asked: 1, mails: [ADA] });
  expect(await importOn(59)).toEqual({ known: 1, mails: [] });
  expect(await importOn(60)).toEqual({ asked: 1, mails: [ADA] });
});

test('asks only one person of a mailbox again', async () => {
  const { run, answer, clock } = createAnsweringDeployment();
  await run(`email\n${ADA}\n`);
  await answer();

  clock.moveTo(addMs(NOW, 30 * MS_PER_DAY));
  expect((await run(FILE, { now: clock.now() })).counts).toEqual({ asked: 1, waiting: 2 });
  expect(await answer()).toEqual([ADA]);
});

test('says so again while the first request of a mailbox is on the queue, and when a run continues', async () => {
  const { run, requests } = createDeployment();

  const dry = await run(FILE, { isDryRun: true });
  const real = await run(FILE);
  const continued = await run(FILE, { fromLine: 3 });

  expect(dry.reasons).toEqual(real.reasons);
  expect(continued.counts).toEqual({ waiting: 2 });
  expect(requests.map(({ address }) => address)).toEqual([ADA]);
});

test.each<[string, Partial<Subscriber>]>([
  ['is a subscriber', { status: 'confirmed' }],
  ['left', { status: 'unsubscribed' }],
])('asks the second person of a mailbox if the first %s', async (_, known) => {
  const { run, subscribers, requests } = createDeployment();
  await subscribers.save(createSubscriber({ ...known, id: toSubscriberId(ADA, ID_KEY), address: ADA }));

  expect((await run(FILE)).counts).toEqual({ known: 1, asked: 1, waiting: 1 });
  expect(requests.map(({ address }) => address)).toEqual([TAGGED]);
});

test('says that a mailbox waits which gets no mail now', async () => {
  const { run, answer, repositories, clock } = createAnsweringDeployment();
  const mailbox = toMailboxId(ADA, ID_KEY);
  const file = `email\n${ADA}\n`;
  const ask = async (n: number) => {
    const at = addMs(NOW, n * MS_PER_DAY);
    await repositories.allowances.take(mailbox, { id: `r${n}`, asksToConfirm: true }, at);
    await repositories.allowances.use(mailbox, `r${n}`);
    clock.moveTo(addMs(at, MS_PER_HOUR));
    return run(file, { now: clock.now() });
  };

  const [today] = [await ask(0), await ask(1), await ask(2)];
  clock.moveTo(addMs(NOW, 4 * MS_PER_DAY));
  const afterThree = await run(file, { now: clock.now() });

  expect(today.reasons).toEqual([expect.stringMatching(/^line 2, waiting: the mailbox got a mail in the/)]);
  expect([today.counts, afterThree.counts]).toEqual([{ waiting: 1 }, { waiting: 1 }]);
  expect(await answer()).toEqual([]);
  clock.moveTo(addMs(NOW, 32 * MS_PER_DAY));
  expect((await run(file, { now: clock.now() })).counts).toEqual({ asked: 1 });
  expect(await answer()).toEqual([ADA]);
});

test('asks the second person of a mailbox if the first left and was erased', async () => {
  const { run, subscribers, requests } = createDeployment();
  const { id } = await subscribers.save(
    createSubscriber({ id: toSubscriberId(ADA, ID_KEY), address: ADA, status: 'bounced' }),
  );
  await subscribers.erase(id);

  expect((await run(FILE)).counts).toEqual({ known: 1, asked: 1, waiting: 1 });
  expect(requests.map(({ address }) => address)).toEqual([TAGGED]);
});

test('adds two people of a mailbox who proved a consent', async () => {
  const { run } = createDeployment();
  const rows = [ADA, TAGGED].map((address) => `${address},2018-04-13 10:57:02,192.0.2.1`);

  expect((await run(['email,CONFIRM_TIME,CONFIRM_IP', ...rows, DOUBLE].join('\n'))).counts).toEqual({
    added: 2,
    asked: 1,
  });
});
