import { allOf, idIn, type Resource, type Resources } from '../template.ts';
import type { Rule } from './rule.ts';

/** Returns the ids of the topics that alarms may publish to. */
function openTopicsIn(resources: Resources): readonly (string | undefined)[] {
  return allOf(resources, 'AWS::SNS::TopicPolicy')
    .filter(([, { Properties }]) => Properties.PolicyDocument.Statement.some(letsAlarmsPublish))
    .flatMap(([, { Properties }]) => Properties.Topics.map(idIn));
}

function letsAlarmsPublish({ Effect, Action, Principal, Condition }: Resource): boolean {
  return (
    Effect === 'Allow' &&
    Action === 'sns:Publish' &&
    Principal?.Service === 'cloudwatch.amazonaws.com' &&
    Condition?.StringEquals?.['aws:SourceAccount']?.Ref === 'AWS::AccountId' &&
    /"aws:SourceArn":.*:cloudwatch:.*:alarm:/.test(JSON.stringify(Condition.ArnLike))
  );
}

function alarmPolicy(resources: Resources): Resource[] {
  const policy = allOf(resources, 'AWS::SNS::TopicPolicy').find(([id]) => id.startsWith('MonitoringAlarms'));
  return policy?.[1].Properties.PolicyDocument.Statement ?? [];
}

export const alarmRules: readonly Rule[] = [
  {
    rule: 'every alarm topic accepts messages of this account’s alarms, and of nobody else',
    faultsIn: (resources) => {
      const open = openTopicsIn(resources);
      return allOf(resources, 'AWS::CloudWatch::Alarm')
        .filter(([, { Properties }]) =>
          [...Properties.AlarmActions, ...Properties.OKActions].some((topic) => !open.includes(idIn(topic))),
        )
        .map(([id]) => id);
    },
    breaches: [
      (resources) => alarmPolicy(resources).pop(),
      (resources) => {
        for (const statement of alarmPolicy(resources)) delete statement.Condition;
      },
      (resources) => {
        for (const statement of alarmPolicy(resources))
          statement.Principal = { Service: 'ses.amazonaws.com' };
      },
    ],
  },
];
