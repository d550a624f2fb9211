import { domainOf, toBareAddress } from '../../domain/subscribers/address.ts';
import type { SendResult } from '../../ports/mail.ts';
import { NotSentError } from '../connections.ts';

/** Errors after which no mail can go out until an operator acts. */
const STOPPING = new Set([
  'AccountSendingPausedException',
  'ConfigurationSetDoesNotExist',
  'ConfigurationSetDoesNotExistException',
  'ConfigurationSetSendingPausedException',
  'MailFromDomainNotVerifiedException',
  'AccessDenied',
  'AccessDeniedException',
  'InvalidClientTokenId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'UnrecognizedClientException',
  'CredentialsProviderError',
]);

/** Errors that ask for fewer mails a second. */
const THROTTLING = new Set(['Throttling', 'ThrottlingException', 'TooManyRequestsException']);

/** Errors about this recipient or this message only. */
const REJECTING = new Set(['MessageRejected', 'InvalidParameterValue', 'ValidationError']);

/**
 * Matches messages of SES about a fault that all mails share: `Invalid tag value <a:b>: …` and
 * `1 validation error detected: Value '' at 'source' failed to …`.
 */
const OF_EVERY_MAIL =
  /^Invalid (tag|configuration set)\b|\bValue (null|'[^']*') at '(source|tags|configurationSetName)\b/i;

/** Matches messages of SES, current and former, that it paused the account. */
const PAUSED_BY_SES = /\bsending (is )?(paused|suspended) for this account\b/i;

/** The longest reason, because people read it in a log and in the ledger. */
const MAX_REASON_CHARS = 300;

/** The one 4xx after which the request may have succeeded: a proxy lost the answer. */
const REQUEST_TIMEOUT = 408;

/**
 * Returns what a failed `SendRawEmail` means for the mail.
 *
 * - A mail that may have been sent is `uncertain`: after a time-out, a reset, a 5xx, or an unknown error without an answer.
 * - An unknown 4xx means `stopped`, because it is more likely a fault of the deployment than of one mail. No digest is marked as
 *   failed, and an operator sees it.
 * - An unverified sender is a fault of the deployment, so it means `stopped`. An unverified recipient in the sandbox is `rejected`.
 *   If SES does not name the identity, the mail is `rejected`: one recipient must not stop the mails of all others.
 * - A wrong parameter is a fault of this mail, unless SES names a parameter that all mails share.
 *
 * Some errors differ only in their message: a rate from a quota, a paused account from a refused mail. Only this file reads the
 * message. If the owner paused the account, SES has a separate error. If SES paused it, every mail gets `MessageRejected`.
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html
 * @see https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html
 */
export function toSendResult(error: unknown, sender: string): Exclude<SendResult, { kind: 'accepted' }> {
  const { name, message, code, statusCode } = describe(error);
  if (/daily message quota exceeded/i.test(message)) return { kind: 'quota-used-up' };
  if (THROTTLING.has(name)) return { kind: 'throttled' };
  if (STOPPING.has(name)) return { kind: 'stopped', reason: name };
  if (name === 'MessageRejected' && PAUSED_BY_SES.test(message)) {
    return { kind: 'stopped', reason: 'the account is paused' };
  }
  if (name === 'MessageRejected' && namesUnverified(message, sender)) {
    return { kind: 'stopped', reason: 'the sender is not verified' };
  }
  if (REJECTING.has(name)) {
    if (name !== 'MessageRejected' && OF_EVERY_MAIL.test(message)) return { kind: 'stopped', reason: name };
    const reason = `${name}: ${withoutAddresses(message)}`;
    return { kind: 'rejected', reason: reason.slice(0, MAX_REASON_CHARS) };
  }
  if (error instanceof NotSentError) return { kind: 'unreachable', reason: code };
  if (statusCode >= 400 && statusCode <= 499 && statusCode !== REQUEST_TIMEOUT) {
    return { kind: 'stopped', reason: name };
  }
  return { kind: 'uncertain', reason: code || name };
}

/**
 * Whether SES lists an address or its domain as not verified. The list may have names, and ends with an ellipsis if there are
 * more: `Email address is not verified. The following identities failed the check in region
 * EU-WEST-1: a@b.example, Name <c@d.example>`.
 */
function namesUnverified(message: string, address: string): boolean {
  const [, failed = ''] = /not verified.*failed the check[^:]*:(.*)$/is.exec(message) ?? [];
  const identities = failed
    .replace(/[\s.…]+$/, '')
    .split(',')
    .map(toBareAddress);
  const bare = toBareAddress(address);
  return identities.includes(bare) || identities.includes(domainOf(bare));
}

interface Described {
  readonly name: string;
  readonly message: string;
  /** The code of a system error. Empty for any other error. */
  readonly code: string;
  /** The HTTP status of the answer. 0 without an answer. */
  readonly statusCode: number;
}

function describe(error: unknown): Described {
  if (!(error instanceof Error)) {
    return { name: 'UnknownError', message: String(error), code: '', statusCode: 0 };
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { name: error.name, message: error.message, code, statusCode: statusCodeOf(error) };
}

/** The SDK keeps the status of an answer in `$metadata`. */
function statusCodeOf(error: Error): number {
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  const isAnswer = typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata;
  return isAnswer && typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : 0;
}

/** Matches any word with an `@`, and quoted text before an `@`. It matches more than addresses, so that it misses none. */
const LIKE_AN_ADDRESS = /"[^"]*"@\S*|\S*@\S*/g;

/**
 * Returns a text of SES on one line, without addresses, so that it can be logged: `Email address is not verified. … EU-WEST-1: (address)`.
 */
function withoutAddresses(text: string): string {
  return text.replaceAll(LIKE_AN_ADDRESS, '(address)').replaceAll(/\s+/g, ' ').trim();
}
