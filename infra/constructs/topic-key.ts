import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** The AWS services that publish to the topics: SES its events, CloudWatch its alarms. */
const PUBLISHERS = ['ses.amazonaws.com', 'cloudwatch.amazonaws.com'];

/**
 * The key that encrypts messages while they are in a topic. It has to belong to the account. The policy of
 * `alias/aws/sns`, the key that AWS manages, lets neither SES nor CloudWatch publish.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export class TopicKey extends Key {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      description: 'Encrypts the messages in the topics of Broadsheet',
      enableKeyRotation: true,
      // A topic keeps a message for seconds, so deleting the key loses nothing.
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
