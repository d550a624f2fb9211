import type { Usage } from '../domain/usage.ts';

/** Measures what work uses of the services that AWS charges by use. */
export interface Meter {
  /**
   * Does a piece of work and returns what it used. Concurrent calls of other work do not count. If the work throws, nothing is measured.
   * The invocation that does the work does not count, nor does its message. See `PER_MESSAGE`.
   */
  measure<Result>(work: () => Promise<Result>): Promise<{ readonly result: Result; readonly used: Usage }>;
}
