import type { FunctionName } from '../shared/observability.ts';

/** What one processor comes with, in MB. Less memory means a share of a processor. */
export const MB_PER_PROCESSOR = 1769;

/**
 * The memory of each function in MB. A function is billed by memory and time, so one that mostly waits gets little. At a start Lambda
 * gives every function a whole processor. So little memory slows the work and not the start.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
 */
export const memoryMb = {
  // Mostly waits. It holds an answer whole, as a text of up to 16 MB. Reading the largest one took the process to 185 MB.
  'ingest-papers': 512,
  // Computes delivery times for every time zone in use. After an outage it does so for many ticks.
  'plan-digests': 512,
  // Holds 1,000 ids at a time.
  'fan-out-digests': 512,
  // Mostly waits for its turns at SES. It holds the papers of up to 35 days, which are about 1,000 on Hugging Face.
  'send-digests': 256,
  // Each event takes a few reads and writes.
  'handle-feedback': 512,
  // Renders one small mail.
  'handle-requests': 512,
  // A reader waits for the answer.
  api: 1024,
  // One processor, because drawing takes a tenth of a second of it.
  'draw-cards': MB_PER_PROCESSOR,
} as const satisfies Readonly<Record<FunctionName, number>>;

/**
 * What keeps the memory of a function small, as variables of its process. Without a limit, Node.js collects garbage late, and a function
 * uses more memory than it needs. `npm run bench:ingest` reads 10,000 papers with them, and `npm run bench -- crowd` composes a million
 * digests.
 */
export const processVariables = {
  'ingest-papers': { NODE_OPTIONS: '--max-old-space-size=128' },
  'send-digests': {
    NODE_OPTIONS: '--max-old-space-size=55 --max-semi-space-size=1 --v8-pool-size=1',
    // One heap of the C library for all threads. It returns free memory at its end from 128 KB on. Otherwise glibc raises that limit.
    MALLOC_ARENA_MAX: '1',
    MALLOC_TRIM_THRESHOLD_: '131072',
  },
} as const satisfies Readonly<Partial<Record<FunctionName, Readonly<Record<string, string>>>>>;

/**
 * What `send-digests` gets if it reads arXiv, where 35 days have tens of thousands of papers, or else feeds, which may have any number.
 */
export const sendingResources = {
  arxiv: { memoryMb: 1024, processVariables: {} },
  feed: { memoryMb: 384, processVariables: {} },
} as const;
