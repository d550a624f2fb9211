import type { Subscriber } from '../../../shared/domain/subscribers/subscriber.ts';
import { MS_PER_DAY } from '../../../shared/domain/time/time.ts';
import { changeSubscriber, profileAfter } from '../../../shared/subscribers/change-subscriber.ts';
import { pickOne, type Random } from '../../simulation/seeded-random.ts';
import type { VirtualTime } from '../../simulation/virtual-time.ts';
import type { Observer } from '../judge/observer.ts';
import type { ChaosSystem } from '../system/system.ts';
import { DAYS, msUntilMailed, ZONES } from './world.ts';

interface World {
  readonly system: ChaosSystem;
  readonly observer: Observer;
  readonly random: Random;
  readonly time: VirtualTime;
}

/** The share of readers who change while they are being mailed. The others change at any time. */
const AT_THE_WORST_MOMENT = 0.7;

/** Unsubscribes a reader with one click, or moves them to another zone. */
export async function changeReader(
  { system, observer, random, time }: World,
  reader: Subscriber,
): Promise<void> {
  const { unsubscribe, api } = system;
  const { id } = reader;
  observer.onChange(id);
  await time.wait(chooseMoment(reader, random));
  if (random() < 0.5) {
    if (await unsubscribe(id).catch(() => false)) observer.onEnd(id);
    return;
  }
  const timeZone = pickOne(
    ZONES.filter((zone) => zone !== reader.timeZone),
    random,
  );
  // After an error, the reader may have moved or not. Both are correct.
  await api
    .invoke(async ({ subscribers }) =>
      profileAfter(await changeSubscriber(subscribers, id, (profile) => ({ ...profile, timeZone }))),
    )
    .catch(() => undefined);
}

/** The time after the start, in milliseconds. */
function chooseMoment(reader: Subscriber, random: Random): number {
  return random() < AT_THE_WORST_MOMENT ? msUntilMailed(reader, random) : random() * DAYS * MS_PER_DAY;
}
