import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { maxWorkersOf } from '../../infra/settings/derived.ts';
import { localClientOptions } from '../../local/emulators/loopback.ts';
import { startSesEndpoint } from '../../local/ses/endpoint.ts';
import { createSesClient } from '../../shared/adapters/ses/mailer.ts';
import { systemClock, systemTimer } from '../../shared/adapters/system-clock.ts';
import { addMs, type Clock, type Timer } from '../../shared/domain/time/time.ts';
import { createRandom } from '../simulation/seeded-random.ts';
import { createVirtualTime } from '../simulation/virtual-time.ts';
import { type Measured, measure } from './measure.ts';
import { CONFIGURATION_SET, FROM_ADDRESS, sendAll } from './sending-run.ts';
import { openSesInProcess, type SesAccount } from './ses-in-process.ts';

export interface PaceRun {
  /** The account's rate, in mails a second. */
  readonly ratePerSec: number;
  /** How long all workers have work. */
  readonly seconds: number;
  /** The account's quota of mails in 24 hours. @default no limit */
  readonly perDay?: number | undefined;
  readonly seed: number;
}

/** The share of mails that SES throttles at random, whatever the rate. */
const THROTTLED = 0.05;

/** How long a run may take to reach its rate. */
const WARM_UP_MS = 10_000;

const START = '2026-01-05T08:00:00.000Z';

/** Measures a run on virtual time, and counts the mails over the account's limits. */
export async function runVirtually(run: PaceRun): Promise<Measured & { readonly excesses: number }> {
  const time = createVirtualTime(START);
  const account = openSesInProcess({ ...limitsOf(run), ...sender(run) }, time);
  const measured = await time.run(sendAndMeasure(run, account, time, time));
  return { ...measured, excesses: account.excesses() };
}

/** Measures a run in real time, through the local SES endpoint. */
export async function runForReal(run: PaceRun): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-pace-'));
  const { fromAddress, configurationSet, throttled, random } = sender(run);
  const server = await startSesEndpoint({
    ...limitsOf(run),
    folder,
    identities: [fromAddress],
    configurationSets: [{ name: configurationSet }],
  });
  server.faults.decide(({ action }) =>
    action === 'SendRawEmail' && random() < throttled ? 'throttle' : undefined,
  );
  const client = createSesClient(localClientOptions(server.url));
  try {
    return await sendAndMeasure(run, { client, sent: server.store.list }, systemClock, systemTimer);
  } finally {
    client.destroy();
    await server.close();
    await rm(folder, { recursive: true });
  }
}

async function sendAndMeasure(
  { ratePerSec, seconds }: PaceRun,
  { client, sent }: Pick<SesAccount, 'client' | 'sent'>,
  clock: Clock,
  timer: Timer,
): Promise<Measured> {
  const digests = ratePerSec * seconds;
  const workers = maxWorkersOf({ sending: { accountRatePerSec: ratePerSec } });
  const startedAt = clock.now();
  const until = await sendAll({ digests, workers, ses: client, clock, timer });
  return measure(sent(), digests, { from: addMs(startedAt, WARM_UP_MS), until });
}

function limitsOf({ ratePerSec, perDay = -1 }: PaceRun) {
  return { maxSendRate: ratePerSec, max24HourSend: perDay };
}

function sender({ seed }: PaceRun) {
  return {
    fromAddress: FROM_ADDRESS,
    configurationSet: CONFIGURATION_SET,
    throttled: THROTTLED,
    random: createRandom(seed),
  };
}
