import * as z from 'zod';

const MINUTES_PER_HOUR = 60;

/** Minutes of every hour in ascending order, each once: `[10, 25, 40, 55]`. */
export const minutesSchema = z
  .array(z.int().min(0).max(59), { error: 'expected minutes of the hour like [10, 25, 40, 55]' })
  .min(1)
  .max(12)
  .refine((minutes) => minutes.every((minute, index) => index === 0 || minute > (minutes[index - 1] ?? -1)), {
    error: 'expected each minute once, in ascending order',
  });

/** Returns the longest gap between two of these minutes, across the hour: 30 for `[10, 40]`, 60 for `[0]`. */
export function longestGapMinutes(minutes: readonly number[]): number {
  const [first = 0] = minutes;
  const gaps = minutes.map((minute, index) => (minutes[index + 1] ?? first + MINUTES_PER_HOUR) - minute);
  return Math.max(...gaps);
}
