import { listsOf } from '../../infra/settings/derived.ts';
import { loadSettings } from '../../infra/settings/load-settings.ts';
import { createListingRepository } from '../../shared/adapters/dynamodb/listing-repository.ts';
import { createPaperRepository } from '../../shared/adapters/dynamodb/paper-repository.ts';
import { createSnapshotRepository } from '../../shared/adapters/dynamodb/snapshot-repository.ts';
import { createDocumentClient, type Table } from '../../shared/adapters/dynamodb/table.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { ConflictError, InvalidInputError } from '../../shared/domain/errors.ts';
import { findList, type ListId } from '../../shared/domain/lists/lists.ts';
import { addDays, type Day, daysFrom, utcDayOf } from '../../shared/domain/time/time.ts';
import {
  loadKnown,
  type SaveSnapshotPorts,
  saveSnapshot,
} from '../../shared/pipeline/snapshots/save-snapshot.ts';
import { listDayKeyOf, SNAPSHOT_DAYS } from '../../shared/ports/snapshots.ts';
import type { CommandContext } from '../command.ts';
import { announceTarget } from '../confirm.ts';
import { parseDay } from '../days.ts';
import { withPermissions } from '../deployment/aws-call.ts';
import { openData } from '../deployment/find-deployment.ts';
import { type RebuildContext, type RebuildOptions, rebuildAll } from './rebuild.ts';

/** Rebuilds snapshots of a deployment, and returns the exit code. */
export async function runRebuildSnapshots(
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
  const last = parseDay(given.to ?? utcDayOf(systemClock.now()));
  const days = listDaysOf(
    given.list ?? listsOf(settings).map(({ id }) => id),
    parseDay(given.from ?? addDays(last, -SNAPSHOT_DAYS)),
    last,
  );
  const { target, outputs } = await openData(settings);
  announceTarget(context, target);
  const options = { isYes: given.yes ?? false, isJson: given.json ?? false };
  const table: Table = {
    documents: createDocumentClient(),
    name: outputs.PapersTable,
    onUnreadable: ({ message }) => context.printError(`left out: ${message}`),
  };
  return rebuildSnapshots(openPorts(table), days, options, context);
}

/** The list-days to rebuild. */
interface ListDays {
  readonly lists: readonly ListId[];
  readonly first: Day;
  readonly last: Day;
}

/** More days are a typing error. */
const MAX_DAYS = 2_000;

/** @throws InvalidInputError for an unknown list, days in the wrong order, or too many days */
export function listDaysOf(lists: readonly ListId[], first: Day, last: Day): ListDays {
  const unknown = lists.find((list) => !findList(list));
  if (unknown !== undefined)
    throw new InvalidInputError(`"${unknown}" is not a list. Write it like "hf-daily".`);
  if (first > last)
    throw new InvalidInputError(`--from ${first} is after --to ${last}. Name the earlier day first.`);
  const { length } = daysFrom(first, last);
  if (length > MAX_DAYS)
    throw new InvalidInputError(`${first} to ${last} are ${length} days. Name ${MAX_DAYS} days at most.`);
  return { lists, first, last };
}

/** Opens the snapshots. If the account refuses a call, the error names the permission. */
export function openSnapshots(table: Table) {
  return withPermissions(createSnapshotRepository(table, systemClock), {
    loadHeaders: 'dynamodb:Query',
    loadParts: 'dynamodb:BatchGetItem',
    save: 'dynamodb:PutItem',
    deleteStrayParts: 'dynamodb:DeleteItem',
  });
}

/** Opens papers, listings and snapshots. If the account refuses a call, the error names the permission. */
function openPorts(table: Table): SaveSnapshotPorts {
  return {
    papers: withPermissions(createPaperRepository(table), { loadMany: 'dynamodb:BatchGetItem' }),
    listings: withPermissions(createListingRepository(table), { load: 'dynamodb:Query' }),
    snapshots: openSnapshots(table),
  };
}

/** Writes the snapshot of each list-day again from its papers in the table, and returns the exit code. */
export function rebuildSnapshots(
  ports: SaveSnapshotPorts,
  { lists, first, last }: ListDays,
  options: RebuildOptions,
  context: RebuildContext,
): Promise<number> {
  return rebuildAll(
    {
      noun: 'snapshot',
      all: lists.flatMap((list) => daysFrom(first, last).map((day) => ({ list, day }))),
      nameOf: listDayKeyOf,
      title: `${lists.join(', ')} from ${first} to ${last}`,
      question: 'Write these snapshots again?',
      async write(listDay) {
        const [known] = await loadKnown(ports.snapshots, listDay.list, listDay.day, listDay.day);
        try {
          await saveSnapshot(ports, listDay, known, true);
          return 'written';
        } catch (error) {
          if (error instanceof ConflictError) return 'overtaken';
          throw error;
        }
      },
      asked: { lists, first, last },
    },
    options,
    context,
  );
}
