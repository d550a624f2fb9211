import type { Clock } from '../../shared/domain/time.ts';
import {
  createListDays,
  type ListDays,
  type ListDaysPorts,
} from '../../shared/pipeline/snapshots/list-days.ts';
import { createFakeTelemetry } from './outside.ts';

/** Creates the list-days of one container. Tests that store no snapshots get the papers of the table. */
export function openListDays(
  repositories: Pick<ListDaysPorts, 'papers' | 'listings' | 'snapshots'>,
  clock: Clock,
): ListDays {
  return createListDays({ ...repositories, clock, telemetry: createFakeTelemetry() });
}
