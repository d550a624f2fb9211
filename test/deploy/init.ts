import assert from 'node:assert/strict';
import PostalMime from 'postal-mime';
import type { Cdk } from './cdk.ts';
import type { Cloud } from './cloud.ts';
import { FROM_ADDRESS } from './settings.ts';

const OPERATOR = 'operator@example.net';

/** Runs `init` for a deployed stage. The operator is added and mailed, and a second run mails nobody. */
export async function initTwice(cdk: Cdk, assembly: string, { inbox }: Cloud): Promise<void> {
  const before = inbox.mails().length;

  const first = await cdk.init(assembly, OPERATOR);
  const second = await cdk.init(assembly, OPERATOR);

  assert.match(first, new RegExp(`Digest: sent to ${OPERATOR}`));
  assert.match(second, new RegExp(`Digest: ${OPERATOR} has one already`));
  const [mail, ...others] = inbox.mails().slice(before);
  assert.deepEqual([mail?.recipients, others], [[OPERATOR], []]);
  const { from } = await PostalMime.parse(mail?.raw ?? '');
  assert.equal(from?.address, FROM_ADDRESS);
}
