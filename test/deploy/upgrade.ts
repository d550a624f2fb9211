import assert from 'node:assert/strict';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';
import { stackNamesOf } from '../../infra/stack-names.ts';
import { openRepositories } from '../../local/repositories.ts';
import { createErrorTelemetry } from '../../local/telemetry.ts';
import { createSecretKeyring } from '../../shared/adapters/secrets/keyring.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import type { Subscriber } from '../../shared/domain/subscribers/subscriber.ts';
import { previousTick } from '../../shared/domain/time/time.ts';
import { createNewSubscriber } from '../../shared/subscribers/new-subscriber.ts';
import { adaptTemplate } from './adapt-template.ts';
import { invokeFunction } from './call-service.ts';
import type { Cdk, CdkDeployment } from './cdk.ts';
import type { Cloud } from './cloud.ts';
import { fetchFromApi } from './fetch-from-api.ts';
import { loadLogGroups } from './function-logs.ts';
import { takeInventory } from './inventory.ts';
import { unpackPreviousVersion } from './previous-version.ts';
import { lastFullHour } from './readers.ts';
import { unsubscribeUrlOf } from './send-digests.ts';
import type { Step } from './steps.ts';
import { waitUntil } from './wait-until.ts';

/** The outputs that the test needs of a deployed version. Older versions have no others. */
const outputsSchema = z.looseObject({
  PapersTable: z.string(),
  SubscribersTable: z.string(),
  DeliveriesTable: z.string(),
  KeysSecret: z.string(),
  ApiUrl: z.string(),
  IngestPapersFunction: z.string(),
  PlanDigestsFunction: z.string(),
});

/** A version deployed as `prod`, with its tables. */
type Running = ReturnType<typeof open>;

/** A reader who got one digest, and the unsubscribe URL of its mail. */
interface Mailed {
  readonly reader: Subscriber;
  readonly unsubscribeUrl: URL;
}

const MAIL_TIMEOUT_MS = 60_000;
const DOMAIN = 'upgrade.example';

const stacks = stackNamesOf('prod');

/**
 * Upgrades `prod` from the previous version to this one, rolls back, and upgrades again. Each version mails its own new
 * reader, and nobody whom another version mailed. Links work in every version, whichever version sent them.
 *
 * @param current the assembly of this version
 * @returns the outputs of this version at the end
 */
export async function tryUpgrade(
  step: Step,
  cdk: Cdk,
  cloud: Cloud,
  { current, folder, papersUrl }: { current: string; folder: string; papersUrl: string },
): Promise<Running> {
  const previous = join(folder, 'previous');
  const release = await unpackPreviousVersion(previous, papersUrl);
  for (const stack of Object.values(stacks)) await adaptTemplate(previous, stack);

  const [before, first] = await step('prod: the previous version mails a reader', async (note) => {
    note(`${release.version}, commit ${release.commit}`);
    const running = open(cloud, await cdk.deploy(previous, current));
    await invokeFunction(cloud, running.IngestPapersFunction, { source: 'hf-daily' });
    return [running, await mailNewcomer(running, 'Asia/Dubai')];
  });
  const kept = await takeInventory(cloud, 'prod');

  const second = await step('prod: an upgrade keeps names, data and links', async (note) => {
    const running = open(cloud, await cdk.deploy(current));
    assertSameNames(before, running);
    await assertNothingLost(cloud, kept);
    note(`${running.outputs.Version}, commit ${running.outputs.Commit}`);
    await unsubscribe(running, first);
    return mailNewcomer(running, 'Asia/Karachi');
  });

  const third = await step('prod: a rollback keeps them, too', async () => {
    const running = open(cloud, await cdk.deploy(previous, current));
    assertSameNames(before, running);
    await assertNothingLost(cloud, kept);
    await unsubscribe(running, first);
    await unsubscribe(running, second);
    return mailNewcomer(running, 'Asia/Dhaka');
  });

  return step(
    'prod: after another upgrade nobody got a second mail, and no function logged a warning',
    async () => {
      const running = open(cloud, await cdk.deploy(current));
      await unsubscribe(running, third);
      await mailNewcomer(running, 'Asia/Bangkok');
      const recipients = mailsToReaders(cloud).flatMap((mail) => mail.recipients);
      assert.equal(recipients.length, 4);
      assert.equal(new Set(recipients).size, 4);
      await assertLogs(cloud, String(running.outputs.Commit));
      return running;
    },
  );
}

function open(cloud: Cloud, { outputs }: CdkDeployment) {
  const known = outputsSchema.parse({ ...outputs[stacks.data], ...outputs[stacks.pipeline] });
  const tables = {
    papers: known.PapersTable,
    subscribers: known.SubscribersTable,
    deliveries: known.DeliveriesTable,
  };
  return {
    ...known,
    cloud,
    outputs: { ...outputs[stacks.data], ...outputs[stacks.pipeline] },
    repositories: openRepositories(cloud.documents, tables, systemClock),
    keyring: createSecretKeyring({
      client: cloud.secrets,
      secretId: known.KeysSecret,
      clock: systemClock,
      telemetry: createErrorTelemetry(() => undefined),
    }),
  };
}

/** Adds a due reader in a time zone and cohort of their own, and waits for the one mail. */
export async function mailNewcomer(running: Running, timeZone: string): Promise<Mailed> {
  const { cloud, repositories, keyring, PlanDigestsFunction } = running;
  const dueAt = lastFullHour(systemClock.now());
  const { idKey } = await keyring.load();
  const { hour } = Temporal.Instant.from(dueAt).toZonedDateTimeISO(timeZone);
  const reader = createNewSubscriber(
    {
      address: `${timeZone.replace('/', '.').toLowerCase()}@${DOMAIN}`,
      status: 'confirmed',
      timeZone,
      hour,
      subscriptions: [{ lists: ['hf-daily'], query: '', cadence: 'daily', maxPapers: 10, sort: 'trending' }],
      consent: { at: dueAt, from: 'the deploy test', text: 'A subscriber made up for the test.' },
      cause: { at: dueAt, by: 'operator' },
    },
    idKey,
  );
  await repositories.subscribers.save(reader);
  await repositories.planner.save(
    { lastTick: previousTick(dueAt), arrivals: {} },
    await repositories.planner.load(),
  );
  await invokeFunction(cloud, PlanDigestsFunction, {});
  const mail = await waitUntil(`the digest of ${reader.address}`, MAIL_TIMEOUT_MS, async () =>
    mailsToReaders(cloud).find(({ recipients }) => recipients.includes(reader.address)),
  );
  return { reader, unsubscribeUrl: unsubscribeUrlOf({ mail: await PostalMime.parse(mail.raw) }) };
}

/** Unsubscribes in one click. A repeat changes nothing. */
async function unsubscribe(running: Running, { reader, unsubscribeUrl: url }: Mailed): Promise<void> {
  const form = 'List-Unsubscribe=One-Click';
  assert.equal((await fetchFromApi(running, { method: 'POST', url, form })).status, 200);
  assert.equal((await running.repositories.subscribers.load(reader.id))?.status, 'unsubscribed');
}

/** Operators' programs and bookmarks use the outputs, so each keeps its value. */
function assertSameNames(before: Running, after: Running): void {
  for (const [name, value] of Object.entries(before.outputs)) {
    if (!/(Version|Commit)$/.test(name)) assert.equal(after.outputs[name], value, `the output ${name}`);
  }
}

/** Every earlier resource still exists under the same name. */
async function assertNothingLost(
  cloud: Cloud,
  kept: Awaited<ReturnType<typeof takeInventory>>,
): Promise<void> {
  const now = await takeInventory(cloud, 'prod');
  for (const [kind, names] of Object.entries(kept)) {
    const lost = names.filter((name) => !now[kind]?.includes(name));
    assert.deepEqual(lost, [], `${kind} that are gone`);
  }
}

function mailsToReaders(cloud: Cloud) {
  return cloud.inbox
    .mails()
    .filter(({ recipients }) => recipients.some((recipient) => recipient.endsWith(`@${DOMAIN}`)));
}

/** No function of any version logged a warning or an error, and log lines of this version name its commit. */
async function assertLogs(cloud: Cloud, commit: string): Promise<void> {
  const logGroups = await loadLogGroups(cloud, stacks.pipeline);
  const lines = logGroups.flatMap(({ messages }) => messages);
  assert.deepEqual(
    lines.filter((line) => /"level":"(WARN|ERROR|CRITICAL)"/.test(line)),
    [],
  );
  assert.ok(
    lines.some((line) => line.includes(`"commit":"${commit}"`)),
    `a line of the logs names the commit ${commit}`,
  );
}
