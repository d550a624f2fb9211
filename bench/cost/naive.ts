import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { memoryMb } from '../../infra/memory.ts';
import { localTables } from '../../local/repositories.ts';
import { countCalls } from '../../shared/adapters/meter.ts';
import { createQueue } from '../../shared/adapters/sqs/queue.ts';
import { addUsage, PER_MESSAGE } from '../../shared/domain/usage.ts';
import { queueUrls } from '../../test/chaos/system/call-sqs.ts';
import { createSubscriber } from '../../test/factories/subscribers.ts';
import { createDeployment } from '../busy-day/deployment.ts';
import { type Measured, toUsage } from './days.ts';

const WRITES = 6;
/** Two calls of the tables and one of SES, one after the other. */
const SEC_PER_MAIL = 0.1;
const LOG_BYTES = 2_000;
/** As large as our own record of a digest with ten papers. */
const RECORD = { paperIds: Array.from({ length: 10 }, (_, n) => `2611.${String(n).padStart(5, '0')}`) };

/**
 * The control: a design with one message, one run of a function and six writes for each person. It reads the profile, and nothing else. It
 * counts with the same meter on the same tables.
 */
export async function sendNaively(people: number): Promise<Measured> {
  const { documents, sqs, repositories } = createDeployment('2026-11-03T00:00:00.000Z');
  const queue = createQueue<string>(sqs, queueUrls.digests);
  const ids = Array.from({ length: people }, (_, n) => `person-${n}`);
  for (const id of ids) await repositories.subscribers.save(createSubscriber({ id }));
  const { calls } = await countCalls(async () => {
    for (const id of ids) {
      await queue.enqueue([id]);
      await repositories.subscribers.load(id);
      for (let n = 0; n < WRITES; n += 1) {
        const Item = { pk: `NAIVE#${id}`, sk: String(n), ...RECORD };
        await documents.send(new PutCommand({ TableName: localTables.deliveries, Item }));
      }
    }
  });
  const gbSeconds = (people * SEC_PER_MAIL * memoryMb['send-digests']) / 1024;
  return {
    usage: addUsage([{ ...toUsage(calls), gbSeconds, mails: people }, ...ids.map(() => PER_MESSAGE)]),
    logBytes: people * LOG_BYTES,
  };
}
