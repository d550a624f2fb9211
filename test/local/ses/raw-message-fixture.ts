import { type Ses, toBytes, toMessage } from './ses-fixture.ts';

/** The header line of a verified sender. */
export const FROM = 'From: Daily <daily@example.org>';

/** Returns the form field of a message with these header lines. */
export function rawMessage(...lines: readonly string[]) {
  return { RawMessage: { Data: toBytes(toMessage(lines)) } };
}

/** Posts a message without the SDK, which can run out of stack with a message of 10 MB. */
export async function postMessage(ses: Ses, raw: string): Promise<{ status: number; answer: string }> {
  const form = new URLSearchParams({
    Action: 'SendRawEmail',
    Version: '2010-12-01',
    Source: 'daily@example.org',
    'Destinations.member.1': 'ada@example.net',
    'RawMessage.Data': Buffer.from(raw).toString('base64'),
  });
  const response = await fetch(`${ses.server.url}/`, { method: 'POST', body: form });
  return { status: response.status, answer: await response.text() };
}
