import { CfnOutput, type Stack } from 'aws-cdk-lib';

/** The outputs of the data stack. Commands find the deployed resources by these names. */
export interface DataOutputs {
  readonly PapersTable: string;
  readonly SubscribersTable: string;
  readonly DeliveriesTable: string;
  /** The ARN of the secret with the keys. */
  readonly KeysSecret: string;
  /** The version and commit that this stack was deployed from. Deployments of early versions do not have these outputs. */
  readonly DataVersion?: string | undefined;
  readonly DataCommit?: string | undefined;
}

export interface PipelineOutputs {
  /** The URL of the pages. */
  readonly PublicUrl: string;
  /** The AWS address of the HTTP API. Undefined with `site`, unless `site.keepApiUrl` is set. */
  readonly ApiUrl?: string | undefined;
  /** The target for the DNS record of `site.domainName`: CloudFront or API Gateway. Undefined without `site`. */
  readonly SiteTarget?: string | undefined;
  /** The id of the CloudFront distribution in front of the pages, for invalidations. Undefined without one. */
  readonly DistributionId?: string | undefined;
  readonly IngestPapersFunction: string;
  readonly PlanDigestsFunction: string;
  readonly FanOutDigestsFunction: string;
  readonly SendDigestsFunction: string;
  readonly HandleFeedbackFunction: string;
  readonly HandleRequestsFunction: string;
  readonly ApiFunction: string;
  /** Deployments of early versions do not have this output. */
  readonly DrawCardsFunction?: string | undefined;
  readonly CohortsQueueUrl: string;
  readonly CohortsDlqUrl: string;
  readonly DigestsQueueUrl: string;
  readonly DigestsDlqUrl: string;
  readonly FeedbackQueueUrl: string;
  readonly FeedbackDlqUrl: string;
  readonly RequestsQueueUrl: string;
  readonly RequestsDlqUrl: string;
  /** The SES configuration set of all mails. */
  readonly ConfigurationSet: string;
  /** The SNS topic to which SES publishes bounces, complaints and deliveries. */
  readonly FeedbackTopic: string;
  /** The address or domain that SES verifies. */
  readonly SenderIdentity: string;
  /** The SNS topic that alarms notify. */
  readonly AlarmsTopic: string;
  /** The CloudWatch dashboard. */
  readonly Dashboard: string;
  /** The lists, or a digest of a long text of lists. Deployments of early versions do not have this output. */
  readonly Lists?: string | undefined;
  /** The version and commit that this stack was deployed from. Deployments of early versions do not have these outputs. */
  readonly Version?: string | undefined;
  readonly Commit?: string | undefined;
}

/** Adds outputs to a stack, each with its own name. Outputs without a value are left out. */
export function addOutputs(stack: Stack, outputs: DataOutputs | PipelineOutputs): void {
  for (const [name, value] of Object.entries<string | undefined>({ ...outputs }))
    if (value !== undefined) new CfnOutput(stack, `Output${name}`, { value }).overrideLogicalId(name);
}
