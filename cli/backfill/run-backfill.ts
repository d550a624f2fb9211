import * as z from 'zod';
import { listsOf } from '../../infra/settings/derived.ts';
import { loadSettings } from '../../infra/settings/load-settings.ts';
import { toOpenSearchTarget } from '../../infra/settings/open-search.ts';
import type { Settings } from '../../infra/settings/schema.ts';
import { createArchiveRepository } from '../../shared/adapters/dynamodb/archive-repository.ts';
import { createListingRepository } from '../../shared/adapters/dynamodb/listing-repository.ts';
import { createNewVersionRepository } from '../../shared/adapters/dynamodb/new-version-repository.ts';
import { createPaperRepository } from '../../shared/adapters/dynamodb/paper-repository.ts';
import { createRequestTurns } from '../../shared/adapters/dynamodb/request-turns.ts';
import { createSnapshotRepository } from '../../shared/adapters/dynamodb/snapshot-repository.ts';
import { createSourceStateRepository } from '../../shared/adapters/dynamodb/source-state-repository.ts';
import type { UnreadableItemError } from '../../shared/adapters/dynamodb/stored-item.ts';
import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { createHttpClient } from '../../shared/adapters/http/client.ts';
import { openPaperIndex } from '../../shared/adapters/opensearch/paper-index.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { explainUnknownList, findChosenList } from '../../shared/domain/list-choice.ts';
import { findList } from '../../shared/domain/lists.ts';
import type { Telemetry } from '../../shared/observability.ts';
import type { IngestPorts } from '../../shared/pipeline/ingest.ts';
import type { RequestTurns } from '../../shared/ports/http.ts';
import { sourceRegistry } from '../../shared/sources/registry.ts';
import type { CommandContext } from '../command.ts';
import { announceTarget } from '../confirm.ts';
import { permitted } from '../deployment/aws-call.ts';
import { CommandError } from '../deployment/errors.ts';
import { openDeployment } from '../deployment/find-deployment.ts';
import { backFillList } from './backfill-list.ts';

/** A server may ask for a longer wait than an ingest has time for. An operator can wait. */
const LONGEST_WAIT_MS = 300_000;

/** The interval of a source without one of its own. A back-fill has many requests and is in no hurry. */
const INTERVAL_MS = 1_000;

/** Reads a list of a deployment again from a day on, and returns the exit code. */
export async function runBackfill(
  typedList: string,
  given: {
    readonly settings: string;
    readonly from: string;
    readonly yes?: true | undefined;
    readonly json?: true | undefined;
  },
  context: CommandContext,
): Promise<number> {
  const settings = loadSettings(given.settings);
  const known = listsOf(settings).map(({ id }) => id);
  const list = findChosenList(typedList, known);
  const source = list === undefined ? undefined : findList(list)?.source;
  if (list === undefined || source === undefined)
    throw new CommandError(
      `${explainUnknownList(typedList, known)} To read another list, add it to the settings and deploy first.`,
    );
  const wanted = { list, from: parseDay(given.from) };
  const { target, outputs } = await openDeployment(settings);
  announceTarget(context, target);
  const telemetry = toTelemetry(context);
  const ports = openPorts(outputs.PapersTable, settings, telemetry, context);
  const { create, allowedHosts, http } = sourceRegistry[source];
  const sourceSettings = { url: urlOf(settings, source), feeds: settings.lists.feed?.feeds };
  const client = createHttpClient({
    userAgent: `Broadsheet (+${outputs.PublicUrl})`,
    allowedHosts: allowedHosts(sourceSettings),
    longestWaitMs: LONGEST_WAIT_MS,
    ...(http && { timeoutMs: http.timeoutMs }),
    pace: { turns: ports.turns, system: source, intervalMs: http?.intervalMs ?? INTERVAL_MS },
  });
  const options = { ...wanted, isYes: given.yes ?? false, isJson: given.json ?? false };
  return backFillList({ ...ports, http: client }, create(sourceSettings), options, context);
}

/** @throws CommandError for a text that is no day, or one that is still to come */
function parseDay(text: string): string {
  const { data: day } = z.iso.date().safeParse(text);
  if (day === undefined) throw new CommandError(`"${text}" is not a day. Write it like 2026-01-05.`);
  if (day > systemClock.now()) throw new CommandError(`--from ${day} is still to come. Name an earlier day.`);
  return day;
}

function urlOf({ lists }: Settings, source: keyof typeof sourceRegistry): string | undefined {
  return source === 'feed' ? undefined : lists[source]?.url;
}

/** Faults go to the terminal. Metrics are those of the deployment. */
function toTelemetry({ printError }: CommandContext): Telemetry {
  const say = (sentence: string, fields?: object) =>
    printError(fields ? `${sentence}: ${JSON.stringify(fields)}` : sentence);
  return { info() {}, warn: say, error: say, count() {} };
}

/** Every permission error names the permission. */
function openPorts(
  name: string,
  settings: Settings,
  telemetry: Telemetry,
  context: CommandContext,
): Omit<IngestPorts, 'http'> & { readonly turns: RequestTurns } {
  const documents = createDocumentClient();
  const onUnreadable = ({ message }: UnreadableItemError) => context.printError(`left out: ${message}`);
  const table = { documents, name, onUnreadable };
  const papers = createPaperRepository(table);
  const listings = createListingRepository(table);
  const newVersions = createNewVersionRepository(table);
  const states = createSourceStateRepository(table);
  const snapshots = createSnapshotRepository(table, systemClock);
  const archive = createArchiveRepository(table, systemClock);
  const turns = createRequestTurns(table);
  const openSearch = toOpenSearchTarget(settings);
  const index = openSearch && openPaperIndex(openSearch, documents.config.credentials, telemetry);
  return {
    lists: listsOf(settings),
    clock: systemClock,
    telemetry,
    index,
    papers: {
      save: (...paper) => permitted('dynamodb:PutItem', () => papers.save(...paper)),
      loadMany: (ids) => permitted('dynamodb:BatchGetItem', () => papers.loadMany(ids)),
    },
    listings: {
      save: (listing) => permitted('dynamodb:PutItem', () => listings.save(listing)),
      load: (list, day) => permitted('dynamodb:Query', () => listings.load(list, day)),
      loadOfPaper: (id) => permitted('dynamodb:Query', () => listings.loadOfPaper(id)),
    },
    newVersions: {
      load: (day) => permitted('dynamodb:Query', () => newVersions.load(day)),
      save: (...version) => permitted('dynamodb:PutItem', () => newVersions.save(...version)),
    },
    sourceStates: {
      load: (source) => permitted('dynamodb:GetItem', () => states.load(source)),
      save: (...state) => permitted('dynamodb:PutItem', () => states.save(...state)),
    },
    snapshots: {
      loadHeaders: (...range) => permitted('dynamodb:Query', () => snapshots.loadHeaders(...range)),
      loadParts: (wanted) => permitted('dynamodb:BatchGetItem', () => snapshots.loadParts(wanted)),
      save: (...write) => permitted('dynamodb:PutItem', () => snapshots.save(...write)),
      deleteStrayParts: (...stray) =>
        permitted('dynamodb:DeleteItem', () => snapshots.deleteStrayParts(...stray)),
    },
    archive: {
      loadMonths: () => permitted('dynamodb:Query', () => archive.loadMonths()),
      loadSegment: (...which) => permitted('dynamodb:BatchGetItem', () => archive.loadSegment(...which)),
      saveSegment: (...segment) => permitted('dynamodb:PutItem', () => archive.saveSegment(...segment)),
      saveMonth: (...write) => permitted('dynamodb:PutItem', () => archive.saveMonth(...write)),
      deleteStraySegments: (...stray) =>
        permitted('dynamodb:DeleteItem', () => archive.deleteStraySegments(...stray)),
    },
    turns: {
      take: (...turn) => permitted('dynamodb:PutItem', () => turns.take(...turn)),
      end: (...turn) => permitted('dynamodb:PutItem', () => turns.end(...turn)),
    },
  };
}
