import type { Resources } from '../template.ts';

/** A rule that every deployment must follow. */
export interface Rule {
  readonly rule: string;
  /** Returns the logical ids of resources that break the rule. */
  readonly faultsIn: (resources: Resources) => readonly string[];
  /** Ways to break the rule. Each changes the resources in place. */
  readonly breaches: readonly ((resources: Resources) => void)[];
}
