import type { Clock } from '../domain/time.ts';
import type { Keyring } from '../keys.ts';
import type { WebRequest } from '../messages.ts';
import { enqueueAll } from '../pipeline/enqueue-all.ts';
import type { BudgetRepository, Queue } from '../ports.ts';
import { budgetsOf } from './web-budgets.ts';

export interface AskForMailPorts {
  readonly budgets: BudgetRepository;
  readonly requests: Queue<WebRequest>;
  readonly keyring: Keyring;
  readonly clock: Clock;
}

/**
 * Hands on what somebody asks for on the web that is answered by mail. What is done here is the same for every address, known
 * or not: nothing of the address is looked up before the answer. False where too much was asked for lately, from there or in all.
 *
 * @param clientAddress the IP address of whoever asks
 */
export async function askForMail(
  { budgets, requests, keyring, clock }: AskForMailPorts,
  clientAddress: string | undefined,
  request: WebRequest,
): Promise<boolean> {
  const { idKey } = await keyring.load();
  const { client, calm, network, all } = budgetsOf(clientAddress, idKey, clock.now());
  if (!(await budgets.spend(client))) return false;
  const isWelcome =
    (await budgets.spend(calm)) || ((await budgets.spend(network)) && (await budgets.spend(all)));
  if (isWelcome) await enqueueAll(requests, [request]);
  return isWelcome;
}
