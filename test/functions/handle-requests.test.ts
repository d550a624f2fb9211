import { beforeEach, expect, test } from '@jest/globals';
import { createHandleRequestsHandler } from '../../functions/handle-requests/handler.ts';
import type { SqsHandler } from '../../shared/adapters/lambda/sqs-handler.ts';
import { toSubscriberId } from '../../shared/subscribers/subscriber-id.ts';
import { createMoved } from '../factories/account-mails.ts';
import { createFakeMailer } from '../fakes/outside.ts';
import { createFakeWeb } from '../fakes/web.ts';
import { deliver } from '../flow/sqs-delivery.ts';

const ADDRESS = 'ada@example.org';

let handler: SqsHandler;
let mailer: ReturnType<typeof createFakeMailer>;

beforeEach(async () => {
  const { ports, keys, repositories } = createFakeWeb();
  mailer = createFakeMailer();
  const compose = async () => ({ from: 'papers@example.org', to: ADDRESS, raw: '', tags: {} });
  handler = createHandleRequestsHandler({ ...ports, compose, mailer });
  await repositories.subscribers.save(
    createMoved({ id: toSubscriberId(ADDRESS, keys.idKey), address: ADDRESS }),
  );
});

test.each(['manage-link', 'data-link', 'moved'])('answers a message of the kind %s', async (kind) => {
  expect(await deliver(handler, [JSON.stringify({ kind, id: 'r', address: ADDRESS })])).toEqual([]);

  expect(mailer.sent).toHaveLength(1);
});

test('a message of a kind that only a later release knows comes again, and keeps back no other', async () => {
  const known = JSON.stringify({ kind: 'moved', id: 'r', address: ADDRESS });
  const unknown = JSON.stringify({ kind: 'later', id: 'r', address: ADDRESS });

  expect(await deliver(handler, [unknown, known])).toHaveLength(1);

  expect(mailer.sent).toHaveLength(1);
});
