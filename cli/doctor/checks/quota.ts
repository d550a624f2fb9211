import type { Cadence } from '../../../shared/domain/cadence.ts';
import { MS_PER_DAY } from '../../../shared/domain/time.ts';
import { LONGEST_WAIT_MS } from '../../../shared/pipeline/sending/waiting.ts';
import { type Finding, fail, ok, warn } from '../finding.ts';
import type { CohortSize, SendingAccount } from '../ports.ts';

/**
 * How many digests a day a reader of an instant subscription is taken to get. There can be 96, one a tick; a list brings
 * its papers in some dozen of them.
 */
const INSTANT_DIGESTS_A_DAY = 12;

/** Above this part of the quota a day with more readers would use it up. */
const NARROW = 0.8;

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];

/** Whether the quota of 24 hours is enough for the busiest day that the present subscribers can make. */
export function checkQuota(account: SendingAccount, sizes: readonly CohortSize[]): Finding {
  const { max24HourSend, sentLast24Hours } = account;
  const { total, parts } = digestsOnBusiestDay(sizes);
  const need = `the busiest day needs about ${total} (${parts})`;
  if (max24HourSend < 0) return ok(`no limit; ${need}; ${sentLast24Hours} sent in the last 24 hours`);

  const found = `${max24HourSend} in 24 hours; ${need}; ${sentLast24Hours} sent in the last 24 hours`;
  const advice = 'ask SES for a higher quota (Service Quotas, Amazon SES, "Sending quota")';
  if (total > max24HourSend)
    return fail(
      found,
      `${advice}; what does not fit is put off for up to ${LONGEST_WAIT_MS / MS_PER_DAY} days, and becomes a dead letter then`,
    );
  const isNarrow = total > NARROW * max24HourSend || sentLast24Hours > NARROW * max24HourSend;
  return isNarrow ? warn(found, `${advice}: less than a fifth of it is left`) : ok(found);
}

/** The first of a month that is also the weekday on which most weekly digests go out. */
function digestsOnBusiestDay(sizes: readonly CohortSize[]) {
  const membersOf = (cadence: Cadence, weekday?: number) =>
    sizes
      .filter(({ cohort }) => cohort.cadence === cadence)
      .filter(({ cohort }) => weekday === undefined || ('weekday' in cohort && cohort.weekday === weekday))
      .reduce((sum, { members }) => sum + members, 0);
  const daily = membersOf('daily');
  const weekly = Math.max(...WEEKDAYS.map((weekday) => membersOf('weekly', weekday)));
  const monthly = membersOf('monthly');
  const instant = membersOf('instant');
  const named = [
    [daily, `${daily} daily`],
    [weekly, `${weekly} weekly`],
    [monthly, `${monthly} monthly`],
    [instant, `${instant} instant at ${INSTANT_DIGESTS_A_DAY} each`],
  ] as const;
  return {
    total: daily + weekly + monthly + instant * INSTANT_DIGESTS_A_DAY,
    parts: named.flatMap(([count, name]) => (count > 0 ? name : [])).join(', ') || 'nobody is subscribed',
  };
}
