import { theOne } from '../template.ts';
import type { Rule } from './rule.ts';

/**
 * The property with the physical name, by type of resource. An unknown type counts as named. Domains, records and
 * identities need their names. Several APIs may have the same name.
 */
const nameProperties: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGatewayV2::Api': [],
  'AWS::ApiGatewayV2::ApiMapping': [],
  'AWS::ApiGatewayV2::DomainName': [],
  'AWS::ApiGatewayV2::Integration': [],
  'AWS::ApiGatewayV2::Route': [],
  'AWS::ApiGatewayV2::Stage': [],
  'AWS::CloudWatch::Alarm': ['AlarmName'],
  'AWS::CloudWatch::Dashboard': ['DashboardName'],
  'AWS::DynamoDB::GlobalTable': ['TableName'],
  'AWS::IAM::Policy': [],
  'AWS::IAM::Role': ['RoleName'],
  'AWS::KMS::Key': [],
  'AWS::Lambda::EventInvokeConfig': [],
  'AWS::Lambda::EventSourceMapping': [],
  'AWS::Lambda::Function': ['FunctionName'],
  'AWS::Lambda::Permission': [],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::Logs::MetricFilter': ['FilterName'],
  'AWS::Route53::RecordSet': [],
  'AWS::Scheduler::Schedule': ['Name'],
  'AWS::SecretsManager::Secret': ['Name'],
  'AWS::SES::ConfigurationSet': ['Name'],
  'AWS::SES::ConfigurationSetEventDestination': [],
  'AWS::SES::EmailIdentity': [],
  'AWS::SNS::Subscription': [],
  'AWS::SNS::Topic': ['TopicName'],
  'AWS::SNS::TopicPolicy': [],
  'AWS::SQS::Queue': ['QueueName'],
  'AWS::SQS::QueuePolicy': [],
};

export const nameRules: readonly Rule[] = [
  {
    rule: 'no resource has a physical name, so it can be replaced, and a second deployment is possible',
    faultsIn: (resources) =>
      Object.entries(resources)
        .filter(
          ([, { Type, Properties }]) =>
            nameProperties[Type]?.some((name) => name in (Properties ?? {})) ?? true,
        )
        .map(([id]) => id),
    breaches: [
      (resources) => {
        theOne(resources, 'AWS::SQS::Queue', 'DigestsCohortsQueue').Properties.QueueName = 'cohorts';
      },
      (resources) => {
        theOne(resources, 'AWS::SQS::Queue', 'DigestsCohortsQueue').Type = 'AWS::S3::Bucket';
      },
    ],
  },
];
