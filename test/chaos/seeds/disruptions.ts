import type { ArxivModel } from '../../../local/arxiv/arxiv.ts';
import type { WhenUncertain } from '../../../shared/domain/digests/delivery-state.ts';
import { addMs, type Instant, MS_PER_DAY, MS_PER_HOUR } from '../../../shared/domain/time/time.ts';
import { pickOne, type Random } from '../../simulation/seeded-random.ts';
import type { Disturbance } from '../services/memory-queue.ts';
import type { Call, Fault } from '../system/network.ts';

/** The faults of one seed, from {@link begin} to {@link end}. */
export interface Disruptions {
  begin(): void;
  end(): void;
  chooseFault(call: Call): Fault | undefined;
  /** The fault of the next message that is sent to a queue. */
  disturb(): Disturbance;
  /** Whether two planners run at a tick. */
  areTwoPlanners(): boolean;
  /** Whether two runs read arXiv at the same time. */
  areTwoIngests(): boolean;
  /** Makes arXiv fail for a day, makes a category late, or neither. */
  disturbArxiv(arxiv: ArxivModel, from: Instant): void;
  /** The part of a day's digests that the account may send in 24 hours. Undefined without a limit. */
  readonly quotaShare: number | undefined;
  readonly whenUncertain: WhenUncertain;
  /** How often each fault struck. */
  readonly struck: Readonly<Record<Disruption, number>>;
}

export type Disruption = Fault | 'late' | 'twice' | 'two planners' | 'two ingests';

/** A message this late arrives during the run of the next day. */
const MAX_LATE_MS = 26 * 3_600_000;

/** A run of ingest makes few calls. Without this it would seldom die. */
const MORE_DEATHS_OF_INGEST = 10;

/** How long the feed of a category is late. */
const LATE_FOR_MS = 10 * MS_PER_HOUR;

const UNDISTURBED: Disturbance = { lateMs: 0, copies: 1 };

/** Draws how often each fault strikes, from never to often, and injects the faults. */
export function createDisruptions(random: Random): Disruptions {
  // Most seeds have a low rate of most faults, so each fault occurs both separately and together with others.
  const upTo = (most: number) => most * random() ** 2;
  const chances: readonly (readonly [Fault, number])[] = [
    ['die-before', upTo(0.0005)],
    ['die-after', upTo(0.0005)],
    ['lose-request', upTo(0.01)],
    ['lose-answer', upTo(0.01)],
    ['throttle', upTo(0.03)],
    ['partial', upTo(0.3)],
  ];
  const lateChance = upTo(0.1);
  const copyChance = upTo(0.3);
  const planners = upTo(0.5);
  const quotaShare = random() < 0.2 ? 0.7 + random() * 0.25 : undefined;
  const whenUncertain = random() < 0.2 ? 'at-least-once' : 'at-most-once';
  const ingests = upTo(1);
  const arxivTrouble = pickOne(['missed', 'late', 'none'] as const, random);
  const struck = {
    'die-before': 0,
    'die-after': 0,
    'lose-request': 0,
    'lose-answer': 0,
    throttle: 0,
    partial: 0,
    late: 0,
    twice: 0,
    'two planners': 0,
    'two ingests': 0,
  };
  let isOn = false;

  return {
    struck,
    quotaShare,
    whenUncertain,
    begin() {
      isOn = true;
    },
    end() {
      isOn = false;
    },
    chooseFault({ isDivisible, process }) {
      if (!isOn) return undefined;
      let chance = random();
      for (const [fault, usual] of chances) {
        if (fault === 'partial' && !isDivisible) continue;
        const isDeath = fault === 'die-before' || fault === 'die-after';
        const part = isDeath && process.functionName === 'ingest' ? usual * MORE_DEATHS_OF_INGEST : usual;
        if (chance < part) {
          struck[fault] += 1;
          return fault;
        }
        chance -= part;
      }
      return undefined;
    },
    disturb() {
      if (!isOn) return UNDISTURBED;
      const isLate = random() < lateChance;
      const isTwice = random() < copyChance;
      if (isLate) struck.late += 1;
      if (isTwice) struck.twice += 1;
      return { lateMs: isLate ? random() ** 3 * MAX_LATE_MS : 0, copies: isTwice ? 2 : 1 };
    },
    areTwoPlanners() {
      const areTwo = isOn && random() < planners;
      if (areTwo) struck['two planners'] += 1;
      return areTwo;
    },
    areTwoIngests() {
      const areTwo = isOn && random() < ingests;
      if (areTwo) struck['two ingests'] += 1;
      return areTwo;
    },
    disturbArxiv({ faults }, from) {
      if (arxivTrouble === 'missed')
        faults.add({ kind: 'status', status: 503, from, until: addMs(from, MS_PER_DAY) });
      if (arxivTrouble === 'late') faults.delay('cs.CV', { from, until: addMs(from, LATE_FOR_MS) });
    },
  };
}
