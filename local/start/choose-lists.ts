import { createHttpClient } from '../../shared/adapters/http/client.ts';
import type { Clock } from '../../shared/domain/time.ts';
import { utcDayOf } from '../../shared/domain/time.ts';
import { createSample } from '../hugging-face/sample.ts';
import { startDailyPapersServer } from '../hugging-face/server.ts';

/** Where the lists of papers come from. */
export interface ChosenLists {
  readonly url: string;
  /** Says in plain words where the papers come from. */
  readonly note: string;
  /** The error of the real lists, for the person at the terminal. */
  readonly failure?: string;
  close(): Promise<void>;
}

const PROBE_TIMEOUT_MS = 4_000;

/** Chooses the real lists if they answer within `probeTimeoutMs`. Otherwise the bundled sample, re-dated to end today. */
export async function chooseLists(
  realUrl: string,
  clock: Clock,
  isSampleWanted: boolean,
  probeTimeoutMs: number = PROBE_TIMEOUT_MS,
): Promise<ChosenLists> {
  const { host } = new URL(realUrl);
  const failure = isSampleWanted ? undefined : await probe(realUrl, probeTimeoutMs);
  if (!isSampleWanted && failure === undefined) {
    return { url: realUrl, note: `Papers from ${host}.`, close: async () => {} };
  }
  const today = utcDayOf(clock.now());
  const server = await startDailyPapersServer({ answer: createSample({ today }), clock });
  const why = isSampleWanted
    ? 'because of --sample. For the papers of today, start again without it.'
    : `because the lists of ${host} could not be read. For the papers of today, start again when this machine can reach ${host}.`;
  return {
    url: `${server.url}/api/daily_papers`,
    note: `The papers are a sample of two days in January 2026, shown with the dates of today and yesterday, ${why}`,
    ...(failure !== undefined && { failure }),
    close: server.close,
  };
}

/** Returns why the lists cannot be read. Undefined if they can. */
async function probe(url: string, timeoutMs: number): Promise<string | undefined> {
  const http = createHttpClient({
    userAgent: 'Broadsheet (on one machine)',
    allowedHosts: [new URL(url).host],
    timeoutMs,
    attempts: 1,
  });
  const page = new URL(url);
  page.searchParams.set('limit', '1');
  try {
    const { status } = await http.fetchText(page);
    return status === 200 ? undefined : `it answered ${status}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
