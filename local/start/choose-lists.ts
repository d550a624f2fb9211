import { once } from 'node:events';
import { connect } from 'node:net';
import { createHttpClient } from '../../shared/adapters/http/client.ts';
import { systemTimer } from '../../shared/adapters/system-clock.ts';
import { type Clock, type Day, utcDayOf } from '../../shared/domain/time/time.ts';
import { toListing, toLongDay } from '../../shared/presentation/wording.ts';
import { createArxiv } from '../arxiv/arxiv.ts';
import { loadArxivSample } from '../arxiv/sample.ts';
import { startArxivServer } from '../arxiv/server.ts';
import { createSample } from '../hugging-face/sample.ts';
import { startDailyPapersServer } from '../hugging-face/server.ts';

/** Where the papers come from. */
export interface ChosenLists {
  /** The addresses of the sources. A source without one is read at its own address. */
  readonly sourceUrls: { readonly 'hf-daily': string; readonly arxiv?: string };
  /** The time between two requests to arXiv. Undefined for the real arXiv, which sets its own. */
  readonly requestIntervalMs?: number | undefined;
  /** Say in plain words where the papers come from. */
  readonly notes: readonly string[];
  /** The errors of the real lists, for the person at the terminal. */
  readonly failures: readonly string[];
  close(): Promise<void>;
}

/** The addresses of the real lists. */
export interface RealLists {
  readonly hfUrl: string;
  /** @default the hosts of arXiv */
  readonly arxivUrl?: string | undefined;
}

const PROBE_TIMEOUT_MS = 4_000;

/** The host that has the announcements of arXiv. */
const ARXIV_FEEDS = 'https://rss.arxiv.org';

/**
 * Chooses for each source the real lists if they can be reached within `probeTimeoutMs`. Otherwise the bundled sample. That of Hugging
 * Face is re-dated to end today, and that of arXiv to the last day of announcements.
 */
export async function chooseLists(
  { hfUrl, arxivUrl }: RealLists,
  clock: Clock,
  isSampleWanted: boolean,
  probeTimeoutMs: number = PROBE_TIMEOUT_MS,
): Promise<ChosenLists> {
  const hosts = { hf: new URL(hfUrl).host, arxiv: new URL(arxivUrl ?? ARXIV_FEEDS).host };
  const [hfFailure, arxivFailure] = isSampleWanted
    ? [undefined, undefined]
    : await Promise.all([
        probe(hfUrl, probeTimeoutMs),
        probeConnection(new URL(arxivUrl ?? ARXIV_FEEDS), probeTimeoutMs),
      ]);
  const isHfSample = isSampleWanted || hfFailure !== undefined;
  const isArxivSample = isSampleWanted || arxivFailure !== undefined;
  const hf = isHfSample ? await serveHfSample(clock) : undefined;
  const arxiv = isArxivSample ? await serveArxivSample(clock) : undefined;
  const urlOfArxiv = arxiv?.url ?? arxivUrl;
  return {
    sourceUrls: { 'hf-daily': hf?.url ?? hfUrl, ...(urlOfArxiv !== undefined && { arxiv: urlOfArxiv }) },
    requestIntervalMs: isArxivSample ? 0 : undefined,
    notes: toNotes(
      { name: 'Hugging Face', host: hosts.hf, sample: isHfSample ? HF_SAMPLE : undefined },
      { name: 'arXiv', host: hosts.arxiv, sample: arxiv && toArxivSample(arxiv.day) },
      isSampleWanted,
    ),
    failures: [hfFailure, arxivFailure].filter((failure) => failure !== undefined),
    async close() {
      await Promise.all([hf?.close(), arxiv?.close()]);
    },
  };
}

/** The source is read as the real one is, so mails and pages name its model as the writer of the short summaries. The note corrects that. */
const HF_SAMPLE =
  'are a sample of two days in January 2026, shown with the dates of today and yesterday. Their summaries were written for this sample, although pages and mails name a model on Hugging Face';

function toArxivSample(day: Day): string {
  return `are a sample, shown as if announced on ${toLongDay(day)}. Those numbered 2601.99… are made up for Broadsheet, so their links to arXiv lead nowhere`;
}

interface NotedSource {
  readonly name: string;
  readonly host: string;
  /** What the sample is. Undefined for the real lists. */
  readonly sample: string | undefined;
}

function toNotes(hf: NotedSource, arxiv: NotedSource, isSampleWanted: boolean): readonly string[] {
  const both = [hf, arxiv];
  const real = toHosts(both.filter(({ sample }) => sample === undefined));
  const sampled = both.filter(({ sample }) => sample !== undefined);
  const samples = sampled.map(({ name, sample }) => `The papers of ${name} ${sample}.`);
  const missing = toHosts(sampled);
  const them = missing.length > 1 ? 'them' : 'it';
  const why = isSampleWanted
    ? 'These are bundled samples, because of --sample. For the papers of today, start again without it.'
    : `${toListing(missing)} could not be read, so you see ${sampled.length > 1 ? 'bundled samples' : 'a bundled sample'}. Everything else works. For the papers of today, start again when this machine can reach ${them}.`;
  return [
    ...(real.length > 0 ? [`Papers from ${toListing(real)}.`] : []),
    ...(sampled.length > 0 ? [why] : []),
    ...samples,
  ];
}

/** Returns the hosts of sources. A host of both is named once. */
function toHosts(sources: readonly NotedSource[]): readonly string[] {
  return [...new Set(sources.map(({ host }) => host))];
}

async function serveHfSample(clock: Clock) {
  const today = utcDayOf(clock.now());
  const { url, close } = await startDailyPapersServer({ answer: createSample({ today }), clock });
  return { url: `${url}/api/daily_papers`, close };
}

async function serveArxivSample(clock: Clock) {
  const model = createArxiv({ clock, timer: systemTimer });
  const { day, announcements } = await loadArxivSample(clock.now());
  model.announce(day, announcements);
  return { day, ...(await startArxivServer(model)) };
}

/** Returns why the lists of Hugging Face cannot be read. Undefined if they can. */
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

/**
 * Returns why arXiv cannot be reached. Undefined if it can. It sends no request, because arXiv allows one in three seconds, and the
 * first read follows at once.
 */
async function probeConnection({ protocol, hostname, port, host }: URL, timeoutMs: number) {
  const usualPort = protocol === 'http:' ? 80 : 443;
  const socket = connect({ host: hostname, port: port === '' ? usualPort : Number(port) });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(timeoutMs) });
    return undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return `connect to ${host}: ${code}`;
  } finally {
    socket.destroy();
  }
}
