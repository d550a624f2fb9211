import { loadSettings } from '../../infra/settings/load-settings.ts';
import { createDeliveryHistory } from '../../shared/adapters/dynamodb/delivery-history.ts';
import { createEditionRepository } from '../../shared/adapters/dynamodb/edition-repository.ts';
import { createPlannerRepository } from '../../shared/adapters/dynamodb/planner-repository.ts';
import { UnreadableItemError } from '../../shared/adapters/dynamodb/stored-item.ts';
import { createSubscriberReader } from '../../shared/adapters/dynamodb/subscriber-repository.ts';
import { createSuppressionRepository } from '../../shared/adapters/dynamodb/suppression-repository.ts';
import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { createSecretsClient } from '../../shared/adapters/secrets/keyring.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import type { CohortKey, Edition } from '../../shared/domain/digests/cohort.ts';
import type { WhenUncertain } from '../../shared/domain/digests/delivery-state.ts';
import type { Clock, Day } from '../../shared/domain/time/time.ts';
import type { DeliveryHistory } from '../../shared/ports/deliveries.ts';
import {
  type EditionRepository,
  type PlannerRepository,
  UNREADABLE_ID,
} from '../../shared/ports/planning.ts';
import type { SubscriberRepository, SuppressionRepository } from '../../shared/ports/subscribers.ts';
import { parseSubscriberName, toNamedSubscriber } from '../../shared/subscribers/subscriber-id.ts';
import { type CommandContext, EXIT_NOT_DONE, EXIT_OK } from '../command.ts';
import { parseLedgerDay } from '../days.ts';
import { withPermissions } from '../deployment/aws-call.ts';
import { openData } from '../deployment/find-deployment.ts';
import { createKeysSecret } from '../deployment/keys-secret.ts';
import { editionsOn, type KnownEdition } from './explain-absence.ts';
import { explainDigests } from './explain-digests.ts';

export interface WhyPorts {
  readonly subscribers: Pick<SubscriberRepository, 'load'>;
  readonly suppressions: Pick<SuppressionRepository, 'load'>;
  readonly history: Pick<DeliveryHistory, 'loadAll'>;
  readonly editions: Pick<EditionRepository, 'loadProgress' | 'loadBatches'>;
  readonly planner: Pick<PlannerRepository, 'load'>;
  /** As the deployment's settings have it. */
  readonly whenUncertain: WhenUncertain;
  readonly clock: Clock;
}

/** The explanation of a day, in sentences. */
interface Explanation {
  /** Whether anything is stored under the id. */
  readonly isKnown: boolean;
  readonly story: readonly string[];
}

/** Looks up what is stored of a subscriber and a day, and explains it. */
export async function explain(ports: WhyPorts, id: string, day: Day): Promise<Explanation> {
  const { subscriber, profileFault } = await loadProfile(ports, id);
  const isErased = !subscriber && profileFault === undefined;
  const suppression = isErased ? await ports.suppressions.load(id) : undefined;
  const deliveries = await ports.history.loadAll(id);
  const planner = await ports.planner.load();
  const editions = new Map<CohortKey, KnownEdition>();
  const isRecorded = ({ cadence, period }: Edition) =>
    deliveries.some(({ delivery }) => delivery?.cadence === cadence && delivery.period === period);
  for (const edition of subscriber ? editionsOn(subscriber, day) : []) {
    if (isRecorded(edition)) continue;
    const progress = await ports.editions.loadProgress(edition);
    if (progress) editions.set(edition.cohort, { progress, ...(await findBatches(ports, edition, id)) });
  }
  const { whenUncertain, clock } = ports;
  const story = explainDigests({
    subscriber,
    suppression,
    profileFault,
    deliveries,
    planner,
    day,
    whenUncertain,
    now: clock.now(),
    editionOf: ({ cohort }) => editions.get(cohort),
  });
  const isKnown = !isErased || suppression !== undefined || deliveries.length > 0;
  return { isKnown, story };
}

/** Finds the batch that names a subscriber. Without one, finds the first batch that has unreadable ids. */
async function findBatches(
  { editions }: WhyPorts,
  edition: Edition,
  id: string,
): Promise<Omit<KnownEdition, 'progress'>> {
  let batch = 0;
  let unreadableBatch: number | undefined;
  for await (const { subscriberIds } of editions.loadBatches(edition)) {
    if (subscriberIds.includes(id)) return { batch };
    if (subscriberIds.includes(UNREADABLE_ID)) unreadableBatch ??= batch;
    batch += 1;
  }
  return { unreadableBatch };
}

async function loadProfile({ subscribers }: WhyPorts, id: string) {
  try {
    return { subscriber: await subscribers.load(id) };
  } catch (error) {
    if (!(error instanceof UnreadableItemError)) throw error;
    return { profileFault: error.faults.join('; ') };
  }
}

/** Explains a day of a subscriber, prints the story, and returns the exit code. */
export async function runWhy(
  given: { readonly who: string; readonly day: string; readonly settings: string; readonly json?: true },
  { print }: Pick<CommandContext, 'print'>,
): Promise<number> {
  const name = parseSubscriberName(given.who);
  const day = parseLedgerDay(given.day, systemClock.now());
  const settings = loadSettings(given.settings);
  const { outputs } = await openData(settings);
  const { keys } = await createKeysSecret(createSecretsClient(), outputs.KeysSecret).load();
  const documents = createDocumentClient();
  // The printed sentences name records that cannot be read.
  const deliveries = { documents, name: outputs.DeliveriesTable, onUnreadable: () => {} };
  const subscribers = { documents, name: outputs.SubscribersTable };
  const { id, address } = toNamedSubscriber(name, keys.idKey);
  const editions = createEditionRepository(deliveries, systemClock);
  const ports: WhyPorts = {
    subscribers: withPermissions(createSubscriberReader(subscribers), { load: 'dynamodb:GetItem' }),
    suppressions: withPermissions(createSuppressionRepository(subscribers), { load: 'dynamodb:GetItem' }),
    planner: withPermissions(createPlannerRepository({ ...subscribers, onUnreadable: () => {} }), {
      load: 'dynamodb:GetItem',
    }),
    history: withPermissions(createDeliveryHistory(deliveries), { loadAll: 'dynamodb:Query' }),
    editions: {
      ...withPermissions(editions, { loadProgress: 'dynamodb:GetItem' }),
      loadBatches: editions.loadBatches,
    },
    whenUncertain: settings.sending.whenUncertain,
    clock: systemClock,
  };
  const { isKnown, story } = await explain(ports, id, day);
  print(
    given.json
      ? JSON.stringify({ subscriberId: id, day, story })
      : [address === undefined ? id : `${address} (${id})`, ...story].join('\n'),
  );
  return isKnown ? EXIT_OK : EXIT_NOT_DONE;
}
