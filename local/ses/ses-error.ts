import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** The fields of an error document except its message. */
export interface SesErrorOptions {
  /** The name of the SDK's error: `Throttling`, `MessageRejected`. */
  readonly code: string;
  /** @default 400 */
  readonly status?: ContentfulStatusCode;
  /** Further elements of the error: `{ ConfigurationSetName: 'digests' }`. @default none */
  readonly details?: Readonly<Record<string, string>>;
}

/** An error that SES answers with. The message is the one of SES, word for word if it is known. */
export class SesError extends Error {
  override readonly name = 'SesError';
  readonly code: string;
  readonly status: ContentfulStatusCode;
  readonly details: Readonly<Record<string, string>>;

  constructor(message: string, { code, status = 400, details = {} }: SesErrorOptions) {
    super(message);
    this.code = code;
    this.status = status;
    this.details = details;
  }
}

/** Too many messages per second. */
export function rateExceeded(): SesError {
  return new SesError('Maximum sending rate exceeded.', { code: 'Throttling' });
}

/** The 24-hour quota is used up. SES uses the code of the rate. Only the message differs. */
export function quotaExceeded(): SesError {
  return new SesError('Daily message quota exceeded.', { code: 'Throttling' });
}

/** The owner has paused the account. */
export function accountPaused(): SesError {
  return new SesError('Email sending is paused for this account.', { code: 'AccountSendingPausedException' });
}

/** SES has paused the account. It uses the code of a single refused mail. */
export function accountPausedBySes(): SesError {
  return new SesError(
    'Sending paused for this account. For more information, please check the inbox of the email address associated with your AWS account.',
    { code: 'MessageRejected' },
  );
}

/** SES failed. The send status of the message is unknown. */
export function internalFailure(): SesError {
  return new SesError('The request processing has failed because of an unknown error.', {
    code: 'InternalFailure',
    status: 500,
  });
}

/** An unknown action. */
export function invalidAction(action: string): SesError {
  return new SesError(`Could not find operation ${action} for version 2010-12-01`, { code: 'InvalidAction' });
}

/** An invalid parameter or an invalid part of the message. */
export function invalidParameter(message: string): SesError {
  return new SesError(message, { code: 'InvalidParameterValue' });
}

/**
 * Neither the addresses nor their domains are verified.
 *
 * @param identities as typed: `Daily <daily@example.org>`
 * @see https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html
 */
export function notVerified(identities: readonly string[]): SesError {
  return new SesError(
    `Email address is not verified. The following identities failed the check in region US-EAST-1: ${identities.join(', ')}`,
    { code: 'MessageRejected' },
  );
}

/** The configuration set does not exist. */
export function configurationSetMissing(name: string): SesError {
  return new SesError(`Configuration set <${name}> does not exist.`, {
    code: 'ConfigurationSetDoesNotExist',
    details: { ConfigurationSetName: name },
  });
}
