import type { Cadence } from '../../../shared/domain/subscribers/cadence.ts';
import { MS_PER_DAY } from '../../../shared/domain/time/time.ts';
import { PAUSE_SEC } from '../../../shared/pipeline/enqueue-all.ts';
import { LONGEST_WAIT_MS } from '../../../shared/pipeline/sending/waiting.ts';
import { type Finding, fail, ok, warn } from '../diagnosis.ts';
import type { CohortSize, SendingAccount } from '../ports.ts';

/** Checks whether the account may mail any address. A `dev` deployment often stays in the sandbox. */
export function checkProductionAccess(
  { hasProductionAccess }: SendingAccount,
  stage: 'dev' | 'prod',
): Finding {
  if (hasProductionAccess) return ok('out of the sandbox, anybody can be mailed');
  const found =
    'in the sandbox: only addresses that SES has verified are mailed, all others are rejected for good';
  const advice =
    'ask for production access before anybody subscribes (docs/operating.md, "Leaving the SES sandbox")';
  return stage === 'dev' ? warn(found, advice) : fail(found, advice);
}

/** Checks whether SES lets the account send, and the reputation of the account. */
export function checkSending({ isSendingEnabled, enforcement }: SendingAccount): Finding {
  const seeConsole = 'see the SES console for the reason; nothing goes out until SES is satisfied';
  if (enforcement === 'SHUTDOWN') return fail('SES has shut down sending (enforcement SHUTDOWN)', seeConsole);
  if (!isSendingEnabled)
    return fail(
      'sending is switched off for the account',
      'aws sesv2 put-account-sending-attributes --sending-enabled, or see the SES console for why SES paused it',
    );
  if (enforcement === 'HEALTHY') return ok('enabled, enforcement HEALTHY');
  return warn(
    `enabled, but enforcement is ${enforcement}`,
    'SES reviews the account, mostly for bounces or complaints: see the SES console before it stops sending',
  );
}

/**
 * Checks whether the account may send as fast as the settings say. The number of concurrent workers follows from the
 * settings.
 */
export function checkRate({ accountRatePerSec }: SendingAccount, configuredRate: number): Finding {
  const found = `the account sends ${accountRatePerSec} a second, sending.accountRatePerSec is ${configuredRate}`;
  if (accountRatePerSec < configuredRate)
    return warn(
      found,
      `set sending.accountRatePerSec to ${Math.max(1, Math.floor(accountRatePerSec))} and deploy, so that fewer workers send at the same time; a throttled mail is tried again at its next turn, or after ${PAUSE_SEC / 60} minutes`,
    );
  return ok(
    found,
    accountRatePerSec > configuredRate ? 'sending.accountRatePerSec may be raised' : undefined,
  );
}

/**
 * An estimate of the digests a day for an instant subscription. There can be 96, one a tick, but a list has new papers in
 * about a dozen of them.
 */
const INSTANT_DIGESTS_A_DAY = 12;

/** Above this part of the quota, a day with more readers may use it up. */
const NARROW = 0.8;

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];

/** Checks whether the quota of 24 hours is enough for the busiest day of the present subscribers. */
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
      `${advice}; digests over the quota wait for up to ${LONGEST_WAIT_MS / MS_PER_DAY} days, and then become dead letters`,
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
