import type { DataOutputs, PipelineOutputs } from '../../infra/outputs.ts';
import { isTrackingEvents, listsOf } from '../../infra/settings/derived.ts';
import type { Settings } from '../../infra/settings/schema.ts';
import { sourcesOf } from '../../shared/domain/lists/lists.ts';
import { loadOnFirstUse } from '../../shared/domain/once.ts';
import { type Instant, MS_PER_HOUR, msBetween } from '../../shared/domain/time/time.ts';
import { sourceRegistry } from '../../shared/sources/registry.ts';
import { checkArxiv, checkLists } from './checks/lists.ts';
import {
  checkAlarms,
  checkConfigurationSet,
  checkEventDestination,
  checkFeedbackSubscription,
} from './checks/notifications.ts';
import { checkOneClick, checkPublicUrl } from './checks/pages.ts';
import { readingChecks } from './checks/reading.ts';
import {
  type ConsumedQueue,
  checkCohorts,
  checkConcurrency,
  checkEventSources,
  checkPlanner,
  checkQueue,
  checkVersion,
} from './checks/running.ts';
import {
  checkDkim,
  checkDmarc,
  checkIdentity,
  checkMailFrom,
  checkSpf,
  domainsAbove,
  isAddress,
  type KnownSender,
} from './checks/sender.ts';
import { checkProductionAccess, checkQuota, checkRate, checkSending } from './checks/sending-account.ts';
import { type Check, type Finding, wait } from './diagnosis.ts';
import type { DoctorPorts } from './ports.ts';

/** What the checks know of a deployment before they ask. */
export interface CheckedDeployment {
  readonly settings: Settings;
  readonly outputs: DataOutputs & PipelineOutputs;
}

/** Whether a deployment is less than an hour old. Until then, a schedule may not have run, and DNS may not have spread. */
export function isJustDeployed(deployedAt: Instant, now: Instant): boolean {
  return msBetween(deployedAt, now) < MS_PER_HOUR;
}

/** Loads when the pipeline was deployed last, and whether that is less than an hour ago. */
type LoadAge = () => Promise<{ readonly deployedAt: Instant; readonly isJustDeployed: boolean }>;

/** Returns every check in the order of the report: may it send, does it hear feedback, does it run, can readers leave. */
export function createChecks(deployment: CheckedDeployment, ports: DoctorPorts): readonly Check[] {
  const loadAge = loadOnFirstUse(async () => {
    const deployedAt = await ports.stack.loadChangedAt();
    return { deployedAt, isJustDeployed: isJustDeployed(deployedAt, ports.clock.now()) };
  });
  return [
    { name: 'version', isInStatus: true, run: async () => checkVersion(deployment.outputs) },
    ...accountChecks(deployment, ports),
    ...senderChecks(deployment, ports, loadAge),
    ...feedbackChecks(deployment, ports),
    ...runningChecks(deployment, ports, loadAge),
    ...alarmChecks(deployment, ports, loadAge),
    {
      name: 'public URL',
      run: () => checkPublicUrl(ports.web, deployment.outputs),
    },
    { name: 'one-click unsubscribe', run: () => checkOneClick(ports, deployment.outputs.PublicUrl) },
  ];
}

function accountChecks({ settings }: CheckedDeployment, { mail, cohorts }: DoctorPorts): readonly Check[] {
  const account = loadOnFirstUse(() => mail.loadAccount());
  return [
    {
      name: 'SES sandbox',
      isInStatus: true,
      run: async () => checkProductionAccess(await account(), settings.stage),
    },
    { name: 'SES sending', isInStatus: true, run: async () => checkSending(await account()) },
    {
      name: 'SES quota',
      isInStatus: true,
      run: async () => checkQuota(await account(), (await cohorts.countAll()).sizes),
    },
    {
      name: 'SES rate',
      isInStatus: true,
      run: async () => checkRate(await account(), settings.sending.accountRatePerSec),
    },
  ];
}

function senderChecks(
  { settings, outputs }: CheckedDeployment,
  { mail, dns }: DoctorPorts,
  loadAge: LoadAge,
): readonly Check[] {
  const name = outputs.SenderIdentity;
  const isWrittenByUs = settings.sender.hostedZone !== undefined;
  /** In the first hour SES and name servers may not have seen the records yet. The check waits then. */
  const settling = (isExpected: boolean, check: () => Promise<Finding>) => async () => {
    const finding = await check();
    const isSettling = isExpected && finding.state !== 'ok' && (await loadAge()).isJustDeployed;
    return isSettling ? wait(finding.found, finding.advice) : finding;
  };
  const sender = loadOnFirstUse(async (): Promise<KnownSender> => {
    const [identity, domain] = await Promise.all([
      mail.loadIdentity(name),
      isAddress(name) ? loadDomain(mail, name) : undefined,
    ]);
    return { name, identity, domain };
  });
  return [
    {
      name: 'sender identity',
      run: settling(!settings.sender.isVerified, async () => checkIdentity(await sender())),
    },
    { name: 'DKIM', run: settling(isWrittenByUs, async () => checkDkim(await sender())) },
    { name: 'MAIL FROM', run: settling(isWrittenByUs, async () => checkMailFrom(await sender())) },
    { name: 'SPF', run: settling(isWrittenByUs, async () => checkSpf(dns, await sender())) },
    {
      name: 'DMARC',
      run: settling(isWrittenByUs, async () =>
        checkDmarc(dns, await sender(), settings.publication.fromAddress),
      ),
    },
  ];
}

/** Returns the nearest domain of an address that SES knows. */
async function loadDomain(mail: DoctorPorts['mail'], address: string): Promise<KnownSender['domain']> {
  for (const name of domainsAbove(address)) {
    const identity = await mail.loadIdentity(name);
    if (identity) return { ...identity, name };
  }
  return undefined;
}

function feedbackChecks(
  { settings, outputs }: CheckedDeployment,
  { mail, topics, queues }: DoctorPorts,
): readonly Check[] {
  const { ConfigurationSet: set, FeedbackTopic: topic, FeedbackQueueUrl } = outputs;
  return [
    {
      name: 'configuration set',
      run: async () => {
        const known = await mail.loadConfigurationSet(set);
        if (!known || known.suppressed) return checkConfigurationSet(set, known);
        const { suppressed } = await mail.loadAccount();
        return checkConfigurationSet(set, { ...known, suppressed });
      },
    },
    {
      name: 'event destination',
      run: async () =>
        checkEventDestination(await mail.loadEventDestinations(set), topic, isTrackingEvents(settings)),
    },
    {
      name: 'feedback subscription',
      run: async () => {
        const [subscriptions, queue] = await Promise.all([
          topics.loadSubscriptions(topic),
          queues.load(FeedbackQueueUrl),
        ]);
        return checkFeedbackSubscription(subscriptions, queue.arn);
      },
    },
  ];
}

function alarmChecks(
  { settings, outputs }: CheckedDeployment,
  { topics }: DoctorPorts,
  loadAge: LoadAge,
): readonly Check[] {
  return [
    {
      name: 'alarms',
      run: async () => {
        const { isJustDeployed } = await loadAge();
        return checkAlarms(await topics.loadSubscriptions(outputs.AlarmsTopic), settings, isJustDeployed);
      },
    },
  ];
}

function runningChecks(
  { settings, outputs }: CheckedDeployment,
  ports: DoctorPorts,
  loadAge: LoadAge,
): readonly Check[] {
  const { sourceStates, planner, queues, functions, clock } = ports;
  const lists = listsOf(settings);
  const queuePairs = [
    ['cohorts queue', outputs.CohortsQueueUrl, outputs.CohortsDlqUrl, outputs.FanOutDigestsFunction],
    ['digests queue', outputs.DigestsQueueUrl, outputs.DigestsDlqUrl, outputs.SendDigestsFunction],
    ['feedback queue', outputs.FeedbackQueueUrl, outputs.FeedbackDlqUrl, outputs.HandleFeedbackFunction],
    ['requests queue', outputs.RequestsQueueUrl, outputs.RequestsDlqUrl, outputs.HandleRequestsFunction],
  ] as const;
  const functionNames = [
    ...[outputs.IngestPapersFunction, outputs.PlanDigestsFunction, outputs.ApiFunction],
    ...queuePairs.map(([, , , functionName]) => functionName),
  ];
  const loadWorkedOff = loadOnFirstUse(() =>
    Promise.all(
      queuePairs.map(async ([name, url, , functionName]): Promise<ConsumedQueue> => {
        const [{ arn }, sources] = await Promise.all([
          queues.load(url),
          functions.loadEventSources(functionName),
        ]);
        return { name, arn, sources };
      }),
    ),
  );
  const { arxiv } = settings.lists;
  return [
    { name: 'lists', run: async () => checkLists(settings.lists, outputs) },
    ...(arxiv ? [{ name: 'arXiv', run: () => checkArxiv(ports.web, arxiv.url) }] : []),
    ...sourcesOf(lists).flatMap((source) => {
      const ofSource = lists.filter((list) => list.source === source);
      return readingChecks(source, ofSource, settings.lists[source]?.minutes ?? [], {
        loadState: loadOnFirstUse(() => sourceStates.load(source)),
        findUnread: sourceRegistry[source].create({}).findUnread,
        loadDeployedAt: async () => (await loadAge()).deployedAt,
        now: () => clock.now(),
      });
    }),
    { name: 'cohorts', isInStatus: true, run: async () => checkCohorts(await ports.cohorts.countAll()) },
    {
      name: 'planner',
      isInStatus: true,
      run: async () => {
        const [state, { deployedAt }] = await Promise.all([planner.load(), loadAge()]);
        return checkPlanner(state, clock.now(), deployedAt);
      },
    },
    ...queuePairs.map(([name, url, deadLettersUrl]) => ({
      name,
      isInStatus: true,
      run: async () => checkQueue(...(await Promise.all([queues.load(url), queues.load(deadLettersUrl)]))),
    })),
    { name: 'event sources', run: async () => checkEventSources(await loadWorkedOff()) },
    {
      name: 'concurrency',
      run: async () => {
        const [concurrency, workedOff, reservations] = await Promise.all([
          functions.loadConcurrency(),
          loadWorkedOff(),
          Promise.all(
            functionNames.map(async (name) => ({ name, reserved: await functions.loadReserved(name) })),
          ),
        ]);
        return checkConcurrency(concurrency, workedOff, reservations);
      },
    },
  ];
}
