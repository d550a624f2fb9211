import { type ChargedLine, charge } from './cost-line.ts';
import type { CostRule } from './cost-rule.ts';
import { dataRules } from './data-rules.ts';
import { functionRules } from './function-rules.ts';
import { mailRules } from './mail-rules.ts';
import { monitoringRules } from './monitoring-rules.ts';
import type { Resource } from './resources.ts';

const rules: readonly CostRule[] = [...functionRules, ...dataRules, ...mailRules, ...monitoringRules];

/**
 * What a deployment costs a month that has no subscribers, mails nothing, and whose schedules run.
 *
 * @throws Error that names every type of resource that no line accounts for
 */
export function standingCostOf(resources: readonly Resource[]): readonly ChargedLine[] {
  const accounted = new Set(rules.flatMap(({ types }) => types));
  const unknown = new Set(resources.map(({ type }) => type).filter((type) => !accounted.has(type)));
  if (unknown.size > 0) {
    throw new Error(`infra/cost does not know what these cost: ${[...unknown].join(', ')}`);
  }
  return charge(rules.flatMap(({ toLines }) => toLines(resources)));
}
