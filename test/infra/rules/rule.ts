import type { Resources } from '../template.ts';

/** What a deployment keeps to, whatever is added to it. */
export interface Rule {
  readonly rule: string;
  /** The logical ids of those that do not keep to it. */
  readonly faultsIn: (resources: Resources) => readonly string[];
  /** The ways to break it; each changes what it is given. */
  readonly breaches: readonly ((resources: Resources) => void)[];
}
