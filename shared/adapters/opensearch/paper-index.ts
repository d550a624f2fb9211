import { UnavailableError } from '../../domain/errors.ts';
import type { Timer } from '../../domain/time/time.ts';
import * as z from '../../domain/zod.ts';
import type { ListedPaper } from '../../matching/search/paper-columns.ts';
import type { Telemetry } from '../../observability.ts';
import { type PaperIndex, PaperIndexError } from '../../ports/search.ts';
import { systemTimer } from '../system-clock.ts';
import {
  createOpenSearchClient,
  type OpenSearchClient,
  type OpenSearchClientOptions,
  OpenSearchError,
} from './client.ts';
import { INDEX_BODY, toDocument } from './documents.ts';
import type { OpenSearchTarget } from './target.ts';

export interface PaperIndexPorts {
  readonly client: OpenSearchClient;
  readonly timer: Timer;
  readonly telemetry: Pick<Telemetry, 'error' | 'count'>;
}

/** A paper takes about 5 KB, and a request may have 10 MB. */
const PAPERS_AT_ONCE = 500;

const ATTEMPTS = 4;
const FIRST_BACK_OFF_MS = 500;

const bulkSchema = z.object({
  items: z.array(
    z.object({
      index: z.object({
        _id: z.string(),
        status: z.int(),
        error: z.optional(z.object({ type: z.optional(z.string()), reason: z.optional(z.string()) })),
      }),
    }),
  ),
});

const knownSchema = z.object({
  docs: z.array(
    z.object({ _id: z.string(), _source: z.optional(z.object({ hash: z.optional(z.unknown()) })) }),
  ),
});

type Document = ReturnType<typeof toDocument>;

/** OpenSearch indexes some hundred papers in a second or two. */
const BULK_TIMEOUT_MS = 20_000;

/** Opens the index of a target. It signs its requests with the credentials, and waits longer than a search does. */
export function openPaperIndex(
  target: OpenSearchTarget,
  credentials: OpenSearchClientOptions['credentials'],
  telemetry: PaperIndexPorts['telemetry'],
): PaperIndex {
  const timer = systemTimer;
  const client = createOpenSearchClient({ ...target, credentials, timer, timeoutMs: BULK_TIMEOUT_MS });
  return createPaperIndex({ client, timer, telemetry });
}

/** Indexes papers in OpenSearch, and creates the index when it is first needed. If OpenSearch refuses a paper, the others are still indexed. */
export function createPaperIndex({ client, timer, telemetry }: PaperIndexPorts): PaperIndex {
  let isCreated = false;

  const create = async () => {
    if (isCreated) return;
    await client.send('PUT', `/${client.index}`, INDEX_BODY).catch((error: unknown) => {
      const exists = error instanceof OpenSearchError && error.type === 'resource_already_exists_exception';
      if (!exists) throw error;
    });
    isCreated = true;
  };

  /** Returns the documents that are not indexed yet. */
  const findNew = async (documents: readonly Document[]): Promise<readonly Document[]> => {
    const path = `/${client.index}/_mget?_source_includes=hash`;
    const { docs } = readAnswer(
      knownSchema,
      await client.send('POST', path, { ids: documents.map(({ id }) => id) }),
    );
    const hashOf = new Map(docs.map(({ _id, _source }) => [_id, _source?.hash]));
    return documents.filter(({ id, hash }) => hashOf.get(id) !== hash);
  };

  /** Saves documents, and retries those for which OpenSearch was too busy. Reports those that it refuses. */
  const saveAll = async (documents: readonly Document[]): Promise<void> => {
    let pending = documents;
    for (let nth = 1; pending.length > 0; nth += 1) {
      const lines = pending.flatMap((document) => [{ index: { _id: document.id } }, document]);
      const { items } = readAnswer(bulkSchema, await client.send('POST', `/${client.index}/_bulk`, lines));
      const results = items.map(({ index }) => index);
      for (const { _id, status, error } of results.filter(isRefused)) {
        telemetry.error('A paper cannot be indexed', { paperId: _id, status, problem: error?.type });
        telemetry.count('PapersUnindexed', 1);
      }
      const busy = new Set(results.filter(isBusy).map(({ _id }) => _id));
      pending = pending.filter(({ id }) => busy.has(id));
      if (pending.length > 0 && nth === ATTEMPTS)
        throw new UnavailableError(`OpenSearch was too busy for ${pending.length} papers ${ATTEMPTS} times`);
      if (pending.length > 0) await timer.wait(FIRST_BACK_OFF_MS * 2 ** (nth - 1));
    }
  };

  const save = async (listed: readonly ListedPaper[]): Promise<void> => {
    await create();
    for (let from = 0; from < listed.length; from += PAPERS_AT_ONCE) {
      const documents = listed.slice(from, from + PAPERS_AT_ONCE).map(toDocument);
      await saveAll(await findNew(documents));
    }
  };

  return {
    async save(listed) {
      if (listed.length === 0) return;
      try {
        await save(listed);
      } catch (cause) {
        if (!(cause instanceof UnavailableError || cause instanceof OpenSearchError)) throw cause;
        throw new PaperIndexError(`papers could not be indexed: ${cause.message}`, { cause });
      }
    },
  };
}

/** @throws PaperIndexError for an answer in another format */
function readAnswer<Schema extends z.ZodMiniType>(schema: Schema, answer: unknown): z.infer<Schema> {
  const { success, data, error } = schema.safeParse(answer);
  if (success) return data;
  throw new PaperIndexError(`an answer of OpenSearch cannot be read: ${error.message}`, { cause: error });
}

function isBusy({ status }: { readonly status: number }): boolean {
  return status === 429 || status >= 500;
}

function isRefused(result: { readonly status: number }): boolean {
  return result.status >= 300 && !isBusy(result);
}
