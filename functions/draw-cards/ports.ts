import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createListingRepository } from '../../shared/adapters/dynamodb/listing-repository.ts';
import { createPaperReader } from '../../shared/adapters/dynamodb/paper-reader.ts';
import { createSnapshotReader } from '../../shared/adapters/dynamodb/snapshot-reader.ts';
import { openTable } from '../../shared/adapters/dynamodb/table.ts';
import { createListDayCache } from '../../shared/pipeline/snapshots/list-day-cache.ts';
import type { CardPorts } from '../../shared/web/cards/card-routes.ts';
import type { DrawCardsEnv } from './env.ts';

export interface DrawCardsClients extends Pick<CardPorts, 'clock' | 'telemetry' | 'readAsset'> {
  readonly documents: DynamoDBDocumentClient;
}

/** Creates the ports of `draw-cards` from clients. On one machine, the clients talk to emulators. */
export function createDrawCardsPorts(
  env: Pick<DrawCardsEnv, 'PAPERS_TABLE' | 'LISTS' | 'PUBLICATION'>,
  { documents, ...clients }: DrawCardsClients,
): CardPorts {
  const { clock, telemetry } = clients;
  const table = openTable({ documents, clock, telemetry }, env.PAPERS_TABLE);
  const stored = {
    papers: createPaperReader(table),
    listings: createListingRepository(table),
    snapshots: createSnapshotReader(table),
  };
  return {
    ...clients,
    papers: stored.papers,
    listDays: createListDayCache({ ...stored, clock, telemetry }),
    publication: env.PUBLICATION,
    lists: env.LISTS.map(({ id }) => id),
  };
}
