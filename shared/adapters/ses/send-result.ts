import type { SendResult } from '../../ports.ts';

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

/** System errors raised before anything could go out. */
const UNREACHABLE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * What a failed `SendRawEmail` means. Whatever is not known for certain to be unsent is `uncertain`: a time-out, a
 * reset, a 5xx, and any error that this list does not name.
 *
 * SES tells a rate from a quota, and the SDK a time-out before the connection from one behind it, by the message alone, so
 * this is the one place that reads it.
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html
 */
export function toSendResult(error: unknown): Exclude<SendResult, { kind: 'accepted' }> {
  const { name, message, code } = describe(error);
  if (/daily message quota exceeded/i.test(message)) return { kind: 'quota-used-up' };
  if (name === 'Throttling' || name === 'ThrottlingException') return { kind: 'throttled' };
  if (STOPPING.has(name)) return { kind: 'stopped', reason: name };
  if (REJECTING.has(name)) return { kind: 'rejected', reason: name };
  if (UNREACHABLE.has(code)) return { kind: 'unreachable', reason: code };
  if (/did not establish a connection/.test(message)) return { kind: 'unreachable', reason: name };
  return { kind: 'uncertain', reason: code || name };
}

function describe(error: unknown): { name: string; message: string; code: string } {
  if (!(error instanceof Error)) return { name: 'UnknownError', message: String(error), code: '' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { name: error.name, message: error.message, code };
}
