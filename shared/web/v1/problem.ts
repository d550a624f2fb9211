import * as z from '../../domain/zod.ts';
import type { Fault } from '../../subscribers/change-subscriber.ts';
import { examples } from './examples.ts';

/** The kinds of problems. Each is a heading of the reference page. */
const PROBLEMS = {
  'invalid-input': { status: 422, title: 'The input is not valid' },
  'malformed-body': { status: 400, title: 'The body cannot be read' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body is not JSON' },
  'invalid-token': { status: 401, title: 'The token is missing or not valid' },
  'data-link-needed': { status: 403, title: 'The token of a data link is needed' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'The path does not accept this method' },
  erased: { status: 410, title: 'The subscriber was erased' },
  'nothing-to-confirm': { status: 410, title: 'There is nothing to confirm' },
  'not-mailed': { status: 409, title: 'We cannot send email to this address' },
  'sign-up-changed': { status: 409, title: 'The address was signed up again after this link was sent' },
  'version-missing': { status: 428, title: 'The If-Match header is missing' },
  'version-conflict': { status: 412, title: 'The profile has another version than If-Match names' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'internal-error': { status: 500, title: 'Internal error' },
} as const;

export type ProblemKind = keyof typeof PROBLEMS;

export const problemKinds = Object.keys(PROBLEMS) as readonly ProblemKind[];

/**
 * A problem document.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export const problemSchema = z
  .object({
    /** The heading of the reference page for this kind: `/docs#invalid-input`. */
    type: z.string(),
    title: z.string(),
    status: z.int(),
    /** What is wrong and what is expected. */
    detail: z.optional(z.string()),
    /** The faults of the body or of the parameters. */
    errors: z.optional(
      z.array(
        z.object({
          pointer: z
            .string()
            .check(
              z.describe('The faulty field of the body as a JSON pointer, or the parameter: `#/limit`.'),
            ),
          detail: z.string(),
          position: z.optional(
            z.int().check(z.describe('Where the fault is in a query, counted from 0 in UTF-16 code units.')),
          ),
          hint: z.optional(z.string().check(z.describe('How to correct a query.'))),
        }),
      ),
    ),
    /** Identifies an internal error in the operator's log. */
    errorId: z.optional(z.string()),
  })
  .check(z.meta({ examples: [examples.problem] }));

export type Problem = z.infer<typeof problemSchema>;

/** A request that ends with a problem document. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  constructor(kind: ProblemKind, extra: Pick<Problem, 'detail' | 'errors' | 'errorId'> = {}) {
    const { status, title } = PROBLEMS[kind];
    super(title);
    this.problem = { type: `/docs#${kind}`, title, status, ...extra };
  }
}

/** The status and the title of a kind of problem. */
export function describeProblem(kind: ProblemKind): { readonly status: number; readonly title: string } {
  return PROBLEMS[kind];
}

/** A fault. That of a query also has its position and how to correct it. */
export interface InputFault extends Fault {
  readonly position?: number | undefined;
  readonly hint?: string | undefined;
}

/** Returns a problem that lists each fault with its JSON pointer: `#/subscription/query`, or `#/limit` for a parameter. */
export function toInvalidInput(faults: readonly InputFault[]): ProblemError {
  return new ProblemError('invalid-input', {
    errors: faults.map(({ path, message, position, hint }) => ({
      pointer: toPointer(path),
      detail: message,
      position,
      hint,
    })),
  });
}

/** @see https://www.rfc-editor.org/rfc/rfc6901#section-6 */
function toPointer(path: readonly (string | number)[]): string {
  const parts = path.map((part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1'));
  return ['#', ...parts.map(encodeURIComponent)].join('/');
}
