import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { publicationSchema } from '../shared/mail/publication.ts';

/** The times that CloudWatch keeps logs for, in days; for ever is not among them. */
const retentionDays = Object.values(RetentionDays).filter(
  (days) => typeof days === 'number' && days !== RetentionDays.INFINITE,
);

/** What an operator sets, as `broadsheet` in the context of cdk.json. */
const settingsSchema = z.strictObject({
  /** `dev` is made to be thrown away. Anything else is kept: deletion protection, backups, tables that outlive the stack. */
  stage: z.enum(['dev', 'prod']),
  /** What the paper is called and where it comes from. */
  publication: z.strictObject(publicationSchema.shape),
  /** How long logs are kept, in days. Default: 30. */
  logRetentionDays: z
    .literal(retentionDays, { error: `expected one of ${retentionDays.join(', ')}` })
    .default(RetentionDays.ONE_MONTH),
});

export type Settings = z.infer<typeof settingsSchema>;

/** Settings that are missing or wrong. The message has a line for each, with its name, its value and what is expected. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/**
 * The settings of a deployment, with defaults filled in.
 *
 * @param context the value of `broadsheet` in the context of cdk.json; undefined where there is none
 * @throws SettingsError that names every fault at once
 */
export function parseSettings(context: unknown): Settings {
  const parsed = settingsSchema.safeParse(context);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.flatMap((issue) => describe(issue, context));
  throw new SettingsError(
    `the settings in cdk.json cannot be used:\n${faults.map((it) => `- ${it}`).join('\n')}`,
  );
}

function describe(issue: z.core.$ZodIssue, context: unknown): readonly string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(
      (key) => `${nameOf([...issue.path, key])} is no setting: expected a name without a typing error`,
    );
  }
  const value = issue.path.reduce<unknown>(
    (inner, key) => (isRecord(inner) ? inner[key] : undefined),
    context,
  );
  const state = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`;
  return [`${nameOf(issue.path)} ${state}: ${issue.message}`];
}

function nameOf(path: readonly PropertyKey[]): string {
  return ['broadsheet', ...path].map(String).join('.');
}

function isRecord(value: unknown): value is Readonly<Record<PropertyKey, unknown>> {
  return typeof value === 'object' && value !== null;
}
