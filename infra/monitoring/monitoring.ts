import { ArnFormat, CfnMapping, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { TopicKey } from '../constructs/topic-key.ts';
import { addAlarm } from './alarm-spec.ts';
import { alarmsOf } from './alarms.ts';
import { addDashboard } from './dashboard.ts';
import type { Watched } from './watched.ts';

export interface MonitoringProps extends Watched {
  /** Encrypts alarm messages while they are in the topic. */
  readonly topicKey: TopicKey | undefined;
}

/** The hosts of the AWS console. Each partition has its own. */
const CONSOLES = {
  aws: { host: 'console.aws.amazon.com' },
  'aws-cn': { host: 'console.amazonaws.cn' },
  'aws-eusc': { host: 'console.amazonaws-eusc.eu' },
  'aws-us-gov': { host: 'console.amazonaws-us-gov.com' },
};

/** The alarms, the topic that they notify, and the dashboard. */
export class Monitoring extends Construct {
  readonly dashboardUrl: string;
  /** The topic that the alarms notify. */
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { topicKey, ...watched }: MonitoringProps) {
    super(scope, id);
    this.topic = this.#createTopic(watched.settings.alarmAddress, topicKey);
    const alarms = alarmsOf(watched).map((spec) => addAlarm(this, spec, this.topic));
    const { dashboardName } = addDashboard(this, watched, alarms);
    const { region, partition } = Stack.of(this);
    const host = new CfnMapping(this, 'Consoles', { mapping: CONSOLES, lazy: true }).findInMap(
      partition,
      'host',
    );
    this.dashboardUrl = `https://${region}.${host}/cloudwatch/home?region=${region}#dashboards:name=${dashboardName}`;
  }

  /** The topic exists even without an address, so an operator can subscribe to it later. */
  #createTopic(address: string | undefined, topicKey: TopicKey | undefined): Topic {
    const topic = new Topic(this, 'Alarms', { enforceSSL: true, ...(topicKey && { masterKey: topicKey }) });
    this.#letAlarmsPublish(topic);
    if (address === undefined) return topic;
    const subscription = topic.addSubscription(new EmailSubscription(address));
    Validations.of(subscription).acknowledge({
      id: 'Serverless::Serverless-SNSRedrivePolicy',
      reason: 'SNS retries mails itself, and the dashboard also shows the alarm.',
    });
    return topic;
  }

  /**
   * Lets the account's alarms publish. A topic without a policy accepts everything from its account. A policy that
   * requires TLS replaces that default.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html#sns-allow-cloudwatch-alarm
   */
  #letAlarmsPublish(topic: Topic): void {
    const stack = Stack.of(this);
    const alarms = stack.formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: { 'aws:SourceArn': alarms },
        },
      }),
    );
  }
}
