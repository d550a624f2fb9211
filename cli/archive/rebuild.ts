import * as z from 'zod';
import { listsOf } from '../../infra/settings/derived.ts';
import { loadSettings } from '../../infra/settings/load-settings.ts';
import { toOpenSearchTarget } from '../../infra/settings/open-search.ts';
import { createArchiveRepository } from '../../shared/adapters/dynamodb/archive-repository.ts';
import { createListingRepository } from '../../shared/adapters/dynamodb/listing-repository.ts';
import { createPaperRepository } from '../../shared/adapters/dynamodb/paper-repository.ts';
import type { UnreadableItemError } from '../../shared/adapters/dynamodb/stored-item.ts';
import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { openPaperIndex } from '../../shared/adapters/opensearch/paper-index.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { type Month, utcDayOf } from '../../shared/domain/time.ts';
import { newestClosedMonth } from '../../shared/pipeline/archive/refresh-archive.ts';
import type { WriteSegmentPorts } from '../../shared/pipeline/archive/write-segment.ts';
import type { CommandContext } from '../command.ts';
import { announceTarget } from '../confirm.ts';
import { permitted } from '../deployment/aws-call.ts';
import { CommandError } from '../deployment/errors.ts';
import { openData } from '../deployment/find-deployment.ts';
import { rebuildMonths } from './rebuild-months.ts';

/** Rebuilds months of a deployment's archive, and returns the exit code. */
export async function runRebuild(
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
  const { target, outputs } = await openData(settings);
  announceTarget(context, target);
  const onUnreadable = ({ message }: UnreadableItemError) => context.printError(`left out: ${message}`);
  const documents = createDocumentClient();
  const table = { documents, name: outputs.PapersTable, onUnreadable };
  const closed = newestClosedMonth(utcDayOf(systemClock.now()));
  const options = {
    ...{ lists: listsOf(settings).map(({ id }) => id), closed },
    first: parseMonth(given.from),
    last: given.to === undefined ? closed : parseMonth(given.to),
    ...{ isYes: given.yes ?? false, isJson: given.json ?? false },
  };
  const openSearch = toOpenSearchTarget(settings);
  const index =
    openSearch &&
    openPaperIndex(openSearch, documents.config.credentials, {
      error: (sentence, fields) => context.printError(`${sentence}: ${JSON.stringify(fields)}`),
      count() {},
    });
  return rebuildMonths({ ...openPorts(table), index }, options, context);
}

/** @throws CommandError for a text that is no month */
function parseMonth(text: string): Month {
  if (!z.iso.date().safeParse(`${text}-01`).success)
    throw new CommandError(`"${text}" is not a month. Write it like 2026-01.`);
  return text;
}

/** Every permission error names the permission. */
function openPorts(table: Parameters<typeof createPaperRepository>[0]): WriteSegmentPorts {
  const papers = createPaperRepository(table);
  const listings = createListingRepository(table);
  const archive = createArchiveRepository(table, systemClock);
  return {
    clock: systemClock,
    papers: { loadMany: (ids) => permitted('dynamodb:BatchGetItem', () => papers.loadMany(ids)) },
    listings: {
      load: (list, day) => permitted('dynamodb:Query', () => listings.load(list, day)),
      loadOfPaper: (id) => permitted('dynamodb:Query', () => listings.loadOfPaper(id)),
    },
    archive: {
      loadMonths: () => permitted('dynamodb:Query', () => archive.loadMonths()),
      loadSegment: (...which) => permitted('dynamodb:BatchGetItem', () => archive.loadSegment(...which)),
      saveSegment: (...segment) => permitted('dynamodb:PutItem', () => archive.saveSegment(...segment)),
      saveMonth: (...write) => permitted('dynamodb:PutItem', () => archive.saveMonth(...write)),
      deleteStraySegments: (...stray) =>
        permitted('dynamodb:DeleteItem', () => archive.deleteStraySegments(...stray)),
    },
  };
}
