import { type PlanPorts, plan } from '../../shared/pipeline/plan.ts';

/** What a run of the planner tells whoever invoked it. */
export interface PlanDigestsResult {
  readonly editions: number;
}

/** The handler of the schedule's tick; the event says nothing, the clock and the planner's cursor say it all. */
export function createPlanDigestsHandler(ports: PlanPorts): () => Promise<PlanDigestsResult> {
  return async () => {
    const editions = await plan(ports);
    return { editions: editions.length };
  };
}
