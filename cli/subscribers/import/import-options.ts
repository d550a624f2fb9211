import * as z from 'zod';
import { InvalidInputError } from '../../../shared/domain/errors.ts';

const MAX_CONSENT_CHARS = 1_000;

const optionsSchema = z.object({
  consent: z.string().trim().min(1, 'expected a text').max(MAX_CONSENT_CHARS).optional(),
  'ask-at-most': z
    .string()
    .regex(/^\d{1,9}$/, 'expected a number like 500')
    .transform(Number)
    .default(Number.POSITIVE_INFINITY),
});

/** What `subscribers import` was given, as it was typed. */
export interface ImportArguments {
  readonly consent?: string;
  readonly askAtMost?: string;
}

/**
 * Reads the options of `subscribers import`.
 *
 * @throws InvalidInputError for one that is not usable
 */
export function parseImportOptions({ consent, askAtMost }: ImportArguments) {
  const values = { consent, 'ask-at-most': askAtMost };
  const parsed = optionsSchema.safeParse(values);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path: [name], message }) => {
      const value = values[name as keyof typeof values];
      return `--${String(name)} is ${JSON.stringify(value)}: ${message}`;
    });
    throw new InvalidInputError(faults.join('\n'));
  }
  return { consentText: parsed.data.consent, maxAsked: parsed.data['ask-at-most'] };
}
