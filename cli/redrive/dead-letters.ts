import {
  CancelMessageMoveTaskCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { type Instant, toInstant } from '../../shared/domain/time/time.ts';
import { permitted } from '../deployment/aws-call.ts';
import { CommandError } from '../deployment/errors.ts';

interface DeadLetter {
  /** The id of the message, as logs have it. */
  readonly id: string;
  readonly body: string;
  /** When it was first queued. */
  readonly sentAt: Instant;
}

export interface DeadLetters {
  /** About how many there are, as SQS counts. */
  count(): Promise<number>;
  /** At most ten of them, which stay where they are. */
  look(): Promise<readonly DeadLetter[]>;
  /**
   * Moves dead letters back to their queue, about `atMost` of them, and returns how many. A letter is sent before it is
   * deleted, so none is lost. For a moment it may be in both places; handlers take a message twice without harm.
   *
   * @param onMoved takes how many more were moved
   * @param signal ends the moving early
   * @throws CommandError if the move task of SQS fails
   */
  move(atMost: number, onMoved: (more: number) => void, signal: AbortSignal): Promise<number>;
}

/** A dead-letter queue on SQS. */
export interface DeadLetterQueue {
  readonly dlqUrl: string;
  /** The queue that the letters come from. */
  readonly queueUrl: string;
  /** Whether SNS puts letters there as well. The move task of SQS takes none of those. */
  readonly hasLettersOfSns: boolean;
}

const MESSAGES_AT_ONCE = 10;
/** Long enough to send ten messages. A message that was not moved by then can be received again. */
const MOVING_SEC = 60;
/** A letter that was looked at is visible again immediately. */
const LOOKING_SEC = 0;
const POLL_EVERY_MS = 1_000;
/** SQS may list a task only after this many looks. */
const LISTING_LOOKS = 30;

/** How services that do not have the move task, such as emulators, refuse it. */
const NO_MOVE_TASK = [
  'InvalidAction',
  'UnknownOperationException',
  'UnsupportedOperation',
  'AWS.SimpleQueueService.UnsupportedOperation',
];

/**
 * The dead letters of a queue on SQS. SQS moves them back by its own move task if it can. Otherwise this process receives and
 * sends them ten at a time.
 *
 * @param wait waits between two looks at the task, in milliseconds
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */
export function createDeadLetters(
  sqs: SQSClient,
  { dlqUrl, queueUrl, hasLettersOfSns }: DeadLetterQueue,
  wait: (ms: number) => Promise<unknown>,
): DeadLetters {
  const receive = async (visibilitySec: number, atMost = MESSAGES_AT_ONCE): Promise<readonly Message[]> => {
    const command = new ReceiveMessageCommand({
      QueueUrl: dlqUrl,
      VisibilityTimeout: visibilitySec,
      WaitTimeSeconds: 1,
      MaxNumberOfMessages: Math.min(atMost, MESSAGES_AT_ONCE),
      MessageSystemAttributeNames: ['SentTimestamp'],
    });
    const { Messages = [] } = await permitted('sqs:ReceiveMessage', () => sqs.send(command));
    return Messages;
  };

  const moveOne = async ({ Body, ReceiptHandle }: Message) => {
    const send = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: Body });
    await permitted('sqs:SendMessage', () => sqs.send(send));
    const remove = new DeleteMessageCommand({ QueueUrl: dlqUrl, ReceiptHandle });
    await permitted('sqs:DeleteMessage', () => sqs.send(remove));
  };

  const moveByHand: DeadLetters['move'] = async (atMost, onMoved, signal) => {
    let moved = 0;
    while (moved < atMost && !signal.aborted) {
      const messages = await receive(MOVING_SEC, atMost - moved);
      if (messages.length === 0) break;
      await Promise.all(messages.map(moveOne));
      moved += messages.length;
      onMoved(messages.length);
    }
    return moved;
  };

  const attributeOf = async (name: 'ApproximateNumberOfMessages' | 'QueueArn') => {
    const command = new GetQueueAttributesCommand({ QueueUrl: dlqUrl, AttributeNames: [name] });
    const { Attributes = {} } = await permitted('sqs:GetQueueAttributes', () => sqs.send(command));
    return Attributes[name];
  };

  return {
    count: async () => Number((await attributeOf('ApproximateNumberOfMessages')) ?? 0),

    async look() {
      return (await receive(LOOKING_SEC)).map(({ MessageId = '', Body = '', Attributes }) => ({
        id: MessageId,
        body: Body,
        sentAt: toInstant(Number(Attributes?.SentTimestamp ?? 0)),
      }));
    },

    async move(atMost, onMoved, signal) {
      if (hasLettersOfSns) return moveByHand(atMost, onMoved, signal);
      const sourceArn = await attributeOf('QueueArn');
      let task: FollowedTask = {};
      try {
        const earlier = await findNewestTask(sqs, sourceArn);
        const { TaskHandle } = await permitted('sqs:StartMessageMoveTask', () =>
          sqs.send(new StartMessageMoveTaskCommand({ SourceArn: sourceArn })),
        );
        task = { handle: TaskHandle, earlier };
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        // Only a sentence in the error shows that a task of an earlier run still runs. It is followed like one of this run.
        const isRunning = /already a task running/i.test(error.message);
        if (!isRunning && NO_MOVE_TASK.includes(error.name)) return moveByHand(atMost, onMoved, signal);
        if (!isRunning) throw error;
      }
      return followTask(sqs, sourceArn, task, { atMost, onMoved, signal, wait });
    },
  };
}

interface Following {
  readonly atMost: number;
  readonly onMoved: (more: number) => void;
  readonly signal: AbortSignal;
  readonly wait: (ms: number) => Promise<unknown>;
}

/** The newest move task of a queue. SQS names the handle only while it runs. */
async function findNewestTask(sqs: SQSClient, SourceArn: string | undefined) {
  const list = new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 1 });
  const { Results = [] } = await permitted('sqs:ListMessageMoveTasks', () => sqs.send(list));
  return Results[0];
}

/** A move task that is followed. */
interface FollowedTask {
  /** As SQS named it at its start. Undefined for one that an earlier run started. */
  readonly handle?: string | undefined;
  /** The newest task before its start, if there was one. A task that started at the same time is that one. */
  readonly earlier?: ListMessageMoveTasksResultEntry | undefined;
}

/**
 * Follows a move task of a queue to its end, and returns how many messages it moved.
 *
 * @throws CommandError if the task fails, or SQS never lists it
 */
async function followTask(
  sqs: SQSClient,
  SourceArn: string | undefined,
  { handle, earlier }: FollowedTask,
  { atMost, onMoved, signal, wait }: Following,
): Promise<number> {
  let moved = 0;
  let isCancelled = false;
  for (let looks = 0; ; looks += 1) {
    const newest = await findNewestTask(sqs, SourceArn);
    const isOurs = newest?.TaskHandle !== undefined && newest.TaskHandle === handle;
    const isListed = newest && (isOurs || newest.StartedTimestamp !== earlier?.StartedTimestamp || !earlier);
    if (!isListed && looks >= LISTING_LOOKS)
      throw new CommandError(
        'SQS started the move but does not list it. Look at the queue in a minute, and run this again.',
      );
    const {
      ApproximateNumberOfMessagesMoved: sofar = 0,
      Status = 'COMPLETED',
      TaskHandle = handle,
      FailureReason,
    } = isListed ? newest : { Status: 'RUNNING' };
    if (sofar > moved) onMoved(sofar - moved);
    moved = Math.max(moved, sofar);
    if (Status === 'FAILED')
      throw new CommandError(
        `SQS stopped moving after ${moved} (${FailureReason ?? 'no reason given'}). Fix the cause, then run this again.`,
      );
    if (Status !== 'RUNNING' && Status !== 'CANCELLING') return moved;
    // A letter that fails again comes back, and is not moved a second time.
    const isEnough = signal.aborted || moved >= atMost;
    if (!isCancelled && Status === 'RUNNING' && TaskHandle !== undefined && isEnough) {
      isCancelled = true;
      const cancel = new CancelMessageMoveTaskCommand({ TaskHandle });
      await permitted('sqs:CancelMessageMoveTask', () => sqs.send(cancel)).catch(ignoreEnded);
    }
    await wait(POLL_EVERY_MS);
  }
}

/** A task that has ended cannot be cancelled, and need not be. */
function ignoreEnded(error: unknown): void {
  if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
}
