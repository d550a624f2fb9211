import { pMapIterable } from 'p-map';
import { loadSettings } from '../../infra/settings/load-settings.ts';
import { createSubscriberRepository } from '../../shared/adapters/dynamodb/subscriber-repository.ts';
import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { hasEnded } from '../../shared/domain/subscriber.ts';
import type { SubscriberRepository } from '../../shared/ports.ts';
import { changeSubscriber } from '../../shared/subscribers/change-subscriber.ts';
import { type CommandContext, EXIT_INTERRUPTED, EXIT_OK, EXIT_TROUBLE } from '../command.ts';
import { announceTarget } from '../confirm.ts';
import { permitted } from '../deployment/adapters/permitted.ts';
import { openData } from '../deployment/open-deployment.ts';
import { createProgress } from '../progress.ts';
import { createStoredProfiles, type StoredProfiles } from './export/stored-profiles.ts';

const SAVES_AT_ONCE = 20;

export interface RetentionPorts {
  readonly profiles: Pick<StoredProfiles, 'loadAll'>;
  /** Saves the profile of somebody who left with its time of expiry. */
  readonly subscribers: SubscriberRepository;
}

/** Applies the retention of the settings to everybody who has left a deployment, and returns the exit code. */
export async function runApplyRetention(
  given: { readonly settings: string },
  context: Pick<CommandContext, 'print' | 'printError' | 'terminal' | 'onInterrupt'>,
): Promise<number> {
  const settings = loadSettings(given.settings);
  const { target, outputs } = await openData(settings);
  announceTarget(context, target);
  const table = { documents: createDocumentClient(), name: outputs.SubscribersTable };
  const repository = createSubscriberRepository(table, systemClock, settings.leftRetentionDays);
  const subscribers: SubscriberRepository = {
    load: (id) => permitted('dynamodb:GetItem', () => repository.load(id)),
    save: (subscriber) => permitted('dynamodb:PutItem', () => repository.save(subscriber)),
  };
  return applyRetention(
    { profiles: createStoredProfiles(table), subscribers },
    settings.leftRetentionDays,
    context,
  );
}

/** Saves every profile whose subscriber left, so that it gets its time of expiry and its suppression. A repeat does no harm. */
export async function applyRetention(
  { profiles, subscribers }: RetentionPorts,
  leftRetentionDays: number,
  {
    print,
    printError,
    terminal,
    onInterrupt,
  }: Pick<CommandContext, 'print' | 'printError' | 'terminal' | 'onInterrupt'>,
): Promise<number> {
  const interruption = onInterrupt();
  const progress = createProgress(terminal, { verb: 'Read', unit: 'profiles' });
  let applied = 0;
  let unreadable = 0;
  const work = pMapIterable(
    profiles.loadAll(),
    async ({ subscriber, fault }) => {
      progress.advance();
      if (fault !== undefined) {
        unreadable += 1;
        progress.clear();
        printError(`left out: ${fault}`);
        return;
      }
      if (!hasEnded(subscriber) || interruption.aborted) return;
      // It may have come back since it was read.
      await changeSubscriber(subscribers, subscriber.id, (one) => (hasEnded(one) ? { ...one } : undefined));
      applied += 1;
    },
    { concurrency: SAVES_AT_ONCE },
  );
  try {
    for await (const _ of work) if (interruption.aborted) break;
  } finally {
    progress.stop();
  }
  if (interruption.aborted) {
    printError(`Stopped after ${applied} profiles. Run the command again: it does no harm twice.`);
    return EXIT_INTERRUPTED;
  }
  print(
    `${applied} ${applied === 1 ? 'profile' : 'profiles'} of people who left: each is erased ${leftRetentionDays} days after they left`,
  );
  return unreadable > 0 ? EXIT_TROUBLE : EXIT_OK;
}
