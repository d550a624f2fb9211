import type { SendResult } from '../../sending-ports.ts';
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

/** Errors that speak of this recipient or this message alone. */
const REJECTING = new Set(['MessageRejected', 'InvalidParameterValue', 'ValidationError']);

/** How SES says that it paused the account itself, and how it said so before. Both speak of "this account". */
const PAUSED_BY_SES = /\bsending (is )?(paused|suspended) for this account\b/i;

/** A reason is read by people, in a log and in the ledger. */
const MAX_REASON_CHARS = 300;

/** System errors raised before anything could go out. */
const UNREACHABLE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * What a failed `SendRawEmail` means. Whatever is not known for certain to be unsent is `uncertain`: a time-out, a
 * reset, a 5xx, and any error that this list does not name.
 *
 * An identity that is not verified is the deployment's fault when it is the sender's, and in the sandbox the recipient's.
 *
 * SES tells a rate from a quota, an account that it paused from a mail that it refuses, and the SDK a time-out before the
 * connection from one behind it, by the message alone, so this is the one place that reads it. An account that its owner
 * paused has an error of its own; one that SES paused answers `MessageRejected` to every mail.
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html
 * @see https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html
 */
export function toSendResult(error: unknown, sender: string): Exclude<SendResult, { kind: 'accepted' }> {
  const { name, message, code } = describe(error);
  if (/daily message quota exceeded/i.test(message)) return { kind: 'quota-used-up' };
  if (name === 'Throttling' || name === 'ThrottlingException') return { kind: 'throttled' };
  if (STOPPING.has(name)) return { kind: 'stopped', reason: name };
  if (name === 'MessageRejected' && PAUSED_BY_SES.test(message)) {
    return { kind: 'stopped', reason: 'the account is paused' };
  }
  if (name === 'MessageRejected' && namesUnverified(message, sender)) {
    return { kind: 'stopped', reason: 'the sender is not verified' };
  }
  if (REJECTING.has(name)) {
    const reason = `${name}: ${withoutAddresses(message)}`;
    return { kind: 'rejected', reason: reason.slice(0, MAX_REASON_CHARS) };
  }
  if (UNREACHABLE.has(code)) return { kind: 'unreachable', reason: code };
  if (/did not establish a connection/.test(message)) return { kind: 'unreachable', reason: name };
  return { kind: 'uncertain', reason: code || name };
}

/** SES lists the addresses that failed: `Email address is not verified. The following identities failed the check …: a@b`. */
function namesUnverified(message: string, address: string): boolean {
  const [, failed = ''] = /not verified.*failed the check[^:]*:(.*)$/is.exec(message) ?? [];
  return failed.toLowerCase().includes(address.toLowerCase());
}

function describe(error: unknown): { name: string; message: string; code: string } {
  if (!(error instanceof Error)) return { name: 'UnknownError', message: String(error), code: '' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { name: error.name, message: error.message, code };
}
