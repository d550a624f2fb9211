import type { ApiGateway } from '../constructs/api-gateway.ts';
import type { Digests } from '../constructs/digests.ts';
import type { Feedback } from '../constructs/feedback.ts';
import type { Ingestion } from '../constructs/ingestion.ts';
import type { NodeFunction } from '../constructs/node-function.ts';
import type { Pages } from '../constructs/pages.ts';
import type { QueueWithDlq } from '../constructs/queue-with-dlq.ts';
import type { Requests } from '../constructs/requests.ts';
import type { Settings } from '../settings/schema.ts';

/** The parts of a deployment that the monitoring watches. */
export interface Watched {
  readonly settings: Settings;
  readonly ingestion: Ingestion;
  readonly digests: Digests;
  readonly feedback: Feedback;
  readonly requests: Requests;
  readonly pages: Pages;
  readonly gateway: ApiGateway;
}

export interface WatchedQueue {
  readonly name: 'Cohorts' | 'Digests' | 'Feedback' | 'Requests';
  readonly queue: QueueWithDlq;
}

/** Returns the queues in the order of the pipeline, and then the queue of web requests. */
export function queuesOf({ digests, feedback, requests }: Watched): readonly WatchedQueue[] {
  return [
    { name: 'Cohorts', queue: digests.cohortsQueue },
    { name: 'Digests', queue: digests.digestsQueue },
    { name: 'Feedback', queue: feedback.queue },
    { name: 'Requests', queue: requests.queue },
  ];
}

/** Returns the functions in the order of the pipeline. */
export function functionsOf(watched: Watched): readonly NodeFunction[] {
  const { ingestion, digests, feedback, requests, pages } = watched;
  const { planDigests, fanOutDigests, sendDigests } = digests;
  return [
    ingestion.ingestPapers,
    planDigests,
    fanOutDigests,
    sendDigests,
    feedback.handleFeedback,
    requests.handleRequests,
    pages.api,
    pages.drawCards,
  ];
}
