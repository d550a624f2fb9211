import type { FakeResponse } from '../../fakes/request-handler.ts';
import type { ChaosAccount } from '../services/account.ts';
import type { Wire } from './network.ts';

/** Sends a request of SES over the wire: `SendRawEmail ada@example.org`, `GetSendQuota`. */
export function callSes(wire: Wire, account: ChaosAccount, body: string): Promise<FakeResponse> {
  const [, action = ''] = /\bAction=(\w+)/.exec(body) ?? [];
  const [, to = ''] = /\bDestinations\.member\.1=([^&]*)/.exec(body) ?? [];
  return wire.call(
    { service: 'ses', what: `${action} ${decodeURIComponent(to)}`.trim() },
    { perform: () => account.answer(body), throttle: () => account.throttle() },
  );
}
