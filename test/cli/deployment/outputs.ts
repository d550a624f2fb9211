import type { DataOutputs, PipelineOutputs } from '../../../infra/outputs.ts';

export const dataOutputs: DataOutputs = {
  PapersTable: 'papers',
  SubscribersTable: 'subscribers',
  DeliveriesTable: 'deliveries',
  KeysSecret: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:keys',
  DataVersion: '1.2.3',
  DataCommit: '0123456789ab',
};

export const pipelineOutputs: PipelineOutputs = {
  PublicUrl: 'https://daily.example.org',
  ApiUrl: 'https://abc.execute-api.eu-west-1.amazonaws.com',
  IngestPapersFunction: 'ingest-papers',
  PlanDigestsFunction: 'plan-digests',
  FanOutDigestsFunction: 'fan-out-digests',
  SendDigestsFunction: 'send-digests',
  HandleFeedbackFunction: 'handle-feedback',
  HandleRequestsFunction: 'handle-requests',
  ApiFunction: 'api',
  DrawCardsFunction: 'draw-cards',
  CohortsQueueUrl: 'https://sqs.example/cohorts',
  CohortsDlqUrl: 'https://sqs.example/cohorts-dlq',
  DigestsQueueUrl: 'https://sqs.example/digests',
  DigestsDlqUrl: 'https://sqs.example/digests-dlq',
  FeedbackQueueUrl: 'https://sqs.example/feedback',
  FeedbackDlqUrl: 'https://sqs.example/feedback-dlq',
  RequestsQueueUrl: 'https://sqs.example/requests',
  RequestsDlqUrl: 'https://sqs.example/requests-dlq',
  ConfigurationSet: 'digests',
  FeedbackTopic: 'arn:aws:sns:eu-west-1:111122223333:feedback',
  SenderIdentity: 'example.org',
  AlarmsTopic: 'arn:aws:sns:eu-west-1:111122223333:alarms',
  Dashboard: 'https://console.example/dashboard',
  Lists: 'hf-daily',
  Version: '1.2.3',
  Commit: '0123456789ab',
};

/** The outputs of both stacks of a deployment. */
export const outputs = { ...dataOutputs, ...pipelineOutputs };
