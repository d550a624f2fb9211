import assert from 'node:assert/strict';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Deployment } from './deployment.ts';
import { loadLogGroups } from './function-logs.ts';
import { waitUntil } from './wait-until.ts';

/** Functions may still handle the last messages, and their logs follow. */
const SETTLE_TIMEOUT_MS = 20_000;

/** Waits until no queue has a message, waiting or in flight, and checks that none was dead-lettered. */
export async function assertQueuesEmpty(deployment: Deployment): Promise<void> {
  const { CohortsQueueUrl, DigestsQueueUrl, FeedbackQueueUrl, RequestsQueueUrl } = deployment;
  const { CohortsDlqUrl, DigestsDlqUrl, FeedbackDlqUrl, RequestsDlqUrl } = deployment;
  const queues = { CohortsQueueUrl, DigestsQueueUrl, FeedbackQueueUrl, RequestsQueueUrl };
  const deadLetterQueues = { CohortsDlqUrl, DigestsDlqUrl, FeedbackDlqUrl, RequestsDlqUrl };
  for (const [name, url] of Object.entries(queues)) {
    await waitUntil(`${name} to be empty`, SETTLE_TIMEOUT_MS, async () => {
      return (await countMessages(deployment, url)) === 0 ? name : undefined;
    });
  }
  for (const [name, url] of Object.entries(deadLetterQueues)) {
    assert.equal(await countMessages(deployment, url), 0, `${name} has messages`);
  }
}

async function countMessages({ cloud }: Deployment, QueueUrl: string): Promise<number> {
  const waiting = 'ApproximateNumberOfMessages';
  const inWork = 'ApproximateNumberOfMessagesNotVisible';
  const { Attributes } = await cloud.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [waiting, inWork] }),
  );
  return Number(Attributes?.[waiting]) + Number(Attributes?.[inWork]);
}

/** Checks that every function wrote to its log group, and none wrote a warning or an error. */
export async function assertNoComplaints({ cloud, stacks }: Deployment): Promise<void> {
  const logGroups = await waitUntil('a line in the logs of every function', SETTLE_TIMEOUT_MS, async () => {
    const found = await loadLogGroups(cloud, stacks.pipeline);
    const ofFunctions = found.filter(({ name }) => !name.includes('AccessLogs'));
    const isWritten = ofFunctions.every(({ messages }) => messages.length > 0);
    return ofFunctions.length > 0 && isWritten ? ofFunctions : undefined;
  });
  for (const { name, messages } of logGroups) {
    const complaints = messages.filter((message) => /"level":"(WARN|ERROR|CRITICAL)"/.test(message));
    assert.deepEqual(complaints, [], `complaints in ${name}`);
  }
}
