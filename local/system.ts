import type { Clock } from '../shared/domain/time/time.ts';
import type { QueueName } from '../shared/ports/queues.ts';
import { type Publication, publicationSchema } from '../shared/presentation/publication.ts';
import { type LocalAws, type LocalAwsOptions, startLocalAws } from './aws.ts';
import { createLocalFunctions, type LocalFunctions, type LocalFunctionsOptions } from './functions.ts';
import { createQueueWorker, type QueueWorker } from './queue-worker.ts';
import { localTables, openRepositories, type Repositories } from './repositories.ts';

/** Returns the publication of a local copy. Its mails never leave the machine. */
export function createLocalPublication(publicUrl: string): Publication {
  return publicationSchema.parse({
    name: 'Broadsheet',
    fromAddress: 'papers@broadsheet.example',
    publicUrl,
    listId: 'daily.broadsheet.example',
  });
}

/** All of Broadsheet on one machine. */
export interface System {
  readonly aws: LocalAws;
  readonly functions: LocalFunctions;
  readonly repositories: Repositories;
  readonly clock: Clock;
  readonly workers: Readonly<Record<QueueName, QueueWorker>>;
  /** Processes all queues until they are empty, including the events of the sent mails. Returns the number of messages. */
  drain(): Promise<number>;
  /** Starts the workers. */
  start(): void;
  /** Stops the workers after the messages in flight. By then the events of sent mails are on their queue. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export type SystemOptions = Omit<LocalAwsOptions, 'fromAddress'> & LocalFunctionsOptions;

/** Messages per invocation, as in the event sources on AWS. */
const BATCH_SIZES: Readonly<Record<QueueName, number>> = {
  cohorts: 1,
  digests: 1,
  feedback: 10,
  requests: 1,
};

/** Starts the services and composes the functions. The workers start with `start`. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { clock, publication, telemetry } = options;
  const aws = await startLocalAws({ ...options, fromAddress: publication.fromAddress });
  const functions = createLocalFunctions(aws, options);
  const handlers = {
    cohorts: functions.fanOutDigests,
    digests: functions.sendDigests,
    feedback: functions.handleFeedback,
    requests: functions.handleRequests,
  };
  const createWorker = (queue: QueueName) =>
    createQueueWorker({
      sqs: aws.sqs,
      queueUrl: aws.queueUrls[queue],
      handler: handlers[queue],
      batchSize: BATCH_SIZES[queue],
      onError: (error) => telemetry.error('A queue could not be read', { queue, error }),
    });
  const cohorts = createWorker('cohorts');
  const feedback = createWorker('feedback');
  const digests = createWorker('digests');
  const requests = createWorker('requests');
  const stop = async () => {
    await Promise.all([cohorts.stop(), digests.stop(), requests.stop()]);
    await aws.sesServer.settled();
    await feedback.stop();
  };

  return {
    aws,
    functions,
    clock,
    workers: { cohorts, digests, feedback, requests },
    start() {
      for (const worker of [cohorts, digests, feedback, requests]) worker.start();
    },
    stop,
    repositories: openRepositories(aws.documents, localTables, clock, telemetry),
    async drain() {
      const planned = await cohorts.drain();
      const sent = await digests.drain();
      const answered = await requests.drain();
      await aws.sesServer.settled();
      return planned + sent + answered + (await feedback.drain());
    },
    async close() {
      await stop();
      await aws.close();
    },
  };
}
