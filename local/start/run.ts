import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { systemClock, systemTimer } from '../../shared/adapters/system-clock.ts';
import { timeZoneSchema } from '../../shared/domain/time-zone.ts';
import { toCountText } from '../../shared/mail/wording.ts';
import type { MetricName, Telemetry } from '../../shared/observability.ts';
import { HF_DAILY_URL } from '../../shared/sources/hf-daily.ts';
import { createNewSubscriber } from '../../shared/subscribers/new-subscriber.ts';
import { startDynamoDb } from '../emulators/dynamodb.ts';
import { loadKeys } from '../keys.ts';
import { createSite, INBOX_PATH } from '../site/site.tsx';
import { createLocalPublication, type System, startSystem } from '../system.ts';
import { createLineTelemetry } from '../telemetry.ts';
import { chooseLists } from './choose-lists.ts';
import { emptyFolder, lockFolder, restoreBacklog, saveBacklog } from './folder.ts';
import { listenOn } from './listen.ts';
import type { StartOptions } from './options.ts';
import { type Report, startSchedule } from './schedule.ts';

/** A copy that runs on this machine. */
export interface RunningCopy {
  readonly url: string;
  /** Finishes what is in hand, keeps what is queued, and stops everything. */
  stop(): Promise<void>;
}

/**
 * Brings up everything on this machine: services, functions, schedules, pages. Resolves once the pages answer; the first
 * read of the papers and the first digest follow within seconds.
 *
 * @throws InvalidInputError when the port or the folder is taken
 */
export async function runCopy(
  options: StartOptions,
  hfUrl: string | undefined,
  report: Report,
): Promise<RunningCopy> {
  const listening = await listenOn(options.port);
  const url = `http://localhost:${listening.port}`;
  const { folder } = options;
  const unlock = await lockFolder(folder);
  if (options.isFresh) await emptyFolder(folder);

  const log = createWriteStream(join(folder, 'log.jsonl'), { flags: 'a' });
  const telemetry = createLineTelemetry((line) => log.write(`${line}\n`));
  const onError = (error: unknown) => {
    telemetry.error('Something failed', { error });
    report(`failed: ${error instanceof Error ? error.message : String(error)}`);
  };
  const keys = await loadKeys(join(folder, 'keys.json'));
  const publication = createLocalPublication(url);
  const lists = await chooseLists(hfUrl || HF_DAILY_URL, systemClock, options.isSample);
  report(lists.note);
  const system = await startSystem({
    openDynamoDb: () => startDynamoDb(join(folder, 'tables')),
    outboxFolder: join(folder, 'outbox'),
    clock: systemClock,
    timer: systemTimer,
    telemetry: reportingSent(telemetry, report, `${url}${INBOX_PATH}`),
    publication,
    keys,
    hfUrl: lists.url,
  });
  const backlogPath = join(folder, 'queues.json');
  await restoreBacklog(system.aws, backlogPath);
  await addDemoSubscriber(system, keys.idKey);

  const site = createSite({ system, publication, keys, sourceNote: () => lists.note });
  listening.answerWith(getRequestListener(site.fetch));
  system.start();
  const schedule = startSchedule(system, report, onError);
  void schedule.runNow();

  return {
    url,
    async stop() {
      listening.close();
      await schedule.stop();
      await system.stop();
      await saveBacklog(system.aws, backlogPath);
      await system.close();
      await lists.close();
      await new Promise<void>((resolve) => log.end(() => resolve()));
      await unlock();
    },
  };
}

/** What is counted for each mail that went out. */
const SENT: readonly MetricName[] = ['DigestsSent', 'AccountMailsSent'];

/** The telemetry, which also reports each mail that was sent, and where it is shown. */
export function reportingSent(telemetry: Telemetry, report: Report, inboxUrl: string): Telemetry {
  return {
    ...telemetry,
    count(metric, value, list) {
      telemetry.count(metric, value, list);
      if (SENT.includes(metric)) report(`sent ${toCountText(value, 'mail')}: ${inboxUrl}`);
    },
  };
}

const ADDRESS = 'demo@readers.example';

/** Adds a subscriber who is mailed whatever the list brings, as soon as it comes; one who is there stays as is. */
async function addDemoSubscriber({ repositories, clock }: System, idKey: string): Promise<void> {
  const subscriber = createNewSubscriber(
    {
      address: ADDRESS,
      status: 'confirmed',
      timeZone: toMachineZone(),
      hour: 8,
      subscriptions: [{ lists: ['hf-daily'], query: '', cadence: 'instant', maxPapers: 10 }],
      consent: { at: clock.now(), from: 'npm start', text: 'A subscriber made up for this machine.' },
      cause: { at: clock.now(), by: 'operator' },
    },
    idKey,
  );
  if (await repositories.subscribers.load(subscriber.id)) return;
  await repositories.subscribers.save(subscriber);
}

/** The zone of this machine; UTC if it is set to one that has no IANA name, like an offset. */
function toMachineZone(): string {
  const { data } = timeZoneSchema.safeParse(Intl.DateTimeFormat().resolvedOptions().timeZone);
  return data ?? 'UTC';
}
