import type { Repositories } from '../../local/repositories.ts';

/** What a contract works with. All contracts share one store, so each test takes ids of its own. */
export interface ContractContext {
  /** Opened before the first test; its clock stands at 2026-01-05T08:00:00.000Z. */
  readonly repositories: () => Repositories;
  /** Ids of subscribers, each later in order than those before. */
  readonly newId: () => string;
  readonly newPaperId: () => string;
}
