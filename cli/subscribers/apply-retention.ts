import { pMapIterable } from 'p-map';
import { loadSettings } from '../../infra/settings/load-settings.ts';
import { ConflictError, UnreadableError } from '../../shared/domain/errors.ts';
import { hasEnded, lastChangeOf, type Subscriber } from '../../shared/domain/subscribers/subscriber.ts';
import { addMs, type Clock, MS_PER_DAY } from '../../shared/domain/time/time.ts';
import type { SubscriberRepository } from '../../shared/ports/subscribers.ts';
import { toCountText } from '../../shared/presentation/wording.ts';
import { saveLeaver } from '../../shared/subscribers/unsubscribe.ts';
import {
  type CommandContext,
  EXIT_INTERRUPTED,
  EXIT_NOT_DONE,
  EXIT_OK,
  EXIT_TROUBLE,
  whileChanging,
} from '../command.ts';
import { checkQuestion, confirm } from '../confirm.ts';
import { toCostText } from '../deployment/table-reads.ts';
import { createProgress } from '../progress.ts';
import { openSubscribers, type StoredProfiles } from './open-subscribers.ts';

const SAVES_AT_ONCE = 20;
const QUESTION = 'Set when these profiles are erased?';

export interface RetentionPorts {
  readonly profiles: Pick<StoredProfiles, 'loadAll'>;
  /** Saves the profile of a person who left, with its time of expiry. */
  readonly subscribers: SubscriberRepository;
  readonly clock: Clock;
}

interface RetentionOptions {
  readonly leftRetentionDays: number;
  /** Whether the command only counts, and changes nothing. */
  readonly isDryRun: boolean;
  /** Whether `--yes` was given. */
  readonly isYes: boolean;
}

type Asking = Pick<CommandContext, 'print' | 'printError' | 'terminal' | 'input' | 'onInterrupt'>;

/** Applies the retention of the settings to every subscriber who left, and returns the exit code. */
export async function runApplyRetention(
  given: { readonly settings: string; readonly dryRun?: true; readonly yes?: true },
  context: Asking,
): Promise<number> {
  const settings = loadSettings(given.settings);
  const { leftRetentionDays } = settings;
  const options = { leftRetentionDays, isDryRun: given.dryRun ?? false, isYes: given.yes ?? false };
  const ports = await openSubscribers(settings, context);
  const costOf = ports.meterReads();
  try {
    return await applyRetention(ports, options, context);
  } finally {
    context.printError(toCostText(costOf()));
  }
}

/**
 * Counts the profiles of people who left, asks, and saves each one. Saving sets its time of expiry and its suppression. A faulty
 * profile costs only itself. A repeat keeps the times.
 *
 * @throws CommandError without a terminal and `--yes`
 */
export async function applyRetention(
  { profiles, subscribers, clock }: RetentionPorts,
  { leftRetentionDays, isDryRun, isYes }: RetentionOptions,
  context: Asking,
): Promise<number> {
  const { print, printError, terminal } = context;
  if (!isDryRun) checkQuestion(QUESTION, isYes, context);
  const survey = await findLeavers(profiles, addMs(clock.now(), -leftRetentionDays * MS_PER_DAY), context);
  const { ids, overdue, unreadable } = survey;
  printError(
    `Found ${toCountText(ids.length, 'profile')} of people who left. Each is erased ${leftRetentionDays} days after they left, and ${overdue} of them within the next few days.`,
  );
  const trouble = unreadable > 0 ? EXIT_TROUBLE : EXIT_OK;
  if (isDryRun || ids.length === 0) {
    print(
      isDryRun
        ? `Would set the time of erasure of ${toCountText(ids.length, 'profile')}. Nothing was changed.`
        : 'Nothing was changed.',
    );
    return trouble;
  }
  if (!(await confirm(QUESTION, isYes, context))) return EXIT_NOT_DONE;

  const interruption = context.onInterrupt();
  const progress = createProgress(terminal, { verb: 'Set', unit: 'profiles', total: ids.length });
  let applied = 0;
  let left = 0;
  const work = pMapIterable(
    ids,
    async (id) => {
      if (interruption.aborted) return;
      try {
        // The reader may have come back since the profile was read.
        if (await saveLeaver(subscribers, id)) applied += 1;
      } catch (error) {
        if (!(error instanceof ConflictError || error instanceof UnreadableError)) throw error;
        left += 1;
        progress.clear();
        printError(`left out: ${error.message}`);
      }
      progress.advance();
    },
    { concurrency: SAVES_AT_ONCE },
  );
  try {
    await whileChanging(async () => {
      for await (const _ of work) if (interruption.aborted) break;
    });
  } finally {
    progress.stop();
  }
  if (interruption.aborted) {
    printError(
      `Stopped after ${toCountText(applied, 'profile')}. Run the command again: a repeat keeps the times.`,
    );
    return EXIT_INTERRUPTED;
  }
  print(`Set the time of erasure of ${toCountText(applied, 'profile')}.`);
  return left > 0 ? EXIT_TROUBLE : trouble;
}

/** Reads the whole table for the ids of subscribers who left. `overdue` counts those who left before `limit`. */
async function findLeavers(
  profiles: RetentionPorts['profiles'],
  limit: string,
  { printError, terminal }: Asking,
) {
  const ids: Subscriber['id'][] = [];
  let overdue = 0;
  let unreadable = 0;
  const progress = createProgress(terminal, { verb: 'Read', unit: 'profiles' });
  try {
    for await (const { subscriber, fault } of profiles.loadAll()) {
      progress.advance();
      if (fault !== undefined) {
        unreadable += 1;
        progress.clear();
        printError(`left out: ${fault}`);
      } else if (hasEnded(subscriber)) {
        ids.push(subscriber.id);
        if ((lastChangeOf(subscriber)?.at ?? limit) < limit) overdue += 1;
      }
    }
  } finally {
    progress.stop();
  }
  return { ids, overdue, unreadable };
}
