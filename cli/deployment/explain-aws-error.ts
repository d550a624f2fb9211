import { UnavailableError } from '../../shared/domain/errors.ts';

/** Names of errors that say that nobody is signed in, or no more. */
const NOT_SIGNED_IN = ['CredentialsProviderError', 'TokenProviderError'];
const REFUSED_SIGNATURES = [
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

const SIGN_IN = 'sign in (aws sso login, AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)';

/** What an operator can do about an error of AWS that every call would end with; undefined for any other. */
export function explainAwsError(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof UnavailableError && error.cause !== undefined) return explainAwsError(error.cause);
  const { name, message } = error;
  if (NOT_SIGNED_IN.includes(name)) {
    return `there are no credentials for AWS (${message}): expected those of the account, so ${SIGN_IN}`;
  }
  if (REFUSED_SIGNATURES.includes(name)) {
    return `AWS does not take the current credentials (${name}: ${message}): expected valid ones, so ${SIGN_IN}`;
  }
  // The SDK throws a plain error for it.
  if (message === 'Region is missing') {
    return 'there is no region: expected that of the deployment, in AWS_REGION or in the profile (AWS_PROFILE)';
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : name;
  if (UNREACHABLE.includes(code) || name === 'TimeoutError') {
    return `AWS cannot be reached (${code}: ${message}): expected a way to the internet, and the name of a region in AWS_REGION`;
  }
  return undefined;
}
