import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { systemTimer } from '../../shared/adapters/system-timer.ts';
import { HF_DAILY_URL } from '../../shared/sources/hf-daily.ts';
import { startDynamoDb } from '../emulators/dynamodb.ts';
import { loadKeys } from '../keys.ts';
import { createLocalPublication } from '../local-publication.ts';
import { createSite, INBOX_PATH } from '../site/site.tsx';
import { startSystem } from '../system.ts';
import { createLineTelemetry } from '../telemetry.ts';
import { restoreBacklog, saveBacklog } from './backlog.ts';
import { chooseLists } from './choose-lists.ts';
import { addDemoSubscriber } from './demo-subscriber.ts';
import { emptyFolder, lockFolder } from './folder-lock.ts';
import { listenOn } from './listen.ts';
import type { StartOptions } from './options.ts';
import { reportingSent } from './report-sent.ts';
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
