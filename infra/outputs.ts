import { CfnOutput, type Stack } from 'aws-cdk-lib';

/** What the stacks of a deployment tell: under these names commands find what was deployed. */
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
  /** Where the pages are found. */
  readonly PublicUrl: string;
  /** The address that AWS gave the HTTP API. With `site` there is none, unless `site.keepApiUrl` is set. */
  readonly ApiUrl?: string | undefined;
  /** The name that the record of `site.domainName` has to lead to; none without `site`. */
  readonly SiteTarget?: string | undefined;
  readonly IngestPapersFunction: string;
  readonly PlanDigestsFunction: string;
  readonly FanOutDigestsFunction: string;
  readonly SendDigestsFunction: string;
  readonly HandleFeedbackFunction: string;
  readonly HandleRequestsFunction: string;
  readonly ApiFunction: string;
  readonly CohortsQueueUrl: string;
  readonly CohortsDlqUrl: string;
  readonly DigestsQueueUrl: string;
  readonly DigestsDlqUrl: string;
  readonly FeedbackQueueUrl: string;
  readonly FeedbackDlqUrl: string;
  readonly RequestsQueueUrl: string;
  readonly RequestsDlqUrl: string;
  /** The SES configuration set that mails are sent under. */
  readonly ConfigurationSet: string;
  /** The SNS topic that SES tells of bounces, complaints and deliveries. */
  readonly FeedbackTopic: string;
  /** The address or domain that SES verifies. */
  readonly SenderIdentity: string;
  /** The SNS topic that alarms tell. */
  readonly AlarmsTopic: string;
  /** The CloudWatch dashboard. */
  readonly Dashboard: string;
  /** The version and commit that this stack was deployed from. Deployments of early versions do not have these outputs. */
  readonly Version?: string | undefined;
  readonly Commit?: string | undefined;
}

/** Adds outputs to a stack, each under its own name; one without a value is left out. */
export function addOutputs(stack: Stack, outputs: DataOutputs | PipelineOutputs): void {
  for (const [name, value] of Object.entries<string | undefined>({ ...outputs }))
    if (value !== undefined) new CfnOutput(stack, `Output${name}`, { value }).overrideLogicalId(name);
}
