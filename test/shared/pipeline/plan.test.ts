import { beforeEach, describe, expect, test } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../../local/manual-clock.ts';
import type { Repositories } from '../../../local/repositories.ts';
import { MS_PER_HOUR } from '../../../shared/domain/time/time.ts';
import { type PlanPorts, plan } from '../../../shared/pipeline/plan.ts';
import { isUnreadable } from '../../../shared/ports/planning.ts';
import type { CohortMessage } from '../../../shared/ports/queues.ts';
import { createSubscriber, createSubscription } from '../../factories/subscribers.ts';
import { createFakeQueue, createFakeTelemetry } from '../../fakes/outside.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';

let clock: ManualClock;
let repositories: Repositories;
let queue: ReturnType<typeof createFakeQueue<CohortMessage>>;
let telemetry: ReturnType<typeof createFakeTelemetry>;
let ports: PlanPorts;

beforeEach(() => {
  clock = createManualClock('2026-01-05T07:00:30.000Z');
  repositories = createFakeRepositories(clock);
  queue = createFakeQueue();
  telemetry = createFakeTelemetry();
  ports = { ...repositories, sources: ['hf-daily'], cohortQueue: queue, clock, telemetry };
});

const plannedPeriods = () => queue.messages.map(({ edition }) => `${edition.period} ${edition.cohort}`);

describe('planning', () => {
  test('queues only the editions of cohorts that are due at this tick', async () => {
    await repositories.subscribers.save(createSubscriber({ id: 'a', hour: 8 }));
    await repositories.subscribers.save(createSubscriber({ id: 'b', hour: 9 }));

    const editions = await plan(ports);

    expect(plannedPeriods()).toEqual(['2026-01-05 daily#Europe/Berlin#08']);
    expect(editions).toEqual(queue.messages.map(({ edition }) => edition));
    expect(telemetry.counts.get('EditionsPlanned')).toBe(1);
  });

  test('plans a tick once, and then does not even read the cohorts', async () => {
    await repositories.subscribers.save(createSubscriber({ id: 'a', hour: 8 }));
    const loadAll = () => Promise.reject(new Error('all cohorts were read'));

    await plan(ports);
    clock.moveBy(60_000);
    const again = await plan({ ...ports, cohorts: { ...repositories.cohorts, loadAll } });

    expect(again).toEqual([]);
    expect(queue.messages).toHaveLength(1);
  });

  test('logs what it planned, and since when', async () => {
    await repositories.subscribers.save(createSubscriber({ id: 'a', hour: 8 }));
    const said: unknown[] = [];

    await plan({ ...ports, telemetry: { ...telemetry, info: (...line) => said.push(line) } });

    const ticks = { after: '2026-01-05T06:45:00.000Z', until: '2026-01-05T07:00:00.000Z' };
    // The daily cohort and the one of all instant digests.
    expect(said).toEqual([['Planned', { ...ticks, cohorts: 2, editions: 1 }]]);
  });

  test('catches up on editions that came due in an outage of hours', async () => {
    for (const [id, hour] of [
      ['a', 8],
      ['b', 9],
      ['c', 13],
      ['d', 20],
    ] as const) {
      await repositories.subscribers.save(createSubscriber({ id, hour }));
    }
    await plan(ports);

    clock.moveBy(6 * MS_PER_HOUR);
    await plan(ports);

    expect(plannedPeriods()).toEqual([
      '2026-01-05 daily#Europe/Berlin#08',
      '2026-01-05 daily#Europe/Berlin#09',
      '2026-01-05 daily#Europe/Berlin#13',
    ]);
  });

  test('plans one edition of each cohort, the newest, after an outage of days', async () => {
    await repositories.subscribers.save(createSubscriber({ id: 'a', hour: 8 }));
    await plan(ports);

    clock.moveBy(5.5 * 24 * MS_PER_HOUR);
    await plan(ports);

    expect(plannedPeriods()).toEqual([
      '2026-01-05 daily#Europe/Berlin#08',
      '2026-01-10 daily#Europe/Berlin#08',
    ]);
  });

  test('does nothing if the clock was set back', async () => {
    await repositories.subscribers.save(createSubscriber({ id: 'a', hour: 8 }));
    await plan(ports);

    clock.moveBy(-2 * MS_PER_HOUR);

    expect(await plan(ports)).toEqual([]);
  });

  test('sends messages again that the queue refused', async () => {
    await repositories.subscribers.save(createSubscriber({ id: 'a', hour: 8 }));
    const refusing = createFakeQueue<CohortMessage>(1);

    await plan({ ...ports, cohortQueue: refusing });

    expect(refusing.messages).toHaveLength(1);
  });

  test('keeps its cursor if the queue keeps refusing, so that the next run plans the same', async () => {
    await repositories.subscribers.save(createSubscriber({ id: 'a', hour: 8 }));

    await expect(plan({ ...ports, cohortQueue: createFakeQueue(99) })).rejects.toThrow(
      '1 of 1 messages were refused',
    );
    await plan(ports);

    expect(plannedPeriods()).toEqual(['2026-01-05 daily#Europe/Berlin#08']);
  });
});

describe('a cohort without computable times', () => {
  const savePst = () => repositories.subscribers.save(createSubscriber({ id: 'p', timeZone: 'PST' }));

  test('is logged and counted at every tick, and all others are planned', async () => {
    await savePst();
    await repositories.subscribers.save(createSubscriber({ id: 'a', hour: 8 }));
    const named: unknown[] = [];
    const listening = { ...telemetry, error: (...line: unknown[]) => named.push(line) };

    await plan({ ...ports, telemetry: listening });
    clock.moveBy(MS_PER_HOUR);
    await plan({ ...ports, telemetry: listening });

    expect(plannedPeriods()).toEqual(['2026-01-05 daily#Europe/Berlin#08']);
    expect(named).toMatchObject([
      [
        'A cohort cannot be planned',
        { cohort: 'daily#PST#08', hasMembers: true, reason: expect.stringContaining('TimeZone') },
      ],
      ['A cohort cannot be planned', { cohort: 'daily#PST#08', hasMembers: true }],
    ]);
    expect(telemetry.counts.get('CohortsUnplanned')).toBe(2);
  });

  const zones = async () =>
    (await repositories.cohorts.loadAll()).map((cohort) => cohort.cadence !== 'instant' && cohort.timeZone);

  test('is removed a day after the last subscriber left it', async () => {
    const saved = await savePst();
    await plan(ports);
    await repositories.subscribers.save({ ...saved, timeZone: 'America/Los_Angeles' });
    clock.moveBy(23 * MS_PER_HOUR);
    const error: PlanPorts['telemetry']['error'] = (_, fields) =>
      expect(fields).toMatchObject({ cohort: 'daily#PST#08', hasMembers: false });
    await plan({ ...ports, telemetry: { ...telemetry, error } });
    expect(await zones()).toEqual(['PST', 'America/Los_Angeles']);

    clock.moveBy(2 * MS_PER_HOUR);
    await plan(ports);
    expect(await zones()).toEqual(['America/Los_Angeles']);
  });

  test('stays while it has subscribers', async () => {
    await savePst();
    clock.moveBy(25 * MS_PER_HOUR);

    await plan(ports);

    expect(await zones()).toEqual(['PST']);
  });
});

describe('the first day with an index of editions', () => {
  const indexedSince = async () => {
    const state = await repositories.planner.load();
    return isUnreadable(state) ? undefined : state?.editionsIndexedSince;
  };

  test('is before every edition in a new deployment, and stays', async () => {
    await plan(ports);
    for (let run = 0; run < 3; run += 1) {
      clock.moveBy(MS_PER_HOUR);
      await plan(ports);
    }

    expect(await indexedSince()).toBe('1970-01-01T00:00:00.000Z');
  });

  test('is the first run after an earlier release, which does not store it', async () => {
    await plan(ports);
    const known = await repositories.planner.load();
    if (known === undefined || isUnreadable(known)) throw new Error('expected a state');
    await repositories.planner.save({ lastTick: known.lastTick, arrivals: known.arrivals }, known);
    clock.moveBy(MS_PER_HOUR);
    await plan(ports);

    expect(await indexedSince()).toBe('2026-01-05T08:00:00.000Z');
  });
});

describe('a cursor that', () => {
  beforeEach(async () => {
    await repositories.subscribers.save(createSubscriber({ id: 'a', hour: 8 }));
    await plan(ports);
    queue.messages.length = 0;
    clock.moveBy(26 * MS_PER_HOUR);
  });

  test('cannot be read is replaced, and no due edition is lost', async () => {
    const unreadable = { kind: 'unreadable', writeId: 'w-1' } as const;
    let stored: unknown = unreadable;
    const planner: PlanPorts['planner'] = {
      load: async () => unreadable,
      save: async (state, previous) => {
        stored = [state.lastTick, state.editionsIndexedSince, previous];
      },
    };
    // The next weekly digest is due in an hour, so the last one was due almost a week ago.
    const weekly = [createSubscription({ cadence: 'weekly' })];
    await repositories.subscribers.save(
      createSubscriber({ id: 'w', hour: 11, weekday: 2, subscriptions: weekly }),
    );

    await plan({ ...ports, planner });

    expect(plannedPeriods()).toEqual([
      '2026-01-06 daily#Europe/Berlin#08',
      '2026-W01 weekly#Europe/Berlin#11#2',
    ]);
    expect(stored).toEqual(['2026-01-06T09:00:00.000Z', '2026-01-06T09:00:00.000Z', unreadable]);
    expect(telemetry.sentences).not.toContain('The cursor of the planner is in the future');
  });

  const moveCursorTo = async (lastTick: string) => {
    const known = await repositories.planner.load();
    if (known === undefined || isUnreadable(known)) throw new Error('expected a state');
    await repositories.planner.save({ ...known, lastTick }, known);
  };

  test('is a day ahead is kept, because the clock may have been set back', async () => {
    await moveCursorTo('2026-01-07T09:00:00.000Z');

    expect(await plan(ports)).toEqual([]);
    expect(telemetry.counts.has('RecordsUnreadable')).toBe(false);
  });

  test.each(['2099-01-01T00:00:00.000Z', '2026-01-07T09:15:00.000Z'])(
    'is in the future (%s) is replaced, and counted',
    async (lastTick) => {
      await moveCursorTo(lastTick);

      const error: PlanPorts['telemetry']['error'] = (sentence, fields) => {
        telemetry.error(sentence, fields);
        expect(fields).toEqual({ lastTick, until: undefined });
      };

      await plan({ ...ports, telemetry: { ...telemetry, error } });

      expect(plannedPeriods()).toEqual(['2026-01-06 daily#Europe/Berlin#08']);
      expect(telemetry.counts.get('RecordsUnreadable')).toBe(1);
      expect(telemetry.sentences).toContain('The cursor of the planner is in the future');
      expect(await repositories.planner.load()).toMatchObject({ lastTick: '2026-01-06T09:00:00.000Z' });
    },
  );
});

describe('a cursor with times that were written by a wrong clock:', () => {
  const LAST = '2026-01-05T08:00:00.000Z';

  beforeEach(async () => {
    const monthly = [createSubscription({ cadence: 'monthly' })];
    await repositories.subscribers.save(createSubscriber({ id: 'a', hour: 8 }));
    await repositories.subscribers.save(createSubscriber({ id: 'm', hour: 8, subscriptions: monthly }));
    clock.moveBy(26 * MS_PER_HOUR);
  });

  test.each([
    ['a run until the far future', LAST, '2099-01-01T00:00:00.000Z'],
    ['a run until the distant past', LAST, '1970-01-01T00:00:00.000Z'],
    ['the distant past', '0001-01-01T00:00:00.000Z', undefined],
  ])('%s', async (_, lastTick, until) => {
    const run = until === undefined ? {} : { run: { until, arrivals: {}, after: '' } };
    await repositories.planner.save({ lastTick, arrivals: {}, ...run }, undefined);

    await plan(ports);

    expect(plannedPeriods().toSorted()).toEqual([
      '2026-01 monthly#Europe/Berlin#08',
      '2026-01-06 daily#Europe/Berlin#08',
    ]);
    const stored = await repositories.planner.load();
    expect(stored).toMatchObject({ lastTick: '2026-01-06T09:00:00.000Z' });
    expect(stored).not.toHaveProperty('run');
  });
});

describe('a catch-up with more cohorts than one run can plan', () => {
  const COHORTS = 9000;
  /** Cohorts that are all due. */
  const cohorts = Array.from({ length: COHORTS }, (_, n) => {
    const lists = [
      `arxiv/${String(n)
        .padStart(5, '0')
        .replace(/\d/g, (digit) => 'abcdefghij'.charAt(Number(digit)))}`,
    ];
    return { cadence: 'instant' as const, lists };
  });
  /** When every list got new papers. */
  const stateOf = (lastNewAt: string) => ({
    lists: Object.fromEntries(
      cohorts.flatMap(({ lists }) => lists.map((list) => [list, { lastNewAt, failuresInARow: 0 }])),
    ),
  });
  const open = (): PlanPorts => ({
    ...ports,
    cohorts: { ...repositories.cohorts, loadAll: async () => cohorts },
    sourceStates: {
      ...repositories.sourceStates,
      load: async () => stateOf('2026-01-05T06:00:00.000Z'),
    },
  });
  /** Dies after it accepted this many calls. */
  const createDyingQueue = (calls: number): PlanPorts['cohortQueue'] => {
    let left = calls;
    return {
      enqueue: (messages) => {
        left -= 1;
        return left < 0 ? Promise.reject(new Error('Task timed out')) : queue.enqueue(messages);
      },
    };
  };
  const plannedCohorts = () =>
    queue.messages.map(({ edition }) => edition.cohort).filter((cohort) => cohort !== 'instant');

  test('continues after the last run was cut off, and queues every edition once', async () => {
    let runs = 1;
    for (; runs < 20; runs += 1) {
      const isDone = await plan({ ...open(), cohortQueue: createDyingQueue(1) }).then(
        () => true,
        () => false,
      );
      if (isDone) break;
      clock.moveBy(15 * 60_000);
    }

    expect(runs).toBeGreaterThan(3);
    expect(runs).toBeLessThan(10);
    expect(plannedCohorts()).toHaveLength(COHORTS);
    expect(new Set(plannedCohorts()).size).toBe(COHORTS);
    expect(await repositories.planner.load()).not.toHaveProperty('run');
  });

  test('stops at a checkpoint that cannot be saved', async () => {
    let saves = 0;
    const { planner } = repositories;
    const save: typeof planner.save = (state, previous) => {
      saves += 1;
      return saves > 1 ? Promise.reject(new Error('the table is gone')) : planner.save(state, previous);
    };

    await expect(plan({ ...open(), planner: { ...planner, save } })).rejects.toThrow('the table is gone');

    expect(saves).toBe(2);
    expect(queue.messages.length).toBeLessThan(COHORTS);
  });

  test('plans arrivals between two of its runs at the next tick', async () => {
    await plan({ ...open(), cohortQueue: createDyingQueue(1) }).catch(() => {});
    const load = async () => stateOf('2026-01-05T07:01:00.000Z');
    const later = { ...open(), sourceStates: { ...repositories.sourceStates, load } };
    clock.moveBy(15 * 60_000);

    await plan(later);

    const periods = new Map<string, number>();
    for (const { edition } of queue.messages.filter(({ edition: { cohort } }) => cohort !== 'instant'))
      periods.set(edition.period, (periods.get(edition.period) ?? 0) + 1);
    expect(Object.fromEntries(periods)).toEqual({
      '2026-01-05T07:00Z': COHORTS,
      '2026-01-05T07:15Z': COHORTS,
    });
  });

  test('is planned once by two concurrent runs', async () => {
    const results = await Promise.allSettled([plan(open()), plan(open())]);

    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(new Set(plannedCohorts()).size).toBe(COHORTS);
  });
});

describe('planning instant cohorts', () => {
  const arrive = (list: string) =>
    repositories.sourceStates.save('hf-daily', {
      lists: { [list]: { lastNewAt: clock.now(), failuresInARow: 0 } },
    });

  beforeEach(async () => {
    const subscriptions = [createSubscription({ cadence: 'instant' })];
    await repositories.subscribers.save(createSubscriber({ id: 'a', subscriptions }));
  });

  const planned = () =>
    queue.messages.map(({ edition: { period, cohort }, lists = [] }) => [period, cohort, ...lists].join(' '));

  test('queues one edition for all lists with something new, and names them', async () => {
    await plan(ports);
    clock.moveBy(MS_PER_HOUR);
    expect(await plan(ports)).toEqual([]);

    const history = { lastNewAt: clock.now(), failuresInARow: 0 };
    await repositories.sourceStates.save('hf-daily', {
      lists: { 'hf-daily': history, 'arxiv/cs.LG': history, 'arxiv/cs.CL': history },
    });
    clock.moveBy(MS_PER_HOUR);
    await plan(ports);

    expect(planned()).toEqual(['2026-01-05T09:00Z instant arxiv/cs.CL arxiv/cs.LG hf-daily']);
  });

  test('plans the same lists again when a run was cut off, and later ones at the next tick', async () => {
    await plan(ports);
    clock.moveBy(MS_PER_HOUR);
    await arrive('hf-daily');
    const cohortQueue = { enqueue: () => Promise.reject(new Error('Task timed out')) };
    await expect(plan({ ...ports, cohortQueue })).rejects.toThrow('Task timed out');
    const history = { lastNewAt: clock.now(), failuresInARow: 0 };
    await repositories.sourceStates.save('hf-daily', {
      lists: { 'hf-daily': history, 'arxiv/cs.CL': history },
    });

    await plan(ports);
    clock.moveBy(15 * 60_000);
    await plan(ports);

    expect(planned()).toEqual([
      '2026-01-05T08:00Z instant hf-daily',
      '2026-01-05T08:15Z instant arxiv/cs.CL',
    ]);
  });

  test('plans all lists that ever had papers once after a release that did not know the cohort', async () => {
    const lists = {
      'hf-daily': { lastNewAt: clock.now(), failuresInARow: 0 },
      'arxiv/cs.CL': { failuresInARow: 0 },
    };
    await repositories.sourceStates.save('hf-daily', { lists });
    const arrivals = { 'hf-daily': clock.now() };
    await repositories.planner.save({ lastTick: '2026-01-05T06:45:00.000Z', arrivals }, undefined);

    await plan(ports);
    clock.moveBy(MS_PER_HOUR);
    await plan(ports);

    expect(planned()).toEqual(['2026-01-05T07:00Z instant hf-daily']);
  });

  test('plans a cohort of an earlier release when one of its lists has something new', async () => {
    const cohorts = {
      ...repositories.cohorts,
      loadAll: async () => [
        { cadence: 'instant' as const, lists: ['arxiv/cs.CL', 'hf-daily'] },
        { cadence: 'instant' as const, lists: ['arxiv/cs.LG'] },
      ],
    };
    await arrive('hf-daily');

    await plan({ ...ports, cohorts });

    expect(planned()).toEqual([
      '2026-01-05T07:00Z instant hf-daily',
      '2026-01-05T07:00Z instant#arxiv/cs.CL,hf-daily',
    ]);
  });

  test('plans an arrival once', async () => {
    await arrive('hf-daily');
    await plan(ports);
    clock.moveBy(MS_PER_HOUR);
    await plan(ports);

    expect(plannedPeriods()).toEqual(['2026-01-05T07:00Z instant']);
  });

  test('plans arrivals during a plan at the next tick', async () => {
    await plan(ports);
    await arrive('hf-daily');
    clock.moveBy(15 * 60_000);
    await plan(ports);

    expect(plannedPeriods()).toEqual(['2026-01-05T07:15Z instant']);
  });

  test('plans nothing because of a list with a state that is unreadable for a while', async () => {
    await arrive('hf-daily');
    await plan(ports);
    const unreadable = { ...repositories.sourceStates, load: async () => undefined };
    for (const sourceStates of [unreadable, repositories.sourceStates]) {
      clock.moveBy(MS_PER_HOUR);
      await plan({ ...ports, sourceStates });
    }

    expect(plannedPeriods()).toEqual(['2026-01-05T07:00Z instant']);
  });

  test('plans arrivals during an outage once', async () => {
    await plan(ports);
    clock.moveBy(MS_PER_HOUR);
    await arrive('hf-daily');
    clock.moveBy(5 * MS_PER_HOUR);
    await plan(ports);

    expect(plannedPeriods()).toEqual(['2026-01-05T13:00Z instant']);
  });
});
