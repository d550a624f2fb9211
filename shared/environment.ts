import * as z from './domain/zod.ts';

/** Variables of the environment that are missing or wrong. The message names each of them. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/**
 * Parses the environment variables of a function.
 *
 * @throws EnvironmentError that names every missing or wrong variable, or its wrong part: `PUBLICATION.fromAddress`. It has no values
 */
export function parseEnvironment<Schema extends z.ZodMiniType>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): z.infer<Schema> {
  // zod would compile a validator, which costs a start more than this one use of it.
  const parsed = schema.safeParse(environment, { jitless: true });
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => {
    const [name = 'the environment', ...parts] = path.map(String);
    return environment[name] === undefined
      ? `${name} is missing`
      : `${[name, ...parts].join('.')} is wrong: ${message}`;
  });
  throw new EnvironmentError(`the environment is not complete: ${faults.join('; ')}`);
}

/** How long the profile of a subscriber who left is kept, in days: `365`. */
export const leftRetentionDaysTextSchema = z.pipe(
  z.string().check(z.regex(/^[1-9]\d{0,3}$/, 'expected a number of days like "365"')),
  z.transform(Number),
);

/** The memory of a function in MB: `512`. */
export const memoryMbTextSchema = z.pipe(
  z.string().check(z.regex(/^[1-9]\d{2,4}$/, 'expected megabytes like "512"')),
  z.transform(Number),
);
