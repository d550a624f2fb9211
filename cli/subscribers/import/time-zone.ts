import { timeZoneSchema } from '../../../shared/domain/subscriber.ts';
import { quote } from '../csv/cells.ts';

/** Zones by the names that files gave them: to ask the runtime takes longer than the rest of a row. */
const zones = new Map<string, string>();

/** The zone by its name, however large its letters are; UTC where nobody knows it. */
export function readTimeZone(name = 'UTC'): { readonly timeZone: string; readonly note?: string } {
  const timeZone = zones.get(name) ?? findTimeZone(name);
  if (timeZone === undefined)
    return { timeZone: 'UTC', note: `the time zone ${quote(name)} is not known here: UTC is taken` };
  zones.set(name, timeZone);
  return { timeZone };
}

function findTimeZone(name: string): string | undefined {
  if (!timeZoneSchema.safeParse(name).success) return undefined;
  const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
  // Some runtimes know a zone by its former name alone; the file's is as good.
  return timeZone.toLowerCase() === name.toLowerCase() ? timeZone : name;
}
