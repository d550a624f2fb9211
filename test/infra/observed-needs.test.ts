import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createApiPorts } from '../../functions/api/ports.ts';
import { localTables } from '../../local/emulators/dynamodb.ts';
import { createKeys } from '../../local/keys.ts';
import { createLocalPublication } from '../../local/local-publication.ts';
import type { FunctionName } from '../../shared/function-names.ts';
import { createWebApp } from '../../shared/web/app.tsx';
import { createSubscriberLinks } from '../../shared/web/links.ts';
import { createSubscriber, createSubscription } from '../factories/subscribers.ts';
import { createFakeTelemetry } from '../fakes/outside.ts';
import { type FlowSystem, startFlowSystem } from '../flow/flow-system.ts';
import { deliver } from '../flow/sqs-delivery.ts';
import { filesOfFunctions, needsOf } from './permissions/needs.ts';
import { createSourceReader } from './permissions/syntax.ts';

const DAY = '2026-06-01';
const PAGES = 'http://localhost:4310';

/** Where an operation is not called like its action. */
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

/** Notes what is sent: `dynamodb:Query on SUBSCRIBERS_TABLE, an index`. */
function observe<Args extends { readonly input: object }>(
  { clientName = '', commandName = '' }: { clientName?: string; commandName?: string },
  args: Args,
): Args {
  const operation = commandName.replace(/Command$/, '');
  const service = SERVICES[clientName.replace(/Client$/, '')];
  const onIndex = 'IndexName' in args.input ? ', an index' : '';
  observed.add(`${service}:${ACTIONS[operation] ?? operation} on ${variableOf(args.input)}${onIndex}`);
  return args;
}

/** The variable by which a function is told what its request names. */
function variableOf(input: object): string | undefined {
  const text = JSON.stringify(input);
  const { papers, subscribers, deliveries } = localTables;
  const { cohorts, digests } = system.aws.queueUrls;
  const told = {
    PAPERS_TABLE: papers,
    SUBSCRIBERS_TABLE: subscribers,
    DELIVERIES_TABLE: deliveries,
    COHORTS_QUEUE_URL: cohorts,
    DIGESTS_QUEUE_URL: digests,
    CONFIGURATION_SET: 'ConfigurationSetName',
  };
  return Object.entries(told).find(([, value]) => text.includes(`"${value}"`))?.[0];
}

async function callsDuring(act: () => Promise<unknown>): Promise<readonly string[]> {
  observed = new Set();
  await act();
  return [...observed].sort();
}

/** A day on which everything happens that makes a function do something else on AWS. */
async function liveThroughADay(): Promise<Readonly<Record<FunctionName, readonly string[]>>> {
  const { functions, aws, clock } = system;
  const keys = createKeys();
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

  const ingest = await callsDuring(() => functions.ingestPapers('hf-daily'));
  const plan = await callsDuring(() => functions.planDigests());
  // A cohort that everybody left is forgotten after a day.
  clock.moveBy(25 * 3_600_000);
  const fanOut = await callsDuring(() => deliver(functions.fanOutDigests, aws.backlog('cohorts')));
  const send = await callsDuring(async () => {
    aws.sesServer.faults.next({ kind: 'throttle' });
    aws.sesServer.faults.next({ kind: 'drop-answer' });
    const pending = await deliver(functions.sendDigests, aws.backlog('digests'));
    await deliver(functions.sendDigests, pending);
    await aws.sesServer.settled();
  });
  const feedback = await callsDuring(() => deliver(functions.handleFeedback, aws.backlog('feedback')));

  const env = {
    MONITORING: 'basic' as const,
    SUBSCRIBERS_TABLE: localTables.subscribers,
    PUBLICATION: createLocalPublication(PAGES),
    KEYS_SECRET: 'local',
  };
  const clients = { documents: aws.documents, clock, telemetry: createFakeTelemetry() };
  const pages = createWebApp(createApiPorts(env, { ...clients, keyring: { load: async () => keys } }));
  const link = createSubscriberLinks(PAGES, keys.linkKeys, clock.now()).unsubscribe('ada');
  const api = await callsDuring(async () => pages.request(link.pathname, { method: 'POST' }));

  return {
    'ingest-papers': ingest,
    'plan-digests': plan,
    'fan-out-digests': fanOut,
    'send-digests': send,
    'handle-feedback': feedback,
    api,
  };
}

test('what functions are seen to do on AWS is what is read off their sources', async () => {
  const seen = await liveThroughADay();

  const read = Object.fromEntries(
    [...(await filesOfFunctions())].map(([name, files]) => {
      const needs = needsOf(name, files, createSourceReader())
        // On one machine nobody keeps secrets.
        .filter(({ action }) => action !== 'secretsmanager:GetSecretValue')
        .map(({ action, variable, isOnIndex }) => `${action} on ${variable}${isOnIndex ? ', an index' : ''}`);
      return [name, [...new Set(needs)].sort()];
    }),
  );
  expect(seen).toEqual(read);
});
