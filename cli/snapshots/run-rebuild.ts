import * as z from 'zod';
import { listsOf } from '../../infra/settings/derived.ts';
import { loadSettings } from '../../infra/settings/load-settings.ts';
import { createListingRepository } from '../../shared/adapters/dynamodb/listing-repository.ts';
import { createPaperRepository } from '../../shared/adapters/dynamodb/paper-repository.ts';
import { createSnapshotRepository } from '../../shared/adapters/dynamodb/snapshot-repository.ts';
import type { UnreadableItemError } from '../../shared/adapters/dynamodb/stored-item.ts';
import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { addDays, type Day, utcDayOf } from '../../shared/domain/time.ts';
import { SNAPSHOT_DAYS } from '../../shared/pipeline/snapshots/refresh-snapshots.ts';
import type { SaveSnapshotPorts } from '../../shared/pipeline/snapshots/save-snapshot.ts';
import type { CommandContext } from '../command.ts';
import { announceTarget } from '../confirm.ts';
import { permitted } from '../deployment/aws-call.ts';
import { CommandError } from '../deployment/errors.ts';
import { openData } from '../deployment/find-deployment.ts';
import { rebuildSnapshots } from './rebuild.ts';

/** Rebuilds snapshots of a deployment, and returns the exit code. */
export async function runRebuild(
  given: {
    readonly settings: string;
    readonly list?: readonly string[] | undefined;
    readonly from?: string | undefined;
    readonly to?: string | undefined;
    readonly yes?: true | undefined;
    readonly json?: true | undefined;
  },
  context: CommandContext,
): Promise<number> {
  const settings = loadSettings(given.settings);
  const { target, outputs } = await openData(settings);
  announceTarget(context, target);
  const documents = createDocumentClient();
  const onUnreadable = ({ message }: UnreadableItemError) => context.printError(`left out: ${message}`);
  const last = parseDay(given.to ?? utcDayOf(systemClock.now()));
  const options = {
    lists: given.list ?? listsOf(settings).map(({ id }) => id),
    first: parseDay(given.from ?? addDays(last, -SNAPSHOT_DAYS)),
    last,
    isYes: given.yes ?? false,
    isJson: given.json ?? false,
  };
  const table = { documents, name: outputs.PapersTable, onUnreadable };
  return rebuildSnapshots(withPermissions(openTable(table)), options, context);
}

/** @throws CommandError for a text that is no day */
function parseDay(text: string): Day {
  const { data: day } = z.iso.date().safeParse(text);
  if (day === undefined) throw new CommandError(`"${text}" is not a day. Write it like 2026-01-05.`);
  return day;
}

function openTable(table: Parameters<typeof createPaperRepository>[0]) {
  return {
    papers: createPaperRepository(table),
    listings: createListingRepository(table),
    snapshots: createSnapshotRepository(table, systemClock),
  };
}

/** Every permission error names the permission. */
function withPermissions({ papers, listings, snapshots }: ReturnType<typeof openTable>): SaveSnapshotPorts {
  return {
    papers: { loadMany: (ids) => permitted('dynamodb:BatchGetItem', () => papers.loadMany(ids)) },
    listings: { load: (list, day) => permitted('dynamodb:Query', () => listings.load(list, day)) },
    snapshots: {
      loadHeaders: (...range) => permitted('dynamodb:Query', () => snapshots.loadHeaders(...range)),
      loadParts: (wanted) => permitted('dynamodb:BatchGetItem', () => snapshots.loadParts(wanted)),
      save: (...write) => permitted('dynamodb:PutItem', () => snapshots.save(...write)),
      deleteStrayParts: (...stray) =>
        permitted('dynamodb:DeleteItem', () => snapshots.deleteStrayParts(...stray)),
    },
  };
}
