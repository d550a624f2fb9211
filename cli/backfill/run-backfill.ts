import { listsOf } from '../../infra/settings/derived.ts';
import { loadSettings } from '../../infra/settings/load-settings.ts';
import { toOpenSearchTarget } from '../../infra/settings/open-search.ts';
import type { Settings } from '../../infra/settings/schema.ts';
import { createLeases } from '../../shared/adapters/dynamodb/leases.ts';
import { createListingRepository } from '../../shared/adapters/dynamodb/listing-repository.ts';
import { createNewVersionRepository } from '../../shared/adapters/dynamodb/new-version-repository.ts';
import { createPaperRepository } from '../../shared/adapters/dynamodb/paper-repository.ts';
import { createSourceStateRepository } from '../../shared/adapters/dynamodb/source-state-repository.ts';
import type { UnreadableItemError } from '../../shared/adapters/dynamodb/stored-item.ts';
import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { createHttpClient } from '../../shared/adapters/http/client.ts';
import { openPaperIndex } from '../../shared/adapters/opensearch/paper-index.ts';
import { systemClock, systemTimer } from '../../shared/adapters/system-clock.ts';
import { explainUnknownList, findChosenList } from '../../shared/domain/lists/list-choice.ts';
import { findList } from '../../shared/domain/lists/lists.ts';
import type { Telemetry } from '../../shared/observability.ts';
import type { BackFillPorts } from '../../shared/pipeline/back-fill.ts';
import { sourceRegistry } from '../../shared/sources/registry.ts';
import type { CommandContext } from '../command.ts';
import { announceTarget } from '../confirm.ts';
import { parseFirstDay } from '../days.ts';
import { withPermissions } from '../deployment/aws-call.ts';
import { CommandError } from '../deployment/errors.ts';
import { openDeployment } from '../deployment/find-deployment.ts';
import { openArchive } from '../rebuild/archive.ts';
import { openSnapshots } from '../rebuild/snapshots.ts';
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
  const wanted = { list, from: parseFirstDay(given.from, systemClock.now()) };
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
    rateLimit: {
      leases: ports.leases,
      system: source,
      intervalMs: http?.intervalMs ?? INTERVAL_MS,
      telemetry,
    },
  });
  const options = { ...wanted, isYes: given.yes ?? false, isJson: given.json ?? false };
  return backFillList({ ...ports, http: client }, create(sourceSettings), options, context);
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

/** Opens what a back-fill needs, except HTTP. If the account refuses a call, the error names the permission. */
function openPorts(
  name: string,
  settings: Settings,
  telemetry: Telemetry,
  context: CommandContext,
): Omit<BackFillPorts, 'http'> {
  const documents = createDocumentClient();
  const onUnreadable = ({ message }: UnreadableItemError) => context.printError(`left out: ${message}`);
  const table = { documents, name, onUnreadable };
  const openSearch = toOpenSearchTarget(settings);
  const index = openSearch && openPaperIndex(openSearch, documents.config.credentials, telemetry);
  return {
    lists: listsOf(settings),
    clock: systemClock,
    timer: systemTimer,
    telemetry,
    index,
    papers: withPermissions(createPaperRepository(table), {
      save: 'dynamodb:PutItem',
      loadMany: 'dynamodb:BatchGetItem',
    }),
    listings: withPermissions(createListingRepository(table), {
      save: 'dynamodb:PutItem',
      load: 'dynamodb:Query',
      loadOfPaper: 'dynamodb:Query',
    }),
    newVersions: withPermissions(createNewVersionRepository(table), {
      load: 'dynamodb:Query',
      save: 'dynamodb:PutItem',
    }),
    sourceStates: withPermissions(createSourceStateRepository(table), {
      load: 'dynamodb:GetItem',
      save: 'dynamodb:PutItem',
    }),
    snapshots: openSnapshots(table),
    archive: openArchive(table),
    leases: withPermissions(createLeases(table), {
      acquire: 'dynamodb:PutItem',
      release: 'dynamodb:PutItem',
    }),
  };
}
