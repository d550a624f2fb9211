import { allOf, idIn, type Resource, type Resources, theOne } from '../template.ts';
import type { Rule } from './rule.ts';

const DAY_SEC = 86_400;
const queuesIn = (resources: Resources) => allOf(resources, 'AWS::SQS::Queue');
const cohortsQueue = (resources: Resources) =>
  theOne(resources, 'AWS::SQS::Queue', 'DigestsCohortsQueue').Properties;
const sendDigests = (resources: Resources) =>
  theOne(resources, 'AWS::Lambda::Function', 'DigestsSendDigests').Properties;
const sendMapping = (resources: Resources) =>
  theOne(resources, 'AWS::Lambda::EventSourceMapping', 'DigestsSendDigestsDigestsQueueMessages').Properties;

const deadLetterQueueOf = ({ Properties: { RedrivePolicy: policy } }: Resource) =>
  policy && idIn(policy.deadLetterTargetArn);

/** Returns the ids of resources whose policies refuse requests without TLS. */
function refusingIn(resources: Resources, type: string, list: 'Queues' | 'Topics') {
  const refuses = ({ Effect, Action, Principal, Condition }: Resource) =>
    Effect === 'Deny' &&
    ['sqs:*', 'sns:Publish'].includes(Action) &&
    ['*', '{"AWS":"*"}'].includes(typeof Principal === 'string' ? Principal : JSON.stringify(Principal)) &&
    JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}';
  return allOf(resources, type)
    .filter(([, { Properties }]) => Properties.PolicyDocument.Statement.some(refuses))
    .flatMap(([, { Properties }]) => Properties[list].map(idIn));
}

function firstPolicy(resources: Resources, type: string): Resource {
  const [first] = allOf(resources, type);
  return first?.[1].Properties.PolicyDocument ?? {};
}

export const queueRules: readonly Rule[] = [
  {
    rule: 'every queue has a dead-letter queue or is one',
    faultsIn: (resources) => {
      const deadLetterQueues = queuesIn(resources).map(([, queue]) => deadLetterQueueOf(queue));
      return queuesIn(resources)
        .filter(([id, queue]) => !resources[deadLetterQueueOf(queue)] && !deadLetterQueues.includes(id))
        .map(([id]) => id);
    },
    breaches: [(resources) => delete cohortsQueue(resources).RedrivePolicy],
  },
  {
    rule: 'a queue retains messages for 4 days and allows at least 5 receives, and a dead-letter queue retains them for 14',
    faultsIn: (resources) =>
      queuesIn(resources)
        .filter(([, { Properties: queue }]) =>
          queue.RedrivePolicy
            ? queue.MessageRetentionPeriod !== 4 * DAY_SEC || queue.RedrivePolicy.maxReceiveCount < 5
            : queue.MessageRetentionPeriod !== 14 * DAY_SEC,
        )
        .map(([id]) => id),
    breaches: [
      (resources) => {
        cohortsQueue(resources).MessageRetentionPeriod += 1;
      },
      (resources) => {
        cohortsQueue(resources).RedrivePolicy.maxReceiveCount = 4;
      },
      (resources) => {
        const id = idIn(cohortsQueue(resources).RedrivePolicy.deadLetterTargetArn);
        delete resources[id ?? '']?.Properties.MessageRetentionPeriod;
      },
    ],
  },
  {
    rule: 'a message stays hidden for six function time-outs, and failures are reported one by one',
    faultsIn: (resources) =>
      allOf(resources, 'AWS::Lambda::EventSourceMapping')
        .filter(([, { Properties: mapping }]) => {
          const visibilitySec = resources[idIn(mapping.EventSourceArn) ?? '']?.Properties.VisibilityTimeout;
          const timeoutSec = resources[idIn(mapping.FunctionName) ?? '']?.Properties.Timeout;
          const isLongEnough = visibilitySec >= 6 * timeoutSec;
          return !isLongEnough || !mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures');
        })
        .map(([id]) => id),
    breaches: [
      (resources) => {
        sendDigests(resources).Timeout += 1;
      },
      (resources) => delete sendMapping(resources).FunctionResponseTypes,
    ],
  },
  {
    rule: 'every queue is encrypted at rest and requires TLS',
    faultsIn: (resources) => {
      const refusing = refusingIn(resources, 'AWS::SQS::QueuePolicy', 'Queues');
      return queuesIn(resources)
        .filter(([id, queue]) => !queue.Properties.SqsManagedSseEnabled || !refusing.includes(id))
        .map(([id]) => id);
    },
    breaches: [
      (resources) => delete cohortsQueue(resources).SqsManagedSseEnabled,
      (resources) => firstPolicy(resources, 'AWS::SQS::QueuePolicy').Statement.shift(),
    ],
  },
  {
    rule: 'every event source limits its concurrent functions',
    faultsIn: (resources) =>
      allOf(resources, 'AWS::Lambda::EventSourceMapping')
        .filter(([, { Properties }]) => !(Properties.ScalingConfig?.MaximumConcurrency >= 2))
        .map(([id]) => id),
    breaches: [(resources) => delete sendMapping(resources).ScalingConfig],
  },
  {
    rule: 'every topic requires TLS',
    faultsIn: (resources) => {
      const refusing = refusingIn(resources, 'AWS::SNS::TopicPolicy', 'Topics');
      return allOf(resources, 'AWS::SNS::Topic')
        .map(([id]) => id)
        .filter((id) => !refusing.includes(id));
    },
    breaches: [(resources) => firstPolicy(resources, 'AWS::SNS::TopicPolicy').Statement.shift()],
  },
];
