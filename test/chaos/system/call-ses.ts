import type { FakeResponse } from '../../fakes/request-handler.ts';
import { type ChaosAccount, toDigest } from '../services/account.ts';
import type { Wire } from './network.ts';

/** Sends an SES request over the wire: `SendRawEmail ada@example.org x7 daily 2026-01-05`, `GetSendQuota`. */
export function callSes(wire: Wire, account: ChaosAccount, body: string): Promise<FakeResponse> {
  // The message may be long. Only the fields around it are parsed.
  const form = new URLSearchParams(body.replace(/\bRawMessage\.Data=[^&]*/, ''));
  const to = form.get('Destinations.member.1');
  const what = to === null ? [] : [to, tagIn(form, 'subscriber'), toDigest((name) => tagIn(form, name))];
  return wire.call(
    { service: 'ses', what: [form.get('Action'), ...what].join(' ') },
    { perform: () => account.answer(body), throttle: () => account.throttle() },
  );
}

function tagIn(form: URLSearchParams, name: string): string | undefined {
  const [key] =
    [...form].find(([field, value]) => /^Tags\.member\.\d+\.Name$/.test(field) && value === name) ?? [];
  return key && (form.get(key.replace(/Name$/, 'Value')) ?? undefined);
}
