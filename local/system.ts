import type { Clock } from '../shared/domain/time.ts';
import { type LocalAws, type LocalAwsOptions, startLocalAws } from './aws.ts';
import { localTables } from './emulators/dynamodb.ts';
import type { QueueName } from './emulators/sqs.ts';
import { createLocalFunctions, type LocalFunctions, type LocalFunctionsOptions } from './functions.ts';
import { createQueueWorker, type QueueWorker } from './queue-worker.ts';
import { openRepositories, type Repositories } from './repositories.ts';

/** All of Broadsheet on one machine. */
export interface System {
  readonly aws: LocalAws;
  readonly functions: LocalFunctions;
  readonly repositories: Repositories;
  readonly clock: Clock;
  readonly workers: Readonly<Record<QueueName, QueueWorker>>;
  /** Works off both queues until they are empty and returns how many messages that took. */
  drain(): Promise<number>;
  close(): Promise<void>;
}

export type SystemOptions = Omit<LocalAwsOptions, 'fromAddress'> & LocalFunctionsOptions;

/** Messages handed to a function at once, as its event source on AWS does. */
const BATCH_SIZES: Readonly<Record<QueueName, number>> = { cohorts: 1, digests: 1 };

/** Starts the services and composes the functions on them; nothing runs by itself yet. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { clock, publication, telemetry } = options;
  const aws = await startLocalAws({ ...options, fromAddress: publication.fromAddress });
  const functions = createLocalFunctions(aws, options);
  const handlers = { cohorts: functions.fanOutDigests, digests: functions.sendDigests };
  const createWorker = (queue: QueueName) =>
    createQueueWorker({
      sqs: aws.sqs,
      queueUrl: aws.queueUrls[queue],
      handler: handlers[queue],
      batchSize: BATCH_SIZES[queue],
      onError: (error) => telemetry.error('A queue could not be read', { queue, error }),
    });
  const workers = { cohorts: createWorker('cohorts'), digests: createWorker('digests') };

  return {
    aws,
    functions,
    clock,
    workers,
    repositories: openRepositories(aws.documents, localTables, clock),
    drain: async () => (await workers.cohorts.drain()) + (await workers.digests.drain()),
    async close() {
      await Promise.all([workers.cohorts.stop(), workers.digests.stop()]);
      await aws.close();
    },
  };
}
