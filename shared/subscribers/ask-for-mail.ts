import type { Clock } from '../domain/time.ts';
import type { Telemetry } from '../observability.ts';
import { enqueueAll } from '../pipeline/enqueue-all.ts';
import type { Queue, WebRequest } from '../ports/queues.ts';
import type { BudgetRepository } from '../ports/subscribers.ts';
import type { Keyring } from './keys.ts';
import { type HourlyLimits, requestBudgetsOf } from './web-budgets.ts';

export interface AskForMailPorts {
  readonly budgets: BudgetRepository;
  readonly hourlyLimits: HourlyLimits;
  readonly requests: Queue<WebRequest>;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/**
 * Queues what somebody asks for on the web that is answered by mail. It does the same for every address, known or not: nothing
 * about the address is looked up before the answer. False if too much was asked for in this hour, by this client or network.
 *
 * @param clientAddress the IP address of whoever asks
 */
export async function askForMail(
  { budgets, hourlyLimits, requests, keyring, clock, telemetry }: AskForMailPorts,
  clientAddress: string | undefined,
  request: WebRequest,
): Promise<boolean> {
  const { idKey } = await keyring.load();
  const { client, total, network } = requestBudgetsOf(
    hourlyLimits,
    request.kind,
    clientAddress,
    idKey,
    clock.now(),
  );
  if (!(await budgets.spend(client))) return false;
  const isWelcome = (await budgets.spend(total)) || (await budgets.spend(network));
  if (isWelcome) {
    await enqueueAll(requests, [request]);
  } else {
    telemetry.warn('A budget is used up', { budget: 'network', request: request.kind });
    telemetry.count('BudgetsUsedUp', 1);
  }
  return isWelcome;
}
