import { SettingsError } from '../../infra/settings/parse-settings.ts';
import { UnreadableItemError } from '../../shared/adapters/dynamodb/stored-item.ts';
import { InvalidInputError, UnavailableError } from '../../shared/domain/errors.ts';
import { toSentence } from '../../shared/presentation/wording.ts';
import { KeysError } from '../../shared/subscribers/keys.ts';
import { CommandError, toPermissionError } from './errors.ts';

/** The messages of these errors say what was wrong and what to do. */
const EXPLAINED = [CommandError, SettingsError, InvalidInputError];

const NO_CREDENTIALS = ['CredentialsProviderError', 'TokenProviderError'];
const REFUSED_CREDENTIALS = [
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'InvalidAccessKeyId',
];
const UNREACHABLE = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'ENETUNREACH', 'EHOSTUNREACH'];

/** How services say that a table, a secret or a queue is not there. A deleted secret can be restored for 30 days. */
const MISSING = ['ResourceNotFoundException', 'TableNotFoundException', 'QueueDoesNotExist'];
const DELETED_SECRET = /marked for deletion|scheduled for deletion/i;

const SIGN_IN =
  'Sign in (aws sso login), choose a profile (AWS_PROFILE), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.';

/** Explains an error that stops a command, and says what to do. Undefined for an error that is a fault of Broadsheet. */
export function explainError(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (EXPLAINED.some((kind) => error instanceof kind)) return error.message;
  if (error instanceof UnreadableItemError)
    return `${toSentence(error.message)} docs/alarms.md, "A stored record cannot be read", says what to do.`;
  if (error instanceof KeysError)
    return `${error.message}. docs/operating.md, "Restoring tables and keys", says how to get the keys back.`;
  if (error instanceof AggregateError && error.errors.length > 0) {
    const reasons = error.errors.map(explainError);
    return reasons.every((reason) => reason !== undefined) ? reasons.join('\n') : undefined;
  }
  if (error instanceof UnavailableError && error.cause !== undefined) return explainError(error.cause);
  const refusal = toPermissionError(error);
  if (refusal) return refusal.message;
  const { name, message } = error;
  if (NO_CREDENTIALS.includes(name)) return `There are no credentials for AWS (${message}). ${SIGN_IN}`;
  if (REFUSED_CREDENTIALS.includes(name))
    return `AWS refuses the current credentials (${name}: ${message}). ${SIGN_IN}`;
  if (isMissing(error))
    return `Something that belongs to the deployment is missing in AWS (${name}: ${message}). If it is a table or the keys, docs/operating.md, "Restoring tables and keys", says how to get it back.`;
  // The SDK throws a plain error for it.
  if (message === 'Region is missing')
    return 'There is no region. Set "region" in the settings or AWS_REGION to that of the deployment, or choose a profile that has one (AWS_PROFILE).';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : name;
  if (UNREACHABLE.includes(code) || name === 'TimeoutError')
    return `AWS cannot be reached (${code}: ${message}). Check the network.`;
  return undefined;
}

/** Whether a table, a secret or a queue of the deployment was deleted. */
export function isMissing({ name, message }: Error): boolean {
  return MISSING.includes(name) || (name === 'InvalidRequestException' && DELETED_SECRET.test(message));
}
