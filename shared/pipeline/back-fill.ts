import type { ListId } from '../domain/lists.ts';
import type { Day } from '../domain/time.ts';
import type { Source, SourceAnswer } from '../sources/source.ts';
import { type IngestPorts, type IngestSummary, ingest } from './ingest.ts';

/** What an operator wants to have again: all days of a list since a day. */
export interface BackFill {
  readonly list: ListId;
  readonly from: Day;
}

/** The source of a back-fill. */
export type BackFillSource = Source & Required<Pick<Source, 'backFill'>>;

export interface BackFillSummary {
  readonly itemsRead: number;
  readonly itemsRejected: number;
  readonly created: number;
  readonly updated: number;
  /** Why it ended before the newest day. */
  readonly problems: readonly string[];
  /** Whether every day was read. Otherwise another call with the same list and day goes on where this one ended. */
  readonly isDone: boolean;
}

/** A run ends after this many answers, or later if the cursor has not moved on by then. It saves its state and snapshots. */
const ANSWERS_A_RUN = 5;

/**
 * Reads a list again from a day on, in several runs of ingest. Each run saves where it ended, in a state of this list and day. The state of
 * the source stays as it is, so the ingest of the deployment goes on beside it.
 *
 * @param onAnswer is called after each answer
 * @throws the errors of the repositories. Another call with the same list and day goes on after the last run that was saved
 */
export async function backFill(
  ports: IngestPorts,
  source: BackFillSource,
  wanted: BackFill,
  onAnswer: (answer: SourceAnswer) => void,
  signal?: AbortSignal,
): Promise<BackFillSummary> {
  const own = {
    ...ports,
    sourceStates: withOwnState(ports.sourceStates, source.name, `backfill#${wanted.list}#${wanted.from}`),
  };
  const total = { itemsRead: 0, itemsRejected: 0, created: 0, updated: 0 };
  const problems: string[] = [];
  let isDone = false;
  while (!isDone && problems.length === 0 && !signal?.aborted) {
    let isLast = true;
    const part: Source = {
      ...source,
      isBackFill: true,
      async *fetch(request) {
        let answers = 0;
        for await (const answer of source.backFill({ ...request, ...wanted })) {
          yield { ...answer, saysNothingOfNewest: true };
          onAnswer(answer);
          answers += 1;
          const hasAdvanced = answer.cursor !== undefined && answer.cursor !== request.cursor;
          if (answers >= ANSWERS_A_RUN && hasAdvanced) {
            isLast = false;
            return;
          }
        }
      },
    };
    const summary: IngestSummary = await ingest(own, part, signal);
    total.itemsRead += summary.itemsRead;
    total.itemsRejected += summary.itemsRejected;
    total.created += summary.created;
    total.updated += summary.updated;
    problems.push(...summary.problems);
    isDone = isLast && problems.length === 0 && !signal?.aborted;
  }
  // The same command begins anew next time.
  if (isDone) await own.sourceStates.save(source.name, { lists: {} });
  return { ...total, problems, isDone };
}

/** Returns the states, with the state of one source under another name. */
function withOwnState(
  states: IngestPorts['sourceStates'],
  source: string,
  ownName: string,
): IngestPorts['sourceStates'] {
  const toName = (name: string) => (name === source ? ownName : name);
  return {
    load: (name) => states.load(toName(name)),
    save: (name, state) => states.save(toName(name), state),
  };
}
