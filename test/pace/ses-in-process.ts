import type { SESClient } from '@aws-sdk/client-ses';
import { localClientOptions } from '../../local/emulators/loopback.ts';
import { createAccount, type SendLimits } from '../../local/ses/account.ts';
import { createEventQueue } from '../../local/ses/event.ts';
import { createFaults } from '../../local/ses/faults.ts';
import type { MessageStore, StoredMessage } from '../../local/ses/message-store.ts';
import { createSesRoutes } from '../../local/ses/routes.ts';
import { createSesClient } from '../../shared/adapters/ses/mailer.ts';
import { answerRequests, createResponse } from '../fakes/request-handler.ts';
import type { Random } from '../simulation/seeded-random.ts';
import type { VirtualTime } from '../simulation/virtual-time.ts';

/** An SES account and the real client for it. */
export interface SesAccount {
  readonly client: SESClient;
  /** Every accepted mail. */
  readonly sent: () => readonly StoredMessage[];
  /** How often a request exceeded the account's limits, in a second or in 24 hours. */
  readonly excesses: () => number;
}

export interface SesAccountOptions extends SendLimits {
  readonly fromAddress: string;
  readonly configurationSet: string;
  /** The share of mails that are throttled at random, whatever the rate. */
  readonly throttled: number;
  readonly random: Random;
}

/** The time from a request to its answer, in milliseconds. */
const MIN_LATENCY_MS = 40;
const MAX_LATENCY_MS = 240;

/** The local SES endpoint without a server, on virtual time. Requests and answers take as long as on AWS. */
export function openSesInProcess(options: SesAccountOptions, time: VirtualTime): SesAccount {
  const { fromAddress, configurationSet, throttled, random } = options;
  const store = createMemoryStore();
  const faults = createFaults();
  faults.decide(({ action }) => (action === 'SendRawEmail' && random() < throttled ? 'throttle' : undefined));
  const account = createAccount(options, time, []);
  let excesses = 0;
  const ports = {
    policy: {
      identities: [fromAddress],
      configurationSets: [{ name: configurationSet }],
    },
    account: {
      ...account,
      admit(recipients: number) {
        excesses += 1;
        account.admit(recipients);
        excesses -= 1;
      },
    },
    store,
    events: createEventQueue(
      async () => {},
      (error) => {
        throw error;
      },
    ),
    clock: time,
  };
  const routes = createSesRoutes(ports, faults);

  const post = async (body: string) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await routes.request('/', { method: 'POST', headers, body });
    return createResponse(response.status, await response.text());
  };
  const client = createSesClient(localClientOptions('http://127.0.0.1:1'));
  // Virtual time may pass during a turn of the event loop, so no mail waits for one.
  client.middlewareStack.remove('nextTurn');
  answerRequests(client, async ({ body }) => {
    const latencyMs = MIN_LATENCY_MS + random() * (MAX_LATENCY_MS - MIN_LATENCY_MS);
    await time.wait(latencyMs / 2);
    const response = await time.hold(post(body));
    await time.wait(latencyMs / 2);
    return response;
  });
  return { client, sent: store.list, excesses: () => excesses };
}

function createMemoryStore(): MessageStore {
  const messages: StoredMessage[] = [];
  return {
    list: () => messages,
    find: (id) => messages.find(({ messageId }) => messageId === id),
    loadRaw: () => Promise.reject(new Error('the bytes of mails are not kept')),
    async save(draft, raw) {
      const message = { ...draft, number: messages.length + 1, sizeBytes: raw.length };
      messages.push(message);
      return message;
    },
  };
}
