import { type PlanPorts, plan } from '../../shared/pipeline/plan.ts';

/** The result of a run, for its caller. */
export interface PlanDigestsResult {
  readonly editions: number;
}

/** Returns the handler of the schedule. It ignores the event, and plans from the cursor to the current tick. */
export function createPlanDigestsHandler(ports: PlanPorts): () => Promise<PlanDigestsResult> {
  return async () => {
    const editions = await plan(ports);
    return { editions: editions.length };
  };
}
