import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** What an error document says besides its message. */
export interface SesErrorOptions {
  /** `Throttling`, `MessageRejected`: the name under which the SDK surfaces it. */
  readonly code: string;
  /** @default 400 */
  readonly status?: ContentfulStatusCode;
  /** Further elements of the error: `{ ConfigurationSetName: 'digests' }`. @default none */
  readonly details?: Readonly<Record<string, string>>;
}

/** A request that SES answers with an error document. The message is SES's own, word for word where it is known. */
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

/** Too many messages a second. */
export function rateExceeded(): SesError {
  return new SesError('Maximum sending rate exceeded.', { code: 'Throttling' });
}

/** The 24-hour quota is used up. SES gives it the code of the rate: only the message tells them apart. */
export function quotaExceeded(): SesError {
  return new SesError('Daily message quota exceeded.', { code: 'Throttling' });
}

/** Sending is switched off for the whole account by its owner. */
export function accountPaused(): SesError {
  return new SesError('Email sending is paused for this account.', { code: 'AccountSendingPausedException' });
}

/** Sending is switched off for the whole account by SES. It gives it the code of a single mail that is refused. */
export function accountPausedBySes(): SesError {
  return new SesError(
    'Sending paused for this account. For more information, please check the inbox of the email address associated with your AWS account.',
    { code: 'MessageRejected' },
  );
}

/** A fault on the side of SES: nobody can tell from it whether the message was accepted. */
export function internalFailure(): SesError {
  return new SesError('The request processing has failed because of an unknown error.', {
    code: 'InternalFailure',
    status: 500,
  });
}

/** An action that this endpoint does not know. */
export function invalidAction(action: string): SesError {
  return new SesError(`Could not find operation ${action} for version 2010-12-01`, { code: 'InvalidAction' });
}

/** A parameter or a part of the message that SES does not take. */
export function invalidParameter(message: string): SesError {
  return new SesError(message, { code: 'InvalidParameterValue' });
}

/**
 * Addresses of which neither the address nor its domain is verified.
 *
 * @param identities as they were typed: `Daily <daily@example.org>`
 * @see https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html
 */
export function notVerified(region: string, identities: readonly string[]): SesError {
  return new SesError(
    `Email address is not verified. The following identities failed the check in region ${region.toUpperCase()}: ${identities.join(', ')}`,
    { code: 'MessageRejected' },
  );
}

/** A configuration set that nobody made. */
export function configurationSetMissing(name: string): SesError {
  return new SesError(`Configuration set <${name}> does not exist.`, {
    code: 'ConfigurationSetDoesNotExist',
    details: { ConfigurationSetName: name },
  });
}
