import * as z from 'zod';
import type { DataOutputs, PipelineOutputs } from '../../infra/outputs.ts';

const text = z.string().min(1);

/** What the data stack tells. */
export const dataOutputsSchema = z.object({
  PapersTable: text,
  SubscribersTable: text,
  DeliveriesTable: text,
  KeysSecret: text,
  DataVersion: text.optional(),
  DataCommit: text.optional(),
} satisfies Record<keyof DataOutputs, z.ZodType<string | undefined>>) satisfies z.ZodType<DataOutputs>;

/** What the pipeline stack tells. */
export const pipelineOutputsSchema = z.object({
  PublicUrl: z.url(),
  ApiUrl: z.url().optional(),
  SiteTarget: text.optional(),
  IngestPapersFunction: text,
  PlanDigestsFunction: text,
  FanOutDigestsFunction: text,
  SendDigestsFunction: text,
  HandleFeedbackFunction: text,
  HandleRequestsFunction: text,
  ApiFunction: text,
  CohortsQueueUrl: text,
  CohortsDlqUrl: text,
  DigestsQueueUrl: text,
  DigestsDlqUrl: text,
  FeedbackQueueUrl: text,
  FeedbackDlqUrl: text,
  RequestsQueueUrl: text,
  RequestsDlqUrl: text,
  ConfigurationSet: text,
  FeedbackTopic: text,
  SenderIdentity: text,
  AlarmsTopic: text,
  Dashboard: text,
  Version: text.optional(),
  Commit: text.optional(),
} satisfies Record<
  keyof PipelineOutputs,
  z.ZodType<string | undefined>
>) satisfies z.ZodType<PipelineOutputs>;
