import type { SESClient } from '@aws-sdk/client-ses';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createBatchRepository } from '../../shared/adapters/dynamodb/batch-repository.ts';
import { createDeliveryRepository } from '../../shared/adapters/dynamodb/delivery-repository.ts';
import { createListingRepository } from '../../shared/adapters/dynamodb/listing-repository.ts';
import { createNewVersionRepository } from '../../shared/adapters/dynamodb/new-version-repository.ts';
import { createPaperReader } from '../../shared/adapters/dynamodb/paper-reader.ts';
import { createSnapshotReader } from '../../shared/adapters/dynamodb/snapshot-reader.ts';
import { createSourceStateRepository } from '../../shared/adapters/dynamodb/source-state-repository.ts';
import { createSubscriberReader } from '../../shared/adapters/dynamodb/subscriber-repository.ts';
import { openTable } from '../../shared/adapters/dynamodb/table.ts';
import { createWaitlist } from '../../shared/adapters/dynamodb/waitlist.ts';
import { createMeter } from '../../shared/adapters/meter.ts';
import { createSesMailer, createSesSendQuota } from '../../shared/adapters/ses/mailer.ts';
import type { Timer } from '../../shared/domain/time/time.ts';
import { composeDigestMail } from '../../shared/mail/compose-digest-mail.ts';
import type { TelemetryEnv } from '../../shared/observability.ts';
import type { SendPorts } from '../../shared/pipeline/sending/send-batch.ts';
import { createSendRateLimiter } from '../../shared/pipeline/sending/send-rate-limiter.ts';
import { createListDayCache } from '../../shared/pipeline/snapshots/list-day-cache.ts';
import type { Keyring } from '../../shared/subscribers/keys.ts';
import { createSubscriberLinks } from '../../shared/web/links.ts';
import type { SendDigestsEnv } from './env.ts';

export interface SendDigestsClients extends Pick<SendPorts, 'digestsQueue' | 'clock' | 'telemetry'> {
  readonly documents: DynamoDBDocumentClient;
  readonly ses: SESClient;
  readonly keyring: Keyring;
  readonly timer: Timer;
}

/** Creates the ports of `send-digests` from clients. On one machine, the clients talk to emulators. */
export function createSendDigestsPorts(
  env: Omit<SendDigestsEnv, keyof TelemetryEnv | 'DIGESTS_QUEUE_URL'>,
  clients: SendDigestsClients,
): SendPorts {
  const { documents, ses, digestsQueue, keyring, clock, timer, telemetry } = clients;
  const tables = { documents, clock, telemetry };
  const papers = openTable(tables, env.PAPERS_TABLE);
  const deliveries = openTable(tables, env.DELIVERIES_TABLE);
  const paperReader = createPaperReader(papers);
  return {
    listDays: createListDayCache({
      papers: paperReader,
      listings: createListingRepository(papers),
      snapshots: createSnapshotReader(papers),
      clock,
      telemetry,
    }),
    lists: env.LISTS.map(({ id }) => id),
    papers: paperReader,
    newVersions: createNewVersionRepository(papers),
    sourceStates: createSourceStateRepository(papers),
    subscribers: createSubscriberReader(openTable(tables, env.SUBSCRIBERS_TABLE)),
    deliveries: createDeliveryRepository(deliveries, clock),
    editions: createBatchRepository(deliveries),
    compose: async (digest) => {
      const { linkKeys } = await keyring.load();
      const links = createSubscriberLinks(env.PUBLICATION.publicUrl, linkKeys, clock.now());
      return composeDigestMail(digest, env.PUBLICATION, links);
    },
    mailer: createSesMailer(ses, env.CONFIGURATION_SET),
    rateLimiter: createSendRateLimiter(
      { quota: createSesSendQuota(ses), clock, timer, telemetry },
      env.MAX_WORKERS,
    ),
    waitlist: createWaitlist(deliveries, clock),
    digestsQueue,
    whenUncertain: env.WHEN_UNCERTAIN,
    meter: createMeter({ clients: { dynamodb: documents, ses }, clock, memoryMb: env.MEMORY_MB }),
    clock,
    telemetry,
  };
}
