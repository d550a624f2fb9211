import { domainOf, toBareAddress } from '../../domain/address.ts';
import type { SendResult } from '../../ports/mail.ts';
import { withoutAddresses } from './without-addresses.ts';

/** Errors after which nobody can be mailed until an operator acts. */
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

/** Errors that speak of this recipient or this message alone. */
const REJECTING = new Set(['MessageRejected', 'InvalidParameterValue', 'ValidationError']);

/**
 * How SES says that the fault is in what all mails have in common: `Invalid tag value <a:b>: …`, and
 * `1 validation error detected: Value '' at 'source' failed to …`.
 */
const OF_EVERY_MAIL =
  /^Invalid (tag|configuration set)\b|\bValue (null|'[^']*') at '(source|tags|configurationSetName)\b/i;

/** How SES says that it paused the account itself, and how it said so before. Both speak of "this account". */
const PAUSED_BY_SES = /\bsending (is )?(paused|suspended) for this account\b/i;

/** A reason is read by people, in a log and in the ledger. */
const MAX_REASON_CHARS = 300;

/** The one 4xx behind which a request may have been worked off: somebody on the way lost the answer. */
const REQUEST_TIMEOUT = 408;

/** System errors raised before anything could go out. */
const UNREACHABLE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * What a failed `SendRawEmail` means. Whatever is not known for certain to be unsent is `uncertain`: a time-out, a
 * reset, a 5xx, and any error without an answer that this list does not name. An answer of 4xx is a no: where no list names it,
 * it is more likely a fault of the deployment than of one mail, so it stops, nothing is marked as failed, and an operator sees it.
 *
 * An identity that is not verified is the deployment's fault when it is the sender's, and in the sandbox the recipient's. Where
 * SES does not say whose it is, `MessageRejected` is what it always is, of this recipient: to stop would let one recipient in the
 * sandbox keep all others from their mails. A parameter that is wrong is of this mail unless SES names one that all mails share.
 *
 * SES tells a rate from a quota, an account that it paused from a mail that it refuses, and the SDK a time-out before the
 * connection from one behind it, by the message alone, so this is the one place that reads it. An account that its owner
 * paused has an error of its own; one that SES paused answers `MessageRejected` to every mail.
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
  if (UNREACHABLE.has(code)) return { kind: 'unreachable', reason: code };
  if (/did not establish a connection/.test(message)) return { kind: 'unreachable', reason: name };
  if (statusCode >= 400 && statusCode <= 499 && statusCode !== REQUEST_TIMEOUT) {
    return { kind: 'stopped', reason: name };
  }
  return { kind: 'uncertain', reason: code || name };
}

/**
 * Whether an address or its domain is among the identities that SES lists, which come with names or without, and with an ellipsis
 * behind the last where there are more: `Email address is not verified. The following identities failed the check in region
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
  /** Of a system error; empty where there is none. */
  readonly code: string;
  /** Of an answer over HTTP; 0 where none came. */
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
