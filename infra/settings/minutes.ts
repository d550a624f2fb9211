import * as z from 'zod';

/** Minutes of every hour in ascending order, each once: `[10, 25, 40, 55]`. */
export const minutesSchema = z
  .array(z.int().min(0).max(59), { error: 'expected minutes of the hour like [10, 25, 40, 55]' })
  .min(1)
  .max(12)
  .refine((minutes) => minutes.every((minute, index) => index === 0 || minute > (minutes[index - 1] ?? -1)), {
    error: 'expected each minute once, in ascending order',
  });
