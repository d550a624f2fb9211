import assert from 'node:assert/strict';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import PostalMime, { type Email } from 'postal-mime';
import * as z from 'zod';
import { type Delivery, deliverySchema } from '../../shared/domain/digests/delivery.ts';
import { type Instant, previousTick } from '../../shared/domain/time/time.ts';
import { invokeFunction } from './call-service.ts';
import type { Deployment } from './deployment.ts';
import type { Readers } from './readers.ts';
import { FROM_ADDRESS } from './settings.ts';
import { waitUntil } from './wait-until.ts';

/** The mail of one digest, and its ledger record. */
export interface SentDigest {
  readonly address: string;
  readonly delivery: Delivery;
  readonly mail: Email;
}

const PIPELINE_TIMEOUT_MS = 60_000;

const planSchema = z.object({ editions: z.number() });

/** Adds the readers, and sets the planner back to just before they are due, as after an outage. */
export async function addReaders({ repositories }: Deployment, readers: Readers, dueAt: Instant) {
  for (const reader of [...readers.plain, readers.bouncing, readers.paused]) {
    await repositories.subscribers.save(reader);
  }
  const previous = await repositories.planner.load();
  await repositories.planner.save({ lastTick: previousTick(dueAt), arrivals: {} }, previous);
}

/**
 * Plans once, and waits until the digests are fanned out and sent. It checks that each due reader got one digest at
 * their own address, with papers and an unsubscribe link, and that nobody else got one.
 */
export async function sendDigests(deployment: Deployment, readers: Readers): Promise<readonly SentDigest[]> {
  await invokeFunction(deployment.cloud, deployment.PlanDigestsFunction, {});
  const due = [...readers.plain, readers.bouncing];
  const { inbox } = deployment.cloud;
  await waitUntil(`${due.length} digests`, PIPELINE_TIMEOUT_MS, async () => {
    const isSettled = (await loadLedger(deployment)).filter(({ outcome }) => outcome.state !== 'claimed');
    return isSettled.length >= due.length && inbox.mails().length >= due.length ? due : undefined;
  });

  const mails = inbox.mails();
  assert.deepEqual(mails.flatMap(({ recipients }) => recipients).sort(), due.map((it) => it.address).sort());
  const deliveries = await loadLedger(deployment);
  assert.deepEqual(deliveries.map((it) => it.subscriberId).sort(), due.map((it) => it.id).sort());
  return Promise.all(
    due.map(async ({ id, address }) => {
      const raw = mails.find(({ recipients }) => recipients[0] === address)?.raw ?? '';
      const sent = { address, mail: await PostalMime.parse(raw), delivery: theOne(deliveries, id) };
      assertDigest(sent);
      return sent;
    }),
  );
}

/** Plans again, and checks that nobody is mailed again and that all queues stay empty, including dead-letter queues. */
export async function planAgain(deployment: Deployment): Promise<void> {
  const mailsBefore = deployment.cloud.inbox.mails().length;
  const ledgerBefore = await loadLedger(deployment);
  const planned = await invokeFunction(deployment.cloud, deployment.PlanDigestsFunction, {});
  assert.deepEqual(planSchema.parse(planned), { editions: 0 });
  assert.equal(deployment.cloud.inbox.mails().length, mailsBefore);
  assert.deepEqual(await loadLedger(deployment), ledgerBefore);
}

function assertDigest({ address, mail, delivery }: SentDigest): void {
  assert.deepEqual(
    mail.to?.map((to) => to.address),
    [address],
  );
  assert.equal(mail.from?.address, FROM_ADDRESS);
  assert.ok(mail.subject, 'a digest has a subject');
  assert.ok(mail.text?.includes('http'), 'a digest has a text part with links');
  assert.equal(headerOf(mail, 'List-Unsubscribe-Post'), 'List-Unsubscribe=One-Click');
  assert.equal(delivery.outcome.state, 'sent');
  assert.equal(mail.messageId, `<${delivery.outcome.messageId}>`);
  assert.ok(delivery.paperIds.length > 0, 'a digest has papers');
  for (const paperId of delivery.paperIds) {
    assert.ok(mail.text?.includes(paperId), `the mail links the paper ${paperId} that the ledger names`);
  }
}

/** Returns the one-click unsubscribe URL of a mail. */
export function unsubscribeUrlOf({ mail }: Pick<SentDigest, 'mail'>): URL {
  const [, url = ''] = /<(https:[^>]+)>/.exec(headerOf(mail, 'List-Unsubscribe') ?? '') ?? [];
  return new URL(url);
}

function headerOf({ headers }: Email, name: string): string | undefined {
  return headers.find(({ key }) => key === name.toLowerCase())?.value;
}

function theOne(deliveries: readonly Delivery[], subscriberId: string): Delivery {
  const [delivery, ...others] = deliveries.filter((it) => it.subscriberId === subscriberId);
  assert.ok(delivery && others.length === 0, `one digest of ${subscriberId} in the ledger`);
  return delivery;
}

/** Returns every delivery of every subscriber, sorted by key. */
async function loadLedger({ cloud, tables }: Deployment): Promise<readonly Delivery[]> {
  const { Items = [] } = await cloud.documents.send(
    new ScanCommand({
      TableName: tables.deliveries,
      FilterExpression: 'begins_with(pk, :subscriber)',
      ExpressionAttributeValues: { ':subscriber': 'SUB#' },
      ConsistentRead: true,
    }),
  );
  return Items.map((item) => deliverySchema.parse(item)).toSorted((one, other) =>
    one.subscriberId < other.subscriberId ? -1 : 1,
  );
}
