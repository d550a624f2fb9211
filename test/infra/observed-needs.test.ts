import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { localTables } from '../../local/repositories.ts';
import type { FunctionName } from '../../shared/observability.ts';
import { signingKeyOf } from '../../shared/subscribers/keys.ts';
import { toSubscriberId } from '../../shared/subscribers/subscriber-id.ts';
import { createWebApp } from '../../shared/web/app.tsx';
import { createCardsApp } from '../../shared/web/cards/card-routes.ts';
import { signToken, type TokenPurpose } from '../../shared/web/tokens.ts';
import { createBounceEvent, FEEDBACK_KEY } from '../factories/ses-events.ts';
import { createSubscriber, createSubscription } from '../factories/subscribers.ts';
import { type FlowSystem, startFlowSystem } from '../flow/flow-system.ts';
import { deliver } from '../flow/sqs-delivery.ts';
import { filesOfFunctions, needsOf } from './permissions/needs.ts';
import { createSourceReader } from './permissions/syntax.ts';

const DAY = '2026-06-01';
const NEWCOMER = 'newcomer@readers.example';

/** Operations whose IAM action has another name. */
const ACTIONS: Readonly<Record<string, string>> = { SendMessageBatch: 'SendMessage' };
const SERVICES: Readonly<Record<string, string>> = { DynamoDB: 'dynamodb', SQS: 'sqs', SES: 'ses' };

let system: FlowSystem;
let observed: Set<string>;

beforeEach(async () => {
  system = await startFlowSystem(`${DAY}T06:00:00.000Z`);
  const { documents, sqs, ses } = system.aws;
  documents.middlewareStack.add((next, context) => (args) => next(observe(context, args)), {
    step: 'initialize',
  });
  sqs.middlewareStack.add((next, context) => (args) => next(observe(context, args)), { step: 'initialize' });
  ses.middlewareStack.add((next, context) => (args) => next(observe(context, args)), { step: 'initialize' });
});

afterEach(() => system.close());

/** While this is set, the digests queue refuses messages, so the fan-out delays its own message. */
let isQueueDown = false;

/** Records what is sent: `dynamodb:Query on SUBSCRIBERS_TABLE, an index`. */
function observe<Args extends { readonly input: object }>(
  { clientName = '', commandName = '' }: { clientName?: string; commandName?: string },
  args: Args,
): Args {
  const operation = commandName.replace(/Command$/, '');
  const service = SERVICES[clientName.replace(/Client$/, '')];
  const onIndex = 'IndexName' in args.input ? ', an index' : '';
  if (isQueueDown && variableOf(args.input) === 'DIGESTS_QUEUE_URL') throw new Error('the queue is down');
  const on = variableOf(args.input) ?? 'the account';
  observed.add(`${service}:${ACTIONS[operation] ?? operation} on ${on}${onIndex}`);
  return args;
}

/** Returns the environment variable with the resource of a request. */
function variableOf(input: object): string | undefined {
  const text = JSON.stringify(input);
  const { papers, subscribers, deliveries } = localTables;
  const { cohorts, digests, requests } = system.aws.queueUrls;
  const told = {
    PAPERS_TABLE: papers,
    SUBSCRIBERS_TABLE: subscribers,
    DELIVERIES_TABLE: deliveries,
    COHORTS_QUEUE_URL: cohorts,
    DIGESTS_QUEUE_URL: digests,
    REQUESTS_QUEUE_URL: requests,
    CONFIGURATION_SET: 'ConfigurationSetName',
  };
  return Object.entries(told).find(([, value]) => text.includes(`"${value}"`))?.[0];
}

async function callsDuring(act: () => Promise<unknown>): Promise<readonly string[]> {
  observed = new Set();
  await act();
  return [...observed].sort();
}

/** Sends the requests of subscribers to the pages and the HTTP API. */
async function openPages() {
  const { functions, clock } = system;
  const { webPorts } = functions;
  const pages = createWebApp(webPorts);
  const { idKey, linkKeys } = await webPorts.keyring.load();
  const tokenOf = (purpose: TokenPurpose, id: string) =>
    signToken(purpose, id, signingKeyOf(linkKeys, clock.now()), clock.now());
  const ask = async (
    method: string,
    path: string,
    { body, id = '', purpose = 'manage' }: { body?: object; id?: string; purpose?: 'manage' | 'data' },
  ) => {
    const headers = {
      authorization: `Bearer ${tokenOf(purpose, id)}`,
      ...(body && { 'content-type': 'application/json' }),
    };
    const { status } = await pages.request(path, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    if (status >= 300) throw new Error(`${method} ${path}: ${status}`);
  };
  return {
    signUp: () => ask('POST', '/v1/sign-ups', { body: { address: NEWCOMER } }),
    confirm: () =>
      ask('POST', '/v1/confirmations', {
        body: { token: tokenOf('confirm', toSubscriberId(NEWCOMER, idKey)) },
      }),
    preview: (id: string) =>
      ask('POST', '/v1/previews', { id, body: { lists: ['hf-daily'], cadence: 'daily' } }),
    readStatus: () => ask('GET', '/v1/status', {}),
    /** Moves a subscriber to an address that signs up meanwhile. */
    move: async (id: string) => {
      const address = 'moved@readers.example';
      const moved = toSubscriberId(address, idKey);
      const subscriptions = [createSubscription()];
      const choices = { timeZone: 'UTC', hour: 8, subscriptions, replaces: id };
      const signUp = { at: clock.now(), from: 'a page', text: 'Send me digests.', ...choices };
      await system.subscribe([createSubscriber({ id: moved, address, status: 'unconfirmed', signUp })]);
      await ask('POST', '/v1/confirmations', {
        body: { token: signToken('confirm', moved, signingKeyOf(linkKeys, clock.now()), clock.now()) },
      });
    },
    takeOut: (id: string) => ask('GET', '/v1/subscriber/export', { id, purpose: 'data' }),
    erase: (id: string) => ask('DELETE', '/v1/subscriber', { id, purpose: 'data' }),
  };
}

/** Runs a day in which every function makes each of its calls to AWS. */
async function liveThroughADay(): Promise<Readonly<Record<FunctionName, readonly string[]>>> {
  const { functions, aws, clock } = system;
  system.list(DAY, '2606.00001');
  observed = new Set();
  await system.subscribe([
    createSubscriber({
      id: 'ada',
      subscriptions: [createSubscription(), createSubscription({ id: 's2', cadence: 'instant' })],
    }),
    createSubscriber({ id: 'bounces', address: 'bounce@simulator.amazonses.com' }),
    createSubscriber({ id: 'leaves', timeZone: 'Europe/Paris' }),
  ]);
  await system.change('leaves', { status: 'unsubscribed' });
  // A cohort that cannot be planned is removed when it has no members.
  const unplanned = { pk: 'COHORTS', sk: 'daily#Nowhere#08', lastJoinedAt: clock.now() };
  await aws.documents.send(new PutCommand({ TableName: localTables.subscribers, Item: unplanned }));

  // Unreadable progress of an edition is restored from its batches.
  const progress = { pk: `EDITION#daily#${DAY}#daily#Europe/Berlin#08`, sk: 'META', isComplete: 'odd' };
  await aws.documents.send(new PutCommand({ TableName: localTables.deliveries, Item: progress }));

  const ingest = await callsDuring(async () => {
    await functions.ingestPapers('hf-daily');
    // A new paper replaces the snapshot of its day.
    system.list(DAY, '2606.00001', '2606.00002');
    await functions.ingestPapers('hf-daily');
  });
  const plan = await callsDuring(() => functions.planDigests());
  // A cohort without members is removed after a day.
  clock.moveBy(25 * 3_600_000);
  const fanOut = await callsDuring(async () => {
    const editions = aws.backlog('cohorts');
    isQueueDown = true;
    await deliver(functions.fanOutDigests, editions, { getRemainingTimeInMillis: () => 0 });
    isQueueDown = false;
    await deliver(functions.fanOutDigests, editions);
  });
  const send = await callsDuring(async () => {
    aws.sesServer.faults.next({ kind: 'quota' });
    await deliver(functions.sendDigests, aws.backlog('digests'));
    clock.moveBy(3_600_000);
    aws.sesServer.faults.next({ kind: 'drop-answer' });
    await deliver(functions.sendDigests, aws.backlog('digests'));
    await aws.sesServer.settled();
  });
  // A second soft bounce looks for a digest that arrived in between.
  const firstBounce = { softBounces: 1, firstSoftBounceAt: clock.now(), lastSoftBounceAt: clock.now() };
  await system.subscribe([createSubscriber({ id: FEEDBACK_KEY.subscriberId, ...firstBounce })]);
  const secondBounce = JSON.stringify(createBounceEvent('Transient', 'MailboxFull'));
  const feedback = await callsDuring(() =>
    deliver(functions.handleFeedback, [...aws.backlog('feedback'), secondBounce]),
  );

  const pages = await openPages();
  const signingUp = await callsDuring(pages.signUp);
  const requests = await callsDuring(() => deliver(functions.handleRequests, aws.backlog('requests')));
  const others = await callsDuring(async () => {
    await pages.confirm();
    await pages.preview('ada');
    await pages.readStatus();
    await pages.move('ada');
    await pages.takeOut('ada');
    await pages.erase('ada');
  });
  const api = [...new Set([...signingUp, ...others])].sort();
  const cards = createCardsApp(functions.cardPorts);
  const drawn = await callsDuring(async () => {
    for (const path of ['/cards/papers/2606.00001.png', `/cards/days/${DAY}.png`]) {
      const { status } = await cards.request(path);
      if (status !== 200) throw new Error(`${path}: ${status}`);
    }
  });

  return {
    'ingest-papers': ingest,
    'plan-digests': plan,
    'fan-out-digests': fanOut,
    'send-digests': send,
    'handle-feedback': feedback,
    'handle-requests': requests,
    api,
    'draw-cards': drawn,
  };
}

test('functions call on AWS exactly what the analysis finds in their sources', async () => {
  const seen = await liveThroughADay();

  const read = Object.fromEntries(
    [...(await filesOfFunctions())].map(([name, files]) => {
      const needs = needsOf(name, files, createSourceReader())
        // The local system has no secrets manager.
        .filter(({ action }) => action !== 'secretsmanager:GetSecretValue')
        .map(
          ({ action, variable, isOnIndex }) =>
            `${action} on ${variable ?? 'the account'}${isOnIndex ? ', an index' : ''}`,
        );
      return [name, [...new Set(needs)].sort()];
    }),
  );
  expect(seen).toEqual(read);
});
