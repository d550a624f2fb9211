import type * as z from 'zod';
import { crossFaultsOf } from './cross-faults.ts';
import { type Settings, settingsSchema } from './schema.ts';

/** Settings that are missing or wrong. The message has a line for each, with its name, its value and what is expected. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/**
 * The settings of a deployment, with defaults filled in.
 *
 * @param value what an operator wrote; undefined where there is nothing
 * @param place where it stands, for the message: `cdk.json`
 * @throws SettingsError that names every fault at once
 */
export function parseSettings(value: unknown, place = 'cdk.json'): Settings {
  const parsed = settingsSchema.safeParse(value);
  const faults = parsed.success
    ? crossFaultsOf(parsed.data)
    : parsed.error.issues.flatMap((issue) => describe(issue, value));
  if (parsed.success && faults.length === 0) return parsed.data;
  throw new SettingsError(
    `the settings in ${place} cannot be used (docs/settings.md tells of each):\n${faults.map((it) => `- ${it}`).join('\n')}`,
  );
}

function describe(issue: z.core.$ZodIssue, value: unknown): readonly string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(
      (key) => `${nameOf([...issue.path, key])} is no setting: expected a name without a typing error`,
    );
  }
  const given = issue.path.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);
  const state = given === undefined ? 'is missing' : `is ${JSON.stringify(given)}`;
  return [`${nameOf(issue.path)} ${state}: ${expectationOf(issue.message)}`];
}

/** The schema's own messages say first that the input is wrong, and last what it was, which the line says already. */
function expectationOf(message: string): string {
  return message.replace(/^(Invalid (input|option)|Too (small|big)): /, '').replace(/, received \w+$/, '');
}

function nameOf(path: readonly PropertyKey[]): string {
  return ['broadsheet', ...path].map(String).join('.');
}

function isRecord(value: unknown): value is Readonly<Record<PropertyKey, unknown>> {
  return typeof value === 'object' && value !== null;
}
