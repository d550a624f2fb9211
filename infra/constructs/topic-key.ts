import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** The services of AWS that publish to the topics: SES its events, CloudWatch its alarms. */
const PUBLISHERS = ['ses.amazonaws.com', 'cloudwatch.amazonaws.com'];

/**
 * The key that encrypts messages while a topic holds them. It has to be a key of the account: the policy of the key that AWS
 * manages for SNS, `alias/aws/sns`, lets neither SES nor CloudWatch publish.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export class TopicKey extends Key {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      description: 'Encrypts what the topics of Broadsheet hold',
      enableKeyRotation: true,
      // Topics keep a message for the seconds until it is delivered, so nothing is lost with the key.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.addToResourcePolicy(
      new PolicyStatement({
        principals: PUBLISHERS.map((service) => new ServicePrincipal(service)),
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
  }
}
