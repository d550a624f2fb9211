import * as z from 'zod';
import { loadSettings } from '../../infra/settings/load-settings.ts';
import { createDeliveryHistory } from '../../shared/adapters/dynamodb/delivery-history.ts';
import { createEditionRepository } from '../../shared/adapters/dynamodb/edition-repository.ts';
import { UnreadableItemError } from '../../shared/adapters/dynamodb/stored-item.ts';
import { createSubscriberRepository } from '../../shared/adapters/dynamodb/subscriber-repository.ts';
import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { createSecretsClient } from '../../shared/adapters/secrets/keyring.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { typedAddressSchema } from '../../shared/domain/address.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import type { Clock, Day } from '../../shared/domain/time.ts';
import type { WhenUncertain } from '../../shared/domain/when-uncertain.ts';
import type { DeliveryHistory } from '../../shared/ledger-ports.ts';
import type { EditionRepository, SubscriberRepository } from '../../shared/ports.ts';
import { toSubscriberId } from '../../shared/subscribers/subscriber-id.ts';
import type { CommandContext } from '../command.ts';
import { createKeysSecret } from '../deployment/adapters/keys-secret.ts';
import { permitted } from '../deployment/adapters/permitted.ts';
import { checkDays } from '../deployment/kept-days.ts';
import { openData } from '../deployment/open-deployment.ts';
import { editionsOn, tellStory } from './story.ts';

const argumentsSchema = z.tuple([
  typedAddressSchema,
  z.iso.date({ error: 'expected a day like 2026-01-06' }),
]);

export interface WhyPorts {
  readonly subscribers: Pick<SubscriberRepository, 'load'>;
  readonly history: Pick<DeliveryHistory, 'loadAll'>;
  readonly editions: Pick<EditionRepository, 'loadProgress'>;
  /** As the deployment's settings have it. */
  readonly whenUncertain: WhenUncertain;
  readonly clock: Clock;
}

/** Looks up what is known of a subscriber and a day, and tells it in sentences. */
export async function explain(ports: WhyPorts, id: string, day: Day): Promise<readonly string[]> {
  const { subscriber, profileFault } = await loadProfile(ports, id);
  const deliveries = await permitted('dynamodb:Query', () => ports.history.loadAll(id));
  const editions = subscriber ? editionsOn(subscriber, day) : [];
  const progresses = await Promise.all(
    editions.map(async (edition) => [edition.cohort, await ports.editions.loadProgress(edition)] as const),
  );
  const known = new Map(progresses);
  return tellStory({
    ...{
      subscriber,
      profileFault,
      deliveries,
      day,
      now: ports.clock.now(),
      whenUncertain: ports.whenUncertain,
    },
    progressOf: ({ cohort }) => known.get(cohort),
  });
}

async function loadProfile({ subscribers }: WhyPorts, id: string) {
  try {
    return { subscriber: await permitted('dynamodb:GetItem', () => subscribers.load(id)) };
  } catch (error) {
    if (!(error instanceof UnreadableItemError)) throw error;
    return { profileFault: error.faults.join('; ') };
  }
}

/** Explains a day of a subscriber, prints the story, and returns the exit code. */
export async function runWhy(
  given: { readonly address: string; readonly day: string; readonly settings: string; readonly json?: true },
  { print }: Pick<CommandContext, 'print'>,
): Promise<number> {
  const [address, day] = parseWhyArguments([given.address, given.day]);
  checkDays(day, systemClock.now());
  const settings = loadSettings(given.settings);
  const { outputs } = await openData(settings);
  const { keys } = await createKeysSecret(createSecretsClient(), outputs.KeysSecret).load();
  const documents = createDocumentClient();
  // The story tells of records that cannot be read.
  const deliveries = { documents, name: outputs.DeliveriesTable, onUnreadable: () => {} };
  const ports: WhyPorts = {
    subscribers: createSubscriberRepository({ documents, name: outputs.SubscribersTable }, systemClock),
    history: createDeliveryHistory(deliveries),
    editions: createEditionRepository(deliveries, systemClock),
    whenUncertain: settings.sending.whenUncertain,
    clock: systemClock,
  };
  const subscriberId = toSubscriberId(address, keys.idKey);
  const story = await explain(ports, subscriberId, day);
  print(
    given.json
      ? JSON.stringify({ subscriberId, day, story })
      : [`${address} (${subscriberId})`, ...story].join('\n'),
  );
  return 0;
}

/** @throws InvalidInputError that says what is expected */
export function parseWhyArguments(
  given: readonly [address: string, day: string],
): readonly [address: string, day: Day] {
  const parsed = argumentsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `"${given[Number(path[0])]}": ${message}`);
  throw new InvalidInputError(faults.join('\n'));
}
