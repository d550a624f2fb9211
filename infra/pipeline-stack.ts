import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ApiGateway } from './constructs/api-gateway.ts';
import { Digests } from './constructs/digests.ts';
import { Feedback } from './constructs/feedback.ts';
import { Ingestion } from './constructs/ingestion.ts';
import { MailSender } from './constructs/mail-sender.ts';
import type { FunctionDefaults } from './constructs/node-function.ts';
import { Pages } from './constructs/pages.ts';
import { Requests } from './constructs/requests.ts';
import { TopicKey } from './constructs/topic-key.ts';
import type { DataStack } from './data-stack.ts';
import { Monitoring } from './monitoring/monitoring.ts';
import { addOutputs } from './outputs.ts';
import { maxWorkersOf, publicationOf } from './settings/derived.ts';
import { toListsOutput } from './settings/lists-schema.ts';
import type { Settings } from './settings/schema.ts';

export interface PipelineStackProps extends StackProps, Pick<FunctionDefaults, 'codeOf' | 'release'> {
  readonly settings: Settings;
  readonly data: DataStack;
}

/** All functions, queues, pages and alarms. It holds no state, because the data stack has the tables. */
export class PipelineStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { settings, release, data, codeOf, ...props }: PipelineStackProps,
  ) {
    super(scope, id, {
      description: 'Broadsheet: ingest, plan, fan out, send, feedback, requests, pages',
      terminationProtection: settings.stage !== 'dev',
      // CloudFormation copies these tags to every resource. The data stack has none, so an upgrade does not change the
      // tables.
      tags: { 'broadsheet:version': release.version, 'broadsheet:commit': release.commit },
      ...props,
    });
    const { tables, keys } = data;
    const { logRetentionDays: logRetention, lists, hourlyLimits } = settings;
    const defaults = { logRetention, settings, release, codeOf };

    const gateway = new ApiGateway(this, 'ApiGateway', { logRetention, settings });
    const publication = publicationOf(settings, gateway.url);
    const { publicUrl } = publication;

    const ingestion = new Ingestion(this, 'Ingestion', { defaults, papers: tables.papers, publicUrl });
    const topicKey = settings.encryptTopics ? new TopicKey(this, 'TopicKey') : undefined;
    const maxWorkers = maxWorkersOf(settings);
    const mailSender = new MailSender(this, 'MailSender', { settings, topicKey });
    const digests = new Digests(this, 'Digests', {
      defaults,
      tables,
      publication,
      keys,
      mailSender,
      maxWorkers,
      whenUncertain: settings.sending.whenUncertain,
    });
    const feedback = new Feedback(this, 'Feedback', {
      defaults,
      tables,
      topic: mailSender.feedbackTopic,
      maxWorkers,
    });
    const requests = new Requests(this, 'Requests', {
      defaults,
      subscribers: tables.subscribers,
      publication,
      hourlyLimits,
      keys,
      mailSender,
    });
    const pages = new Pages(this, 'Pages', {
      defaults,
      gateway,
      tables,
      requestsQueue: requests.queue,
      publication,
      hourlyLimits,
      trustedProxies: settings.trustedProxies,
      keys,
    });
    const { dashboardUrl, topic: alarmsTopic } = new Monitoring(this, 'Monitoring', {
      settings,
      topicKey,
      ingestion,
      digests,
      feedback,
      requests,
      pages,
      gateway,
    });

    addOutputs(this, {
      PublicUrl: publicUrl,
      ApiUrl: gateway.apiUrl,
      SiteTarget: gateway.siteTarget,
      DistributionId: gateway.cdn?.distribution.distributionId,
      IngestPapersFunction: ingestion.ingestPapers.functionName,
      PlanDigestsFunction: digests.planDigests.functionName,
      FanOutDigestsFunction: digests.fanOutDigests.functionName,
      SendDigestsFunction: digests.sendDigests.functionName,
      HandleFeedbackFunction: feedback.handleFeedback.functionName,
      HandleRequestsFunction: requests.handleRequests.functionName,
      ApiFunction: pages.api.functionName,
      DrawCardsFunction: pages.drawCards.functionName,
      CohortsQueueUrl: digests.cohortsQueue.queueUrl,
      CohortsDlqUrl: digests.cohortsQueue.deadLetterQueue.queueUrl,
      DigestsQueueUrl: digests.digestsQueue.queueUrl,
      DigestsDlqUrl: digests.digestsQueue.deadLetterQueue.queueUrl,
      FeedbackQueueUrl: feedback.queue.queueUrl,
      FeedbackDlqUrl: feedback.queue.deadLetterQueue.queueUrl,
      RequestsQueueUrl: requests.queue.queueUrl,
      RequestsDlqUrl: requests.queue.deadLetterQueue.queueUrl,
      ConfigurationSet: mailSender.configurationSetName,
      FeedbackTopic: mailSender.feedbackTopic.topicArn,
      SenderIdentity: mailSender.identity,
      AlarmsTopic: alarmsTopic.topicArn,
      Dashboard: dashboardUrl,
      Lists: toListsOutput(lists),
      Version: release.version,
      Commit: release.commit,
    });
  }
}
