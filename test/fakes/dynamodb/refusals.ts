/** What the database answers over HTTP; `body` is JSON. */
export interface Answer {
  readonly statusCode: number;
  readonly body: string;
}

/** A request that this database does not know how to answer. It says so rather than answer wrongly. */
export class UnsupportedRequestError extends Error {
  override readonly name = 'UnsupportedRequestError';
}

/** A request that DynamoDB refuses as well, with `ValidationException`: its sender has a fault. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError';
}

/** Made once: a condition fails too often for an error with its stack. */
export const CONDITION_FAILED: Answer = {
  statusCode: 400,
  body: JSON.stringify({
    __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
    message: 'The conditional request failed',
  }),
};

/** The answer to a request that DynamoDB refuses. */
export function toRefusal({ message }: InvalidRequestError): Answer {
  return {
    statusCode: 400,
    body: JSON.stringify({ __type: 'com.amazon.coral.validate#ValidationException', message }),
  };
}
