/** An answer over HTTP. `body` is JSON. */
export interface Answer {
  readonly statusCode: number;
  readonly body: string;
}

/** This database cannot answer the request. It throws, because a wrong answer would mislead a test. */
export class UnsupportedRequestError extends Error {
  override readonly name = 'UnsupportedRequestError';
}

/** DynamoDB would refuse the request with `ValidationException`. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError';
}

/** The answer to a write whose condition fails. It is made once, because conditions fail often. */
export const CONDITION_FAILED: Answer = {
  statusCode: 400,
  body: JSON.stringify({
    __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
    message: 'The conditional request failed',
  }),
};

/** Returns the answer to a request that DynamoDB refuses. */
export function toRefusal({ message }: InvalidRequestError): Answer {
  return {
    statusCode: 400,
    body: JSON.stringify({ __type: 'com.amazon.coral.validate#ValidationException', message }),
  };
}
