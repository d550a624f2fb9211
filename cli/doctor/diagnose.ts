import { UnreadableItemError } from '../../shared/adapters/dynamodb/stored-item.ts';
import { PermissionError } from '../deployment/command-error.ts';
import { type Finding, fail, type State, warn, worstOf } from './finding.ts';
import { DnsError } from './ports.ts';

/** One question to a deployment. */
export interface Check {
  readonly name: string;
  readonly run: () => Promise<Finding>;
}

/** What became of one question. */
export interface CheckResult extends Finding {
  readonly name: string;
}

/** All that was found, in the order of the checks. */
export interface Diagnosis {
  readonly checks: readonly CheckResult[];
  readonly worst: State;
}

/**
 * Runs all checks at once. One that may not ask what it has to, or that nobody answers, warns and says so; one that breaks for
 * any other reason fails.
 */
export async function diagnose(checks: readonly Check[]): Promise<Diagnosis> {
  const results = await Promise.all(
    checks.map(async ({ name, run }) => ({ name, ...(await run().catch(toFinding)) })),
  );
  return { checks: results, worst: worstOf(results.map(({ state }) => state)) };
}

function toFinding(error: unknown): Finding {
  if (error instanceof PermissionError)
    return warn(
      `not checked: the current credentials may not do ${error.permission}`,
      `allow ${error.permission} to whoever runs this`,
    );
  if (error instanceof UnreadableItemError)
    return fail(error.message, 'docs/operating.md, "A stored record cannot be read"');
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (error instanceof DnsError)
    return warn(`not checked: ${error.message}`, 'look again later, or from another network');
  return fail(`could not be checked: ${reason}`, 'look again; where it stays, it is a fault of this command');
}
