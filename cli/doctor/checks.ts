import type { DataOutputs, PipelineOutputs } from '../../infra/outputs.ts';
import type { Settings } from '../../infra/settings/schema.ts';
import { calendarOf } from '../../shared/sources/calendars.ts';
import { sourceNames } from '../../shared/sources/source-names.ts';
import { checkAlarms } from './checks/alarms.ts';
import {
  checkConfigurationSet,
  checkEventDestination,
  checkFeedbackSubscription,
} from './checks/feedback.ts';
import { checkOneClick } from './checks/one-click.ts';
import { checkPublicUrl } from './checks/pages.ts';
import { checkQueue } from './checks/queues.ts';
import { checkQuota } from './checks/quota.ts';
import { checkList, checkPlanner } from './checks/schedules.ts';
import {
  checkDkim,
  checkIdentity,
  checkMailFrom,
  domainsAbove,
  isAddress,
  type KnownSender,
} from './checks/sender-identity.ts';
import { checkDmarc, checkSpf } from './checks/sender-records.ts';
import { checkProductionAccess, checkRate, checkSending } from './checks/sending-account.ts';
import { checkVersion } from './checks/version.ts';
import type { Check } from './diagnose.ts';
import type { DoctorPorts } from './ports.ts';

/** What the checks know of a deployment before they ask. */
export interface Patient {
  readonly settings: Settings;
  readonly outputs: DataOutputs & PipelineOutputs;
}

/** Every check, in the order in which they are told: may it send, is it heard, does it run, can readers leave. */
export function createChecks(patient: Patient, ports: DoctorPorts): readonly Check[] {
  return [
    { name: 'version', run: async () => checkVersion(patient.outputs) },
    ...accountChecks(patient, ports),
    ...senderChecks(patient, ports),
    ...feedbackChecks(patient, ports),
    ...runningChecks(patient, ports),
    ...alarmChecks(patient, ports),
    {
      name: 'public URL',
      run: () => checkPublicUrl(ports.web, patient.outputs),
    },
    { name: 'one-click unsubscribe', run: () => checkOneClick(ports, patient.outputs.PublicUrl) },
  ];
}

function accountChecks({ settings }: Patient, { mail, cohorts }: DoctorPorts): readonly Check[] {
  const account = once(() => mail.loadAccount());
  return [
    { name: 'SES sandbox', run: async () => checkProductionAccess(await account(), settings.stage) },
    { name: 'SES sending', run: async () => checkSending(await account()) },
    { name: 'SES quota', run: async () => checkQuota(await account(), await cohorts.countAll()) },
    { name: 'SES rate', run: async () => checkRate(await account(), settings.sending.maxRatePerSec) },
  ];
}

function senderChecks({ settings, outputs }: Patient, { mail, dns }: DoctorPorts): readonly Check[] {
  const name = outputs.SenderIdentity;
  const sender = once(async (): Promise<KnownSender> => {
    const [identity, domain] = await Promise.all([
      mail.loadIdentity(name),
      isAddress(name) ? loadDomain(mail, name) : undefined,
    ]);
    return { name, identity, domain };
  });
  return [
    { name: 'sender identity', run: async () => checkIdentity(await sender()) },
    { name: 'DKIM', run: async () => checkDkim(await sender()) },
    { name: 'MAIL FROM', run: async () => checkMailFrom(await sender()) },
    { name: 'SPF', run: async () => checkSpf(dns, await sender()) },
    {
      name: 'DMARC',
      run: async () => checkDmarc(dns, await sender(), settings.publication.fromAddress),
    },
  ];
}

/** The nearest domain of an address that SES knows. */
async function loadDomain(mail: DoctorPorts['mail'], address: string): Promise<KnownSender['domain']> {
  for (const name of domainsAbove(address)) {
    const identity = await mail.loadIdentity(name);
    if (identity) return { ...identity, name };
  }
  return undefined;
}

function feedbackChecks(
  { settings, outputs }: Patient,
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
        checkEventDestination(await mail.loadEventDestinations(set), topic, settings.eventTracking),
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

function alarmChecks({ settings, outputs }: Patient, { topics }: DoctorPorts): readonly Check[] {
  return [
    {
      name: 'alarms',
      run: async () =>
        checkAlarms(await topics.loadSubscriptions(outputs.AlarmsTopic), settings.alarmAddress),
    },
  ];
}

function runningChecks({ settings, outputs }: Patient, ports: DoctorPorts): readonly Check[] {
  const { sourceStates, planner, queues, clock } = ports;
  const lists = sourceNames.flatMap((list) => {
    const calendar = calendarOf(list);
    return calendar ? [{ list, calendar, minutes: settings.lists[list].minutes }] : [];
  });
  const queuePairs = [
    ['cohorts queue', outputs.CohortsQueueUrl, outputs.CohortsDlqUrl],
    ['digests queue', outputs.DigestsQueueUrl, outputs.DigestsDlqUrl],
    ['feedback queue', outputs.FeedbackQueueUrl, outputs.FeedbackDlqUrl],
    ['requests queue', outputs.RequestsQueueUrl, outputs.RequestsDlqUrl],
  ] as const;
  return [
    ...lists.map((known) => ({
      name: `list ${known.list}`,
      run: async () => checkList({ ...known, state: await sourceStates.load(known.list) }, clock.now()),
    })),
    { name: 'planner', run: async () => checkPlanner(await planner.load(), clock.now()) },
    ...queuePairs.map(([name, url, deadLettersUrl]) => ({
      name,
      run: async () => checkQueue(...(await Promise.all([queues.load(url), queues.load(deadLettersUrl)]))),
    })),
  ];
}

/** Asks once, however many want to know. */
function once<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let answer: Promise<Answer> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}
