import type { CostLine } from './cost-line.ts';
import type { Resource } from './resources.ts';

/** What some types of resource cost while nobody uses them. */
export interface CostRule {
  /** The types that the lines account for: `AWS::SQS::Queue`. */
  readonly types: readonly string[];
  /** Their lines, given all resources of the deployment. */
  readonly toLines: (resources: readonly Resource[]) => readonly CostLine[];
}
