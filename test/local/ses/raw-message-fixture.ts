import { toBytes, toMessage } from './ses-fixture.ts';

/** The header line of a verified sender. */
export const FROM = 'From: Daily <daily@example.org>';

/** The part of a request that holds a message with these header lines. */
export function rawMessage(...lines: readonly string[]) {
  return { RawMessage: { Data: toBytes(toMessage(lines)) } };
}
