import * as z from '../zod.ts';

/** A day, such as `2026-01-05`. */
export const daySchema = z.iso.date();

/** An instant in UTC with milliseconds, such as `2026-01-05T08:00:00.000Z`. */
export const instantSchema = z.iso.datetime({ precision: 3 });
