import type { SourceName } from '../domain/lists/lists.ts';
import { arxivHosts, createArxivSource } from './arxiv/arxiv.ts';
import { createFeedSource, feedHosts } from './feed/feed.ts';
import { createHfDailySource, hfDailyHosts } from './hf-daily/hf-daily.ts';
import type { Source } from './source.ts';

/** What an operator can set about a source. */
interface SourceSettings {
  /** Another address with the same kind of answers. @default the source's own address */
  readonly url?: string | undefined;
  /** The addresses of feeds by name, for the source that reads feeds: `Distill`. */
  readonly feeds?: Readonly<Record<string, string>> | undefined;
}

/** How a source is made. */
export interface SourceEntry {
  create(settings: SourceSettings): Source;
  /** The hosts that it reads, as `URL.host` writes them, for the allow-list of the HTTP client. */
  allowedHosts(settings: SourceSettings): readonly string[];
  /** The manners of its HTTP client. @default those of the client, without an interval */
  readonly http?: SourceHttp;
}

/** The limits of a source's requests. */
interface SourceHttp {
  /** The time limit of one request. */
  readonly timeoutMs: number;
  /**
   * The shortest time between two requests. The whole deployment sends one at a time. arXiv allows one in 3 seconds. The rest is for
   * those that travel faster than the one before.
   */
  readonly intervalMs: number;
}

/** How each source of the catalogue is made. The compiler asks for the line of a new source. */
export const sourceRegistry: Readonly<Record<SourceName, SourceEntry>> = {
  'hf-daily': {
    create: ({ url }) => createHfDailySource({ baseUrl: url }),
    allowedHosts: ({ url }) => hfDailyHosts({ baseUrl: url }),
  },
  arxiv: {
    create: ({ url }) => createArxivSource({ url }),
    allowedHosts: ({ url }) => arxivHosts({ url }),
    // A page of OAI-PMH may take more than a minute.
    http: { timeoutMs: 90_000, intervalMs: 3_200 },
  },
  feed: { create: createFeedSource, allowedHosts: feedHosts },
};
