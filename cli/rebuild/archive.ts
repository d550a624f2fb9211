import { listsOf } from '../../infra/settings/derived.ts';
import { loadSettings } from '../../infra/settings/load-settings.ts';
import { toOpenSearchTarget } from '../../infra/settings/open-search.ts';
import { createArchiveRepository } from '../../shared/adapters/dynamodb/archive-repository.ts';
import { createListingRepository } from '../../shared/adapters/dynamodb/listing-repository.ts';
import { createPaperRepository } from '../../shared/adapters/dynamodb/paper-repository.ts';
import { createDocumentClient, type Table } from '../../shared/adapters/dynamodb/table.ts';
import { openPaperIndex } from '../../shared/adapters/opensearch/paper-index.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import type { ListId } from '../../shared/domain/lists/lists.ts';
import { type Month, previousMonth, utcDayOf } from '../../shared/domain/time/time.ts';
import { newestClosedMonth } from '../../shared/pipeline/archive/refresh-archive.ts';
import { type WriteSegmentPorts, writeSegment } from '../../shared/pipeline/archive/write-segment.ts';
import type { CommandContext } from '../command.ts';
import { announceTarget } from '../confirm.ts';
import { parseMonth } from '../days.ts';
import { withPermissions } from '../deployment/aws-call.ts';
import { openData } from '../deployment/find-deployment.ts';
import { type RebuildContext, type RebuildOptions, rebuildAll } from './rebuild.ts';

/** Rebuilds months of a deployment's archive, and returns the exit code. */
export async function runRebuildArchive(
  given: {
    readonly settings: string;
    readonly from: string;
    readonly to?: string | undefined;
    readonly yes?: true | undefined;
    readonly json?: true | undefined;
  },
  context: CommandContext,
): Promise<number> {
  const settings = loadSettings(given.settings);
  const closed = newestClosedMonth(utcDayOf(systemClock.now()));
  const months = monthsFrom(parseMonth(given.from), parseMonth(given.to ?? closed), closed);
  const { target, outputs } = await openData(settings);
  announceTarget(context, target);
  const documents = createDocumentClient();
  const table: Table = {
    documents,
    name: outputs.PapersTable,
    onUnreadable: ({ message }) => context.printError(`left out: ${message}`),
  };
  const openSearch = toOpenSearchTarget(settings);
  const index =
    openSearch &&
    openPaperIndex(openSearch, documents.config.credentials, {
      error: (sentence, fields) => context.printError(`${sentence}: ${JSON.stringify(fields)}`),
      count() {},
    });
  return rebuildMonths(
    { ...openPorts(table), index },
    listsOf(settings).map(({ id }) => id),
    months,
    { isYes: given.yes ?? false, isJson: given.json ?? false },
    context,
  );
}

/** More months are a typing error. */
const MAX_MONTHS = 500;

/**
 * Returns months from the last to the first one.
 *
 * @param closed the newest month that can be archived
 * @throws InvalidInputError for months in the wrong order, too many, or some that have not ended
 */
export function monthsFrom(first: Month, last: Month, closed: Month): readonly Month[] {
  if (first > last)
    throw new InvalidInputError(`--from ${first} is after --to ${last}. Name the earlier month first.`);
  if (last > closed)
    throw new InvalidInputError(`${last} cannot be archived yet. The newest month that can be is ${closed}.`);
  const months: Month[] = [];
  for (let month = last; month >= first && months.length <= MAX_MONTHS; month = previousMonth(month))
    months.push(month);
  if (months.length > MAX_MONTHS)
    throw new InvalidInputError(`${first} to ${last} are more than ${MAX_MONTHS} months. Name fewer.`);
  return months;
}

/** Opens the archive. If the account refuses a call, the error names the permission. */
export function openArchive(table: Table) {
  return withPermissions(createArchiveRepository(table, systemClock), {
    loadMonths: 'dynamodb:Query',
    loadSegment: 'dynamodb:BatchGetItem',
    saveSegment: 'dynamodb:PutItem',
    saveMonth: 'dynamodb:PutItem',
    deleteStraySegments: 'dynamodb:DeleteItem',
  });
}

/** Opens the papers and their listings. If the account refuses a call, the error names the permission. */
function openPorts(table: Table): WriteSegmentPorts {
  return {
    clock: systemClock,
    papers: withPermissions(createPaperRepository(table), { loadMany: 'dynamodb:BatchGetItem' }),
    listings: withPermissions(createListingRepository(table), {
      load: 'dynamodb:Query',
      loadOfPaper: 'dynamodb:Query',
    }),
    archive: openArchive(table),
  };
}

/** Writes each month of the archive again from its papers in the table, and returns the exit code. */
export function rebuildMonths(
  ports: WriteSegmentPorts,
  lists: readonly ListId[],
  months: readonly Month[],
  options: RebuildOptions,
  context: RebuildContext,
): Promise<number> {
  const [first, last] = [months.at(-1), months[0]];
  return rebuildAll(
    {
      noun: 'month',
      all: months,
      nameOf: (month) => month,
      title: `${first} to ${last}`,
      question: 'Write the archive of these months again?',
      write: (month, interruption) => rebuildMonth(ports, lists, month, interruption),
      asked: { first, last },
    },
    options,
    context,
  );
}

/** Writes the segments of a month from the first one on. */
async function rebuildMonth(
  ports: WriteSegmentPorts,
  lists: readonly ListId[],
  month: Month,
  interruption: AbortSignal,
): Promise<'written' | 'overtaken' | 'interrupted'> {
  const found = (await ports.archive.loadMonths()).find((stored) => stored.month === month);
  let known: Parameters<typeof writeSegment>[3] =
    found?.kind === 'month' ? { ...found, inWriting: undefined } : found;
  for (;;) {
    if (interruption.aborted) return 'interrupted';
    const done = await writeSegment(ports, lists, month, known);
    if (!done) return 'overtaken';
    known = done.saved;
    if (!done.saved.inWriting) return 'written';
  }
}
