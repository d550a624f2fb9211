import { createKeys } from '../../local/keys.ts';
import { createManualClock } from '../../local/manual-clock.ts';
import type { Subscriber } from '../../shared/domain/subscribers/subscriber.ts';
import type { Instant } from '../../shared/domain/time/time.ts';
import { createPaperSearch } from '../../shared/pipeline/search/paper-search.ts';
import type { QueuedWebRequest } from '../../shared/ports/queues.ts';
import { signingKeyOf } from '../../shared/subscribers/keys.ts';
import { hourlyLimitsSchema } from '../../shared/subscribers/web-budgets.ts';
import type { WebAppPorts } from '../../shared/web/ports.ts';
import { signToken, type TokenPurpose } from '../../shared/web/tokens.ts';
import { createPublication } from '../factories/digests.ts';
import { openListDays } from './list-days.ts';
import { createFakeQueue, createFakeTelemetry } from './outside.ts';
import { createFakeRepositories } from './repositories.ts';

/** Creates the ports of the pages in memory. Requests for mails are in `requested`. */
export function createFakeWeb(overrides: Partial<WebAppPorts> = {}) {
  const clock = createManualClock('2026-01-05T08:00:00.000Z');
  const keys = createKeys();
  const repositories = createFakeRepositories(clock);
  const requests = createFakeQueue<QueuedWebRequest>();
  const telemetry = createFakeTelemetry();
  const listDays = openListDays({ ...repositories, ...overrides }, clock);
  const ports: WebAppPorts = {
    ...repositories,
    listDays,
    search: createPaperSearch({
      ...repositories,
      listDays,
      clock,
      telemetry,
      lists: ['hf-daily'],
      ...overrides,
    }),
    requests,
    publication: createPublication({ name: 'Papers & More' }),
    hourlyLimits: hourlyLimitsSchema.parse({}),
    leftRetentionDays: 365,
    lists: ['hf-daily'],
    defaults: { cadence: 'daily', hour: 8, lists: ['hf-daily'] },
    keyring: { load: async () => keys },
    clock,
    telemetry,
    clientAddress: () => '192.0.2.1',
    ...overrides,
  };
  return {
    ports,
    clock,
    keys,
    repositories,
    requested: requests.messages,
    /** Returns the token of a mail that is sent now. With `signUpAt` it names the sign-up. Tokens of earlier versions do not. */
    tokenFor: (purpose: TokenPurpose, id: Subscriber['id'], signUpAt?: Instant) =>
      signToken(purpose, id, signingKeyOf(keys.linkKeys, clock.now()), clock.now(), signUpAt),
  };
}

export type FakeWeb = ReturnType<typeof createFakeWeb>;
