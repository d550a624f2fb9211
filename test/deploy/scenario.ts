import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSample } from '../../local/hugging-face/sample.ts';
import { startDailyPapersServer } from '../../local/hugging-face/server.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { type Day, utcDayOf } from '../../shared/domain/time/time.ts';
import { assertBothLists, readArxiv, readStatus, type ServedArxiv, serveArxiv } from './arxiv.ts';
import { bounce } from './bounce.ts';
import { type Cdk, createCdk } from './cdk.ts';
import type { CleanUp } from './clean-up.ts';
import { type Cloud, openCloud } from './cloud.ts';
import { openDeployment } from './deployment.ts';
import { loadLogGroups } from './function-logs.ts';
import { initTwice } from './init.ts';
import { installMinistack } from './install-ministack.ts';
import { takeInventory, toLine } from './inventory.ts';
import { startMinistack } from './ministack.ts';
import { muteFromDigest } from './mute.ts';
import { assertNoComplaints, assertQueuesEmpty } from './no-trouble.ts';
import { readPages } from './pages.ts';
import { readByHand, readBySchedule } from './read-papers.ts';
import { createReaders, lastFullHour } from './readers.ts';
import { deployLogRetention, deployUnchanged } from './redeploy.ts';
import { restoreSecret, restoreTable } from './restore.ts';
import { addReaders, planAgain, sendDigests } from './send-digests.ts';
import { ARXIV_LIST, createSettings } from './settings.ts';
import { signUpAndConfirm } from './sign-up.ts';
import { startSmtpInbox } from './smtp-inbox.ts';
import type { Step } from './steps.ts';
import { destroyAll, destroyKeptData, destroyKeptPipeline, findStacks } from './take-down.ts';
import { unsubscribeInOneClick } from './unsubscribe.ts';
import { mailNewcomer, tryUpgrade } from './upgrade.ts';

const LOG_DAYS = 14;
const OTHER_LOG_DAYS = 7;

/**
 * Runs all steps in order: install, deploy `dev`, send digests and handle feedback, deploy again, destroy. Then it
 * tests what `prod` protects.
 */
export async function runScenario(step: Step, cleanUp: CleanUp, folder: string): Promise<void> {
  const logFile = join(folder, 'ministack.log');
  const python = await step('installs ministack', () => installMinistack(join(folder, 'pip.log'), cleanUp));
  const cloud = await step('starts ministack', async () => {
    const inbox = await startSmtpInbox(cleanUp);
    const url = await startMinistack({ python, folder, logFile, smtpHost: inbox.host, cleanUp });
    return openCloud(url, inbox);
  });
  const cdk = createCdk({ url: cloud.url, folder, logFile: join(folder, 'cdk.log'), cleanUp });
  const today = utcDayOf(systemClock.now());
  const papersUrl = await startPapers(today, cleanUp);
  const arxiv = await serveArxiv(cleanUp);
  await step('bootstraps the account', () => cdk.bootstrap(createSettings('dev', papersUrl, LOG_DAYS)));
  try {
    await tryDev(step, cdk, cloud, { papersUrl, arxiv, today });
    await tryProd(step, cdk, cloud, { papersUrl, folder });
  } catch (error) {
    const logGroups = await loadLogGroups(cloud, '');
    const lines = logGroups.flatMap(({ name, messages }) => [`==> ${name}`, ...messages]);
    await writeFile(join(folder, 'functions.log'), lines.join('\n'));
    throw error;
  }
}

async function tryDev(
  step: Step,
  cdk: Cdk,
  cloud: Cloud,
  { papersUrl, arxiv, today }: { papersUrl: string; arxiv: ServedArxiv; today: Day },
): Promise<void> {
  const settings = createSettings('dev', papersUrl, LOG_DAYS, arxiv.url);
  const assembly = await step('dev: makes its templates and bundles', () => cdk.synth('dev', settings));
  const deployment = await step('dev: deploys both stacks', async (note) => {
    const deployed = await cdk.deploy(assembly);
    note(toLine(await takeInventory(cloud, 'dev')));
    return openDeployment(cloud, 'dev', deployed);
  });
  await step('dev: both stacks are complete', async () => {
    const expected = Object.values(deployment.stacks).map((stack) => `${stack} CREATE_COMPLETE`);
    assert.deepEqual(await findStacks(cloud, 'dev'), expected);
  });

  await step('papers: the schedule reads the list', () => readBySchedule(deployment, today));
  await step('papers: reading again changes none', () => readByHand(deployment, today));
  await step('papers: arXiv is read, one request at a time', async (note) => {
    note(`${await readArxiv(deployment, arxiv)} papers of ${ARXIV_LIST}`);
  });
  await step('api: the status has both lists', () => readStatus(deployment, arxiv));

  await step('pages: a day, a paper, a search, the sitemap, feeds and images answer', () =>
    readPages(deployment, today),
  );

  const dueAt = lastFullHour(systemClock.now());
  const { idKey } = await deployment.keyring.load();
  const readers = createReaders(dueAt, idKey);
  await step('digests: subscribers join, one is paused', () => addReaders(deployment, readers, dueAt));
  const digests = await step('digests: plan, fan out, send', (note) => {
    return sendDigests(deployment, readers).then((sent) => {
      note(`one mail to each of ${sent.length} who are due`);
      return sent;
    });
  });
  await step('digests: planning again mails nobody', () => planAgain(deployment));

  const [first] = digests;
  const bounced = digests.find(({ address }) => address === readers.bouncing.address);
  assert.ok(first && bounced);
  await step('digests: a digest has papers of both lists', () =>
    assertBothLists(deployment, arxiv, today, first),
  );
  await step('pages: the mute link of a digest mutes a paper', () => muteFromDigest(deployment, first));
  await step('pages: one click unsubscribes, a GET does not', () => unsubscribeInOneClick(deployment, first));
  await step('feedback: a bounce stops the mails', () => bounce(deployment, bounced));

  const signUpMails = await step('sign-up: through the API, by mail, confirmed', () =>
    signUpAndConfirm(deployment),
  );

  await step('dev: all queues are empty, and nobody got a second mail', async () => {
    await assertQueuesEmpty(deployment);
    assert.equal(signUpMails, 1);
    assert.equal(cloud.inbox.mails().length, digests.length + signUpMails);
  });
  await step('dev: no function logged a warning or an error', () => assertNoComplaints(deployment));

  await step('dev: deploying again changes nothing', () => deployUnchanged(cdk, assembly, deployment));
  await step(`dev: changes the log retention from ${LOG_DAYS} to ${OTHER_LOG_DAYS} days`, async () => {
    const changed = await cdk.synth('dev-changed', { ...settings, logRetentionDays: OTHER_LOG_DAYS });
    await deployLogRetention(cdk, changed, deployment, OTHER_LOG_DAYS);
  });
  await step('dev: is destroyed completely', () => destroyAll(cdk, assembly, cloud));
}

async function tryProd(
  step: Step,
  cdk: Cdk,
  cloud: Cloud,
  { papersUrl, folder }: { papersUrl: string; folder: string },
): Promise<void> {
  const assembly = await step('prod: makes its templates and bundles', () =>
    cdk.synth('prod', createSettings('prod', papersUrl, LOG_DAYS)),
  );
  const running = await tryUpgrade(step, cdk, cloud, { current: assembly, folder, papersUrl });
  await step('prod: a table and the secret are restored under their names', async () => {
    await restoreSecret(cloud, running.KeysSecret);
    await restoreTable(cloud, running.SubscribersTable);
    await mailNewcomer(running, 'Asia/Tokyo');
  });
  await step('prod: init sends a first digest, and repeats send none', () => initTwice(cdk, assembly, cloud));
  const kept = await step('prod: the pipeline is protected, and its deletion keeps the data', () =>
    destroyKeptPipeline(cdk, assembly, cloud),
  );
  await step('prod: the data stack is protected, and its deletion keeps the data', () =>
    destroyKeptData(cdk, assembly, cloud, kept),
  );
}

/** Serves the bundled sample of lists, dated so that the newer day is today. */
async function startPapers(today: Day, cleanUp: CleanUp): Promise<string> {
  const answer = createSample({ today });
  const server = await startDailyPapersServer({ answer, clock: systemClock });
  cleanUp.add(server.close);
  return `${server.url}/api/daily_papers`;
}
