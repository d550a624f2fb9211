import type { CostRule } from './cost-rule.ts';
import { prices } from './prices.ts';
import { ofType } from './resources.ts';

/** What mails and tells, and what lets others do so. */
export const mailRules: readonly CostRule[] = [
  {
    types: [
      'AWS::SES::EmailIdentity',
      'AWS::SES::ConfigurationSet',
      'AWS::SES::ConfigurationSetEventDestination',
    ],
    toLines: (resources) => [
      {
        resource: 'Sender and configuration set of SES',
        count: ofType(resources, 'AWS::SES::ConfigurationSet').length,
        quantity: 0,
        price: prices.mails,
        note: 'charged by the mail; see below',
      },
    ],
  },
  {
    types: ['AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'AWS::SNS::Subscription'],
    toLines: (resources) => [
      {
        resource: 'Topics',
        count: ofType(resources, 'AWS::SNS::Topic').length,
        quantity: 0,
        price: prices.snsPublishes,
        note: 'one for what SES tells, one for alarms; handing on to a queue is free',
      },
    ],
  },
  {
    types: ['AWS::Route53::RecordSet'],
    toLines: (resources) => [
      {
        resource: 'Hosted zone',
        count: ofType(resources, 'AWS::Route53::HostedZone').length,
        quantity: 0,
        price: prices.hostedZones,
        note: 'no stack makes one; the one that you may have costs this, records in it nothing',
      },
    ],
  },
  {
    types: ['AWS::IAM::Role', 'AWS::IAM::Policy'],
    toLines: (resources) => [
      {
        resource: 'Roles and policies',
        count: ofType(resources, 'AWS::IAM::Role').length + ofType(resources, 'AWS::IAM::Policy').length,
        quantity: 0,
        note: 'IAM is free',
      },
    ],
  },
  {
    types: ['AWS::KMS::Key'],
    toLines: (resources) => {
      const count = ofType(resources, 'AWS::KMS::Key').length;
      return [
        {
          resource: 'Keys of KMS',
          count,
          quantity: count,
          price: prices.keys,
          note: 'one with `encryptTopics`. AWS keeps those of tables, queues and the secret, at no charge',
        },
      ];
    },
  },
];
