import { InvalidInputError } from '../shared/domain/errors.ts';
import { parseUrl } from '../shared/domain/text/parse-url.ts';
import { HF_DAILY_URL } from '../shared/sources/hf-daily/hf-daily.ts';

/** The environment variables with the address of a source, and an example of each. */
const EXAMPLES = { BROADSHEET_HF_URL: HF_DAILY_URL, BROADSHEET_ARXIV_URL: 'http://localhost:8080/' };

/**
 * Returns the address in an environment variable. Undefined if the variable is empty or missing.
 *
 * @throws InvalidInputError if it is no address of the web
 */
export function parseSourceUrl(
  variable: keyof typeof EXAMPLES,
  value: string | undefined,
): string | undefined {
  if (!value) return undefined;
  if (/^https?:$/.test(parseUrl(value)?.protocol ?? '')) return value;
  throw new InvalidInputError(
    `${variable} is "${value}"; expected an http or https address, such as ${EXAMPLES[variable]}`,
  );
}
