import { PAUSE_SEC } from '../../../shared/pipeline/sending/waiting.ts';
import { type Finding, fail, ok, warn } from '../finding.ts';
import type { SendingAccount } from '../ports.ts';

/** Whether the account may mail anybody. A deployment that is made to be thrown away is often tried out in the sandbox. */
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

/** Whether SES lets the account send at present, and what it thinks of it. */
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

/** Whether the account sends as fast as the settings say, by which they decide how many functions send at once. */
export function checkRate({ maxRatePerSec }: SendingAccount, configuredRate: number): Finding {
  const found = `the account sends ${maxRatePerSec} a second, sending.maxRatePerSec is ${configuredRate}`;
  if (maxRatePerSec < configuredRate)
    return warn(
      found,
      `set sending.maxRatePerSec to ${Math.max(1, Math.floor(maxRatePerSec))} and deploy, so that no more functions send at once than it is worth; a mail that SES throttles is tried again at its next turn, or after ${PAUSE_SEC / 60} minutes`,
    );
  return ok(found, maxRatePerSec > configuredRate ? 'sending.maxRatePerSec may be raised' : undefined);
}
