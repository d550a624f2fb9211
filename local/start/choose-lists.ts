import { createHttpClient } from '../../shared/adapters/http/client.ts';
import type { Clock } from '../../shared/domain/time.ts';
import { utcDayOf } from '../../shared/domain/time.ts';
import { createSample } from '../hugging-face/sample.ts';
import { startDailyPapersServer } from '../hugging-face/server.ts';

/** Where the lists of papers come from. */
export interface ChosenLists {
  readonly url: string;
  /** A sentence that says where the papers come from. */
  readonly note: string;
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
  const failure = isSampleWanted ? 'because of --sample' : await probe(realUrl, probeTimeoutMs);
  if (failure === undefined) {
    return { url: realUrl, note: `Papers from ${new URL(realUrl).host}.`, close: async () => {} };
  }
  const today = utcDayOf(clock.now());
  const server = await startDailyPapersServer({ answer: createSample({ today }), clock });
  const why = isSampleWanted ? failure : `${new URL(realUrl).host} could not be reached: ${failure}`;
  return {
    url: `${server.url}/api/daily_papers`,
    note: `The papers are a sample of two days in January 2026, shown with the dates of today and yesterday (${why}).`,
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
