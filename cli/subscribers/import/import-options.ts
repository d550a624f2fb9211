import * as z from 'zod';
import { InvalidInputError } from '../../../shared/domain/errors.ts';
import { parseArguments } from '../../deployment/parse-arguments.ts';

export const IMPORT_USAGE = `npm run subscribers -- import <file.csv> [--consent <text>] [--ask-at-most <number>] [--settings <file>] [--dry-run]

Takes the people in a CSV file into a deployment: what "export" wrote, or what listmonk, Mailchimp, Keila or Ghost did. The first
line names the columns; one of addresses is enough. Somebody is

  added   where the row tells when and from where they confirmed (or comes from "export", which has it)
  asked   where it does not: a mail asks them to confirm, once, and until they do they get nothing else
  kept    as somebody who left, where it says unsubscribed, bounced, blocklisted and the like: they get nothing
  known   who is a subscriber already, whatever their status: they are left as they are

A row that is not understood is told with its line and costs nobody else anything. The same file may be imported again: it goes
on where it was stopped. What the file does not say comes from defaults in the settings, and is every list and UTC.

  --consent <text>         what these people agreed to elsewhere; kept with their consent where the file has no text of its own
  --ask-at-most <number>   asks no more than so many; run it again for the others
  --settings <file>        the settings it was deployed with, like prod.json (default: those in cdk.json)
  --dry-run                does all of it but change anything, and prints the same report

Ctrl-C ends it after the rows in hand, says how far it came, and ends with 130; import the same file again to go on.

Ends with 1 if rows were refused, with 2 if nothing could be imported, otherwise with 0.`;

const MAX_CONSENT_CHARS = 1_000;

const optionsSchema = z.object({
  consent: z.string().trim().min(1, 'expected a text').max(MAX_CONSENT_CHARS).optional(),
  'ask-at-most': z
    .string()
    .regex(/^\d{1,9}$/, 'expected a number like 500')
    .transform(Number)
    .default(Number.POSITIVE_INFINITY),
});

/**
 * Reads the arguments of `subscribers import`.
 *
 * @throws InvalidInputError for one that is not known or not usable
 */
export function readImportArguments(args: readonly string[]) {
  const { values, positionals } = parseArguments({
    args: [...args],
    allowPositionals: true,
    options: {
      consent: { type: 'string' },
      'ask-at-most': { type: 'string' },
      settings: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0)
    throw new InvalidInputError(`${positionals.length} files were given: expected one\n\n${IMPORT_USAGE}`);
  const parsed = optionsSchema.safeParse(values);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path: [name], message }) => {
      const value = values[name as keyof typeof values];
      return `--${String(name)} is ${JSON.stringify(value)}: ${message}`;
    });
    throw new InvalidInputError(faults.join('\n'));
  }
  const { consent, 'ask-at-most': maxAsked } = parsed.data;
  return { path, consent, maxAsked, settings: values.settings, isDryRun: values['dry-run'] };
}
