import type { Clock } from '../../shared/domain/time/time.ts';
import {
  createListDayCache,
  type ListDayCache,
  type ListDayCachePorts,
} from '../../shared/pipeline/snapshots/list-day-cache.ts';
import { createFakeTelemetry } from './outside.ts';

/** Creates the list-days of one container. Tests that store no snapshots get the papers of the table. */
export function openListDays(
  repositories: Pick<ListDayCachePorts, 'papers' | 'listings' | 'snapshots'>,
  clock: Clock,
): ListDayCache {
  return createListDayCache({ ...repositories, clock, telemetry: createFakeTelemetry() });
}
