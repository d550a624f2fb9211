import { type PlanPorts, plan } from '../../shared/pipeline/plan.ts';

/** The result of a run, for its caller. */
export interface PlanDigestsResult {
  readonly editions: number;
}

/** The handler of the schedule's tick. It ignores the event, and uses the clock and the planner's cursor. */
export function createPlanDigestsHandler(ports: PlanPorts): () => Promise<PlanDigestsResult> {
  return async () => {
    const editions = await plan(ports);
    return { editions: editions.length };
  };
}
