import type { ListId } from '../domain/lists/lists.ts';
import { addMs, type Day, MS_PER_MINUTE, type Timer } from '../domain/time/time.ts';
import type { Leases } from '../ports/leases.ts';
import type { Source, SourceAnswer } from '../sources/source.ts';
import { type IngestPorts, type IngestSummary, ingest } from './ingest.ts';
import { runWithLease } from './ingest-with-lease.ts';
import { withBackFilledDays } from './list-histories.ts';

export interface BackFillPorts extends IngestPorts {
  readonly leases: Leases;
  readonly timer: Timer;
}

/** A request to read all days of a list again since a day. */
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
  /** What could not be read. */
  readonly problems: readonly string[];
  /** The days that could not be read, although the days after them were asked for. */
  readonly failedDays: readonly Day[];
  /** Whether all days but the failed ones were read and noted. */
  readonly areOthersRead: boolean;
  /** Whether every day was read and noted. Otherwise another call with the same list and day reads the rest. */
  readonly isDone: boolean;
}

/** A run ends after this many answers, or later if the cursor has not moved on by then. It saves its state and snapshots. */
const ANSWERS_A_RUN = 5;

/** After this many failed days in a row, the site itself may be down. Another call reads the others. */
const MAX_FAILURES_IN_A_ROW = 5;

/**
 * Reads a list again from a day on, in several runs of ingest. Each run saves where it ended, in a state of this list and day. So the ingest
 * of the deployment goes on beside it. A day that cannot be read is left for another call, if its source can go on with others.
 *
 * At the end, the days with papers are noted in the history of the list. For that, it waits until no other run has the lease on the source.
 * A run of Hugging Face takes no lease. If one saves its state at the same time, one of the two is lost, and the next run reads the same
 * days again.
 *
 * @param onAnswer is called after each answer
 * @throws the errors of the repositories. Another call with the same list and day goes on after the last run that was saved
 */
export async function backFill(
  ports: BackFillPorts,
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
  const progress: Progress = { isLast: false, isWhole: true, failuresInARow: 0, failedDays: [] };
  while (!progress.isLast && !signal?.aborted) {
    const part: Source = {
      ...source,
      isBackFill: true,
      fetch: (request) => readPart(source, { ...request, ...wanted }, progress, onAnswer),
    };
    const summary: IngestSummary = await ingest(own, part, signal);
    total.itemsRead += summary.itemsRead;
    total.itemsRejected += summary.itemsRejected;
    total.created += summary.created;
    total.updated += summary.updated;
    problems.push(...summary.problems);
  }
  const { isLast, isWhole, failedDays } = progress;
  const isRead = isLast && isWhole && !signal?.aborted;
  const areOthersRead = isRead && (await noteDays(ports, own.sourceStates, source, wanted.list, signal));
  const isDone = areOthersRead && problems.length === 0;
  // The same command starts again next time.
  if (isDone) await own.sourceStates.save(source.name, { lists: {} });
  return { ...total, problems, failedDays, areOthersRead, isDone };
}

/** How far a back-fill is. */
interface Progress {
  /** Whether the last run read up to the end, or until it was stopped. */
  isLast: boolean;
  /** False if days were left out because the source did not answer. */
  isWhole: boolean;
  failuresInARow: number;
  readonly failedDays: Day[];
}

/** Reads answers until there are enough for a run, and notes the progress. */
async function* readPart(
  source: BackFillSource,
  request: Omit<Parameters<BackFillSource['backFill']>[0], 'failedDays'>,
  progress: Progress,
  onAnswer: (answer: SourceAnswer) => void,
): AsyncGenerator<SourceAnswer> {
  progress.isLast = true;
  let answers = 0;
  for await (const answer of source.backFill({ ...request, failedDays: progress.failedDays })) {
    yield answer;
    onAnswer(answer);
    answers += 1;
    const { unreadDay, problem } = answer;
    if (unreadDay !== undefined) progress.failedDays.push(unreadDay);
    progress.failuresInARow = unreadDay === undefined ? 0 : progress.failuresInARow + 1;
    const isStopped = problem !== undefined && unreadDay === undefined;
    if (isStopped || progress.failuresInARow === MAX_FAILURES_IN_A_ROW) {
      progress.isWhole = false;
      return;
    }
    const hasAdvanced = answer.cursor !== undefined && answer.cursor !== request.cursor;
    if (answers >= ANSWERS_A_RUN && hasAdvanced) {
      progress.isLast = false;
      return;
    }
  }
}

/** How long noting the days of a back-fill takes at most. */
const NOTING_MS = MS_PER_MINUTE;

/** How often a back-fill checks whether another run still reads the source. */
const ASK_AGAIN_MS = 5_000;

/**
 * Notes the days of a back-fill in the history of its list. A source that was never read has no history, and gets none.
 *
 * @returns false if it was interrupted while another run read the source
 */
async function noteDays(
  ports: BackFillPorts,
  ownStates: IngestPorts['sourceStates'],
  { name }: Source,
  listId: ListId,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const list = ports.lists.find(({ id }) => id === listId);
  const backFilled = (await ownStates.load(name))?.lists[listId];
  if (!list || !backFilled) return true;
  const note = async () => {
    const state = await ports.sourceStates.load(name);
    const history = state?.lists[listId];
    if (!state || !history) return;
    const noted = withBackFilledDays(history, backFilled, list, ports.clock.now());
    await ports.sourceStates.save(name, { ...state, lists: { ...state.lists, [listId]: noted } });
  };
  let isNoted = false;
  while (!isNoted && !signal?.aborted) {
    const { kind } = await runWithLease(ports, name, addMs(ports.clock.now(), NOTING_MS), note);
    isNoted = kind === 'done';
    if (!isNoted) await ports.timer.wait(ASK_AGAIN_MS);
  }
  return isNoted;
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
