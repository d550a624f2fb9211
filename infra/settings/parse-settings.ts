import type * as z from 'zod';
import { findConflicts } from './conflicts.ts';
import { settingsExamples } from './examples.ts';
import { type Settings, settingsSchema } from './schema.ts';

/** Settings are missing or wrong. The message has a line for each, with its name, its value and what is expected. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

type Path = readonly PropertyKey[];

/**
 * Returns the settings of a deployment, with defaults filled in.
 *
 * @param given the parsed JSON
 * @param file its path, for the message
 * @throws SettingsError that names every fault
 */
export function parseSettings(given: unknown, file?: string): Settings {
  // Without the group, the message would not name the setting that is required in it.
  const value = isGroup(given) ? { publication: {}, ...given } : given;
  const parsed = settingsSchema.safeParse(value);
  const faults = parsed.success
    ? findConflicts(parsed.data, () => true)
    : [
        ...parsed.error.issues.flatMap((issue) => describe(issue, value)),
        ...conflictsBeside(value, parsed.error.issues),
      ];
  if (parsed.success && faults.length === 0) return parsed.data;
  const inFile = file === undefined ? '' : ` in ${file}`;
  throw new SettingsError(
    `The settings${inFile} cannot be used (docs/settings.md explains each):\n${faults.map((it) => `- ${it}`).join('\n')}`,
  );
}

/** Valid placeholders for required settings that are missing or wrong. No rule reads them. */
const STAND_INS: Readonly<Record<string, unknown>> = {
  stage: 'dev',
  publication: {},
  'publication.fromAddress': 'papers@example.org',
  'sender.hostedZone.id': 'Z0',
  'sender.hostedZone.name': 'example.org',
  'site.domainName': 'daily.example.org',
  'site.certificateArn': 'arn:aws:acm:eu-west-1:111122223333:certificate/0',
  'site.hostedZone.id': 'Z0',
  'site.hostedZone.name': 'example.org',
};

/** A wrong setting may hide others, once in each group around it. */
const MAX_ROUNDS = 5;

/**
 * Returns the conflicts between the valid settings if others are wrong. Wrong settings are replaced by defaults or
 * placeholders. Rules that read one of them are skipped.
 */
function conflictsBeside(value: unknown, issues: readonly z.core.$ZodIssue[]): readonly string[] {
  if (!isGroup(value)) return [];
  const rest = structuredClone(value);
  const wrong: string[] = [];
  let found = issues;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    for (const issue of found) {
      if (issue.code === 'unrecognized_keys')
        for (const key of issue.keys) replace(rest, [...issue.path, key]);
      else wrong.push(replace(rest, issue.path));
    }
    const parsed = settingsSchema.safeParse(rest);
    if (parsed.success)
      return findConflicts(
        parsed.data,
        (name) => !wrong.some((setting) => name === setting || name.startsWith(`${setting}.`)),
      );
    found = parsed.error.issues;
  }
  return [];
}

/** Replaces a setting by its placeholder, or deletes it, and returns its name. A list is replaced as a whole. */
function replace(group: Group, [key = '', ...inner]: Path, around = ''): string {
  const name = `${around}${String(key)}`;
  const value = group[key];
  if (inner.length > 0 && isGroup(value)) return replace(value, inner, `${name}.`);
  if (name in STAND_INS) group[key] = structuredClone(STAND_INS[name]);
  else delete group[key];
  return name;
}

function describe(issue: z.core.$ZodIssue, value: unknown): readonly string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${nameOf([...issue.path, key])} is not a setting: check its spelling`);
  }
  if (issue.code === 'invalid_key') {
    const group = nameOf(issue.path.slice(0, -1));
    const name = JSON.stringify(issue.path.at(-1));
    return issue.issues.map((inner) => `${group} has the name ${name}: ${expectationOf(inner)}`);
  }
  const given = issue.path.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);
  const state = given === undefined ? 'is missing' : `is ${JSON.stringify(given)}`;
  return [`${nameOf(issue.path)} ${state}: ${expectationOf(issue)}`];
}

/**
 * Returns what the schema expects, with an example if the type is wrong. Its messages also say that the input is wrong and what it
 * was, which the line says already.
 */
function expectationOf({ code, message, path }: z.core.$ZodIssue): string {
  const expected = message.replace(/^(Invalid (input|option)|Too (small|big)): /, '');
  const kind = expected.replace(/, received \w+$/, '');
  const example = code === 'invalid_type' && kind !== message ? findExample(path) : undefined;
  return example === undefined ? kind : `${kind}, such as ${example}`;
}

/** Returns an example of a setting as JSON: of a group its first setting. Undefined if there is none. */
function findExample(path: Path): string | undefined {
  if (path.length === 0) return JSON.stringify(settingsExamples.dev);
  const example = path.reduce<unknown>(
    (inner, key) => (isRecord(inner) ? inner[key] : undefined),
    settingsExamples.prod,
  );
  return JSON.stringify(isGroup(example) ? Object.fromEntries(Object.entries(example).slice(0, 1)) : example);
}

function nameOf(path: Path): string {
  return path.length === 0 ? 'the file' : path.map(String).join('.');
}

type Group = Record<PropertyKey, unknown>;

function isGroup(value: unknown): value is Group {
  return isRecord(value) && !Array.isArray(value);
}

function isRecord(value: unknown): value is Group {
  return typeof value === 'object' && value !== null;
}
