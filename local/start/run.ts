import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { systemClock, systemTimer } from '../../shared/adapters/system-clock.ts';
import type { ListId } from '../../shared/domain/lists/lists.ts';
import { timeZoneSchema } from '../../shared/domain/time/time-zone.ts';
import { HF_DAILY_URL } from '../../shared/sources/hf-daily/hf-daily.ts';
import { createNewSubscriber } from '../../shared/subscribers/new-subscriber.ts';
import { SAMPLE_CATEGORIES } from '../arxiv/sample.ts';
import { startDynamoDb } from '../emulators/dynamodb.ts';
import { loadKeys } from '../keys.ts';
import { createSite, DEMO_ADDRESS, INBOX_PATH } from '../site/site.tsx';
import { parseSourceUrl } from '../source-url.ts';
import { createLocalPublication, type System, startSystem } from '../system.ts';
import { createLineTelemetry, reportErrors } from '../telemetry.ts';
import { keepBacklog } from './backlog.ts';
import { chooseLists, type RealLists } from './choose-lists.ts';
import { emptyFolder, lockFolder, refuseLockedFolder } from './folder.ts';
import { type Listening, listenOn } from './listen.ts';
import type { StartOptions } from './options.ts';
import { type Report, startSchedule } from './schedule.ts';

/** A running local copy. */
export interface RunningCopy {
  readonly url: string;
  /** Says where the papers come from, and why it is a sample. Each line is a sentence or a few. */
  readonly notes: readonly string[];
  /** Finishes the messages in flight, saves the queued ones, and stops everything. */
  stop(): Promise<void>;
}

/**
 * Starts everything on this machine: services, functions, schedules and pages. Resolves when the pages answer. The first
 * papers and the first digest follow within seconds.
 *
 * @param urls the values of BROADSHEET_HF_URL and BROADSHEET_ARXIV_URL
 * @throws InvalidInputError if an address is not valid, or if the port or the folder is in use or cannot be used
 */
export async function runCopy(
  options: StartOptions,
  urls: { readonly hfUrl?: string | undefined; readonly arxivUrl?: string | undefined },
  report: Report,
): Promise<RunningCopy> {
  const real = {
    hfUrl: parseSourceUrl('BROADSHEET_HF_URL', urls.hfUrl) ?? HF_DAILY_URL,
    arxivUrl: parseSourceUrl('BROADSHEET_ARXIV_URL', urls.arxivUrl),
  };
  const { folder } = options;
  // A second start with the same folder and port hears of the folder. A taken port leaves no folder behind.
  refuseLockedFolder(folder);
  const listening = await listenOn(options.port);
  const unlock = await lockFolder(folder).catch((error: unknown) => {
    listening.close();
    throw error;
  });
  try {
    return await startIn(options, real, listening, unlock, report);
  } catch (error) {
    listening.close();
    await unlock();
    throw error;
  }
}

/** Starts everything in a locked folder, behind a port that listens. */
async function startIn(
  options: StartOptions,
  real: RealLists,
  listening: Listening,
  unlock: () => Promise<void>,
  report: Report,
): Promise<RunningCopy> {
  const { folder } = options;
  const url = `http://localhost:${listening.port}`;
  if (options.isFresh) await emptyFolder(folder);

  const log = openLog(join(folder, 'log.jsonl'), report);
  const logged = createLineTelemetry((line) => log.write(`${line}\n`));
  const telemetry = reportErrors(logged, report);
  const onError = (error: unknown) => {
    logged.error('Something failed', { error });
    report(`failed: ${error instanceof Error ? error.message : String(error)}`);
  };
  const keys = await loadKeys(join(folder, 'keys.json'));
  const publication = createLocalPublication(url);
  const lists = await chooseLists(real, systemClock, options.isSample);
  const system = await startSystem({
    openDynamoDb: () => startDynamoDb(join(folder, 'tables'), report),
    outboxFolder: join(folder, 'outbox'),
    onMail: ({ destinations, messageId }) =>
      report(`mail to ${destinations.join(', ')}: ${url}${INBOX_PATH}/${messageId}`),
    onUnreadableMail: report,
    clock: systemClock,
    timer: systemTimer,
    telemetry,
    publication,
    keys,
    lists: FOLLOWED.join(','),
    sourceUrls: lists.sourceUrls,
    requestIntervalMs: lists.requestIntervalMs,
  });
  const stopKeeping = await keepBacklog(system.aws, {
    path: join(folder, 'queues.json'),
    unreadablePath: join(folder, 'queues-unreadable.jsonl'),
    isRedriving: options.isRedriving,
    report,
    onError,
  });
  await addDemoSubscriber(system, keys.idKey);

  const site = createSite({ system, publication, keys, sourceNote: lists.notes.join(' ') });
  listening.answerWith(getRequestListener(site.fetch));
  system.start();
  const schedule = startSchedule(system, ['hf-daily', 'arxiv'], report, onError);
  const opening = openFirstPages(site.fetch, url, () => schedule.runNow()).catch(onError);

  return {
    url,
    notes: [
      ...lists.notes,
      ...(lists.failures.length > 0 ? [`What could not be read: ${lists.failures.join('; ')}`] : []),
    ],
    async stop() {
      listening.close();
      await schedule.stop();
      await opening;
      await system.stop();
      await stopKeeping();
      await system.close();
      await lists.close();
      await new Promise<void>((resolve) => log.end(() => resolve()));
      await unlock();
    },
  };
}

/** Opens a log for more lines. If it cannot be written, as on a full disk, the copy goes on without it. */
export function openLog(path: string, report: Report): WriteStream {
  const log = createWriteStream(path, { flags: 'a' });
  log.on('error', ({ message }) => {
    report(`error: The log cannot be written (${message}). Fix that, then start again to have one`);
  });
  return log;
}

/**
 * Opens the front page, reads the lists, and opens a search. So no reader waits for their code, or for the papers that a search loads. The
 * front page comes first, because the lists keep the only thread busy for a second or two.
 */
export async function openFirstPages(
  fetch: (request: Request) => Response | Promise<Response>,
  url: string,
  readLists: () => Promise<void>,
): Promise<void> {
  const open = (path: string) =>
    fetch(new Request(new URL(path, url), { headers: { host: new URL(url).host } }));
  try {
    await open('/');
  } finally {
    await readLists();
  }
  await open('/search?q=papers');
}

const ARXIV_LISTS: readonly ListId[] = SAMPLE_CATEGORIES.map((category) => `arxiv/${category}`);

/** The lists of a local copy. */
const FOLLOWED: readonly ListId[] = ['hf-daily', ...ARXIV_LISTS];

/** Adds a subscriber who gets all new papers instantly. An existing one stays as it is. */
async function addDemoSubscriber({ repositories, clock }: System, idKey: string): Promise<void> {
  const subscriber = createNewSubscriber(
    {
      address: DEMO_ADDRESS,
      status: 'confirmed',
      timeZone: toMachineZone(),
      hour: 8,
      subscriptions: [
        { lists: ['hf-daily'], query: '', cadence: 'instant', maxPapers: 10, sort: 'trending' },
        { lists: [...ARXIV_LISTS], query: '', cadence: 'instant', maxPapers: 5, sort: 'trending' },
      ],
      consent: { at: clock.now(), from: 'npm start', text: 'A subscriber made up for this machine.' },
      cause: { at: clock.now(), by: 'operator' },
    },
    idKey,
  );
  if (await repositories.subscribers.load(subscriber.id)) return;
  await repositories.subscribers.save(subscriber);
}

/** Returns the time zone of this machine, or UTC if it has no IANA name. */
function toMachineZone(): string {
  const { data } = timeZoneSchema.safeParse(Intl.DateTimeFormat().resolvedOptions().timeZone);
  return data ?? 'UTC';
}
