import type * as z from 'zod';
import { findNearestOf, joinWithOr } from '../../shared/domain/text/nearest-name.ts';
import { toCountText } from '../../shared/presentation/wording.ts';
import { findConflicts } from './conflicts.ts';
import { settingsExamples } from './examples.ts';
import { groupsOf } from './reference.ts';
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
    return issue.keys.map((key) => describeUnknown([...issue.path, key]));
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

/** Returns what the schema expects, with an example if the type is wrong. */
function expectationOf(issue: z.core.$ZodIssue): string {
  // A message of our own says what is expected. The others begin like this.
  if (!/^(Invalid (input|option)|Too (small|big)): /.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type': {
      const example = findExample(issue.path);
      const type = `expected ${TYPES[issue.expected] ?? issue.expected}`;
      return example === undefined ? type : `${type}, such as ${example}`;
    }
    case 'invalid_value':
      return `expected ${joinWithOr(issue.values.map((value) => JSON.stringify(value)))}`;
    case 'too_small':
      return `expected at least ${toAmount(Number(issue.minimum), issue.origin)}`;
    case 'too_big':
      return `expected at most ${toAmount(Number(issue.maximum), issue.origin)}`;
    default:
      return issue.message;
  }
}

/** The types of the schema in words. */
const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of settings',
  record: 'names and their values',
};

/** Returns a limit with what it counts: `60 characters`. That of a number counts nothing. */
function toAmount(limit: number, origin: string): string {
  if (origin === 'string') return toCountText(limit, 'character');
  return origin === 'array' ? toCountText(limit, 'entry', 'entries') : `${limit}`;
}

/** The least letters that are taken for the beginning of a name. */
const MIN_BEGINNING = 3;

/** Returns the fault of an unknown name, with the name in the same group that was probably meant. */
function describeUnknown(path: Path): string {
  const group = path
    .slice(0, -1)
    .map((key) => `${String(key)}.`)
    .join('');
  const inGroup = groupsOf(settingsSchema)
    .flatMap(({ settings }) => settings)
    .filter(({ name }) => name.startsWith(group))
    .map(({ name }) => name.slice(group.length).split('.')[0] ?? '');
  const typed = String(path.at(-1)).toLowerCase();
  const isLong = typed.length >= MIN_BEGINNING;
  const meant =
    findNearestOf(typed, inGroup) ??
    (isLong ? inGroup.find((name) => name.toLowerCase().startsWith(typed)) : undefined);
  const advice = meant === undefined ? ': check its spelling' : `. Did you mean ${group}${meant}?`;
  return `${nameOf(path)} is not a setting${advice}`;
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
