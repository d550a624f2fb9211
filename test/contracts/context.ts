import type { Repositories } from '../../local/repositories.ts';

/** The repositories of a contract. All contracts share one store, so each test uses its own ids. */
export interface ContractContext {
  /** Opened before the first test. Its clock shows 2026-01-05T08:00:00.000Z. */
  readonly repositories: () => Repositories;
  /** Ids of subscribers, each later in order than those before. */
  readonly newId: () => string;
  readonly newPaperId: () => string;
}
