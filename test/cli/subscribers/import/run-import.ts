import { PassThrough } from 'node:stream';
import type { CsvFile } from '../../../../cli/subscribers/csv.ts';
import type { ImportLimits, ImportPorts } from '../../../../cli/subscribers/import/import-subscribers.ts';
import { type ImportOptions, importFile } from '../../../../cli/subscribers/import/run-import.ts';
import type { StoredProfile } from '../../../../cli/subscribers/open-subscribers.ts';
import { createManualClock } from '../../../../local/manual-clock.ts';
import type { WebRequest } from '../../../../shared/ports/queues.ts';
import { toSubscriberId } from '../../../../shared/subscribers/subscriber-id.ts';
import { createFakeRepositories } from '../../../fakes/repositories.ts';
import { createTextFile } from '../text-file.ts';

export const NOW = '2026-01-05T08:00:00.000Z';
export const ID_KEY = 'k'.repeat(43);

type Given = Partial<ImportOptions & ImportLimits & { readonly interruption: AbortSignal }>;

/** A deployment in memory that files are imported into. */
export function createDeployment(repositories = createFakeRepositories(createManualClock(NOW))) {
  const { subscribers, suppressions, allowances, cohorts } = repositories;
  const requests: WebRequest[] = [];
  const ports = {
    subscribers: { load: subscribers.load, save: subscribers.save },
    profiles: {
      async loadMany(ids: readonly string[]) {
        const found = new Map<string, StoredProfile>();
        for (const id of ids) {
          const subscriber = await subscribers.load(id);
          if (subscriber) found.set(id, { subscriber });
        }
        return found;
      },
    },
    suppressions,
    allowances,
    requests: {
      enqueue: async (messages: readonly WebRequest[]) => {
        requests.push(...messages);
        return [];
      },
    },
  };
  return {
    ports,
    subscribers,
    suppressions,
    cohorts,
    /** What was put on the queue, in order. */
    requests,
    load: (address: string) => subscribers.load(toSubscriberId(address, ID_KEY)),
    /** Imports a file, or a text as one; what it printed, line by line, and the exit code. */
    run: (file: CsvFile | string, given: Given = {}, printed: string[] = []) =>
      runImport(ports, typeof file === 'string' ? createTextFile(file) : file, given, printed),
  };
}

/** How many rows ended how, by the summary: `{ added: 2 }`. */
export function countsOf(printed: readonly string[]): Readonly<Record<string, number>> {
  const lines = (printed.at(-1) ?? '').matchAll(/^ {2}(\w+) +(\d+)/gm);
  return Object.fromEntries(
    [...lines].map(([, outcome, count]) => [outcome, Number(count)]).filter(([, count]) => count !== 0),
  );
}

async function runImport(ports: ImportPorts, file: CsvFile, given: Given, printed: string[]) {
  const {
    isDryRun = false,
    maxAsked = Number.POSITIVE_INFINITY,
    interruption = new AbortController().signal,
    ...options
  } = given;
  const code = await importFile(
    ports,
    file,
    {
      defaults: { cadence: 'weekly', hour: 7 },
      lists: ['hf-daily', 'arxiv/cs.CL', 'arxiv/math.NA', 'arxiv/stat.ML', 'feed/Distill'],
      defaultLists: ['hf-daily'],
      idKey: ID_KEY,
      now: NOW,
      limits: { isDryRun, maxAsked },
      toResumeCommand: (fromLine, askAtMost) => `go on at ${fromLine}, ask ${askAtMost}`,
      ...options,
    },
    { print: (text) => printed.push(text), terminal: new PassThrough(), onInterrupt: () => interruption },
  );
  return { code, printed, reasons: printed.slice(1, -1), counts: countsOf(printed) };
}
