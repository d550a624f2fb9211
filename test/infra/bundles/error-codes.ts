import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as secrets from '@aws-sdk/client-secrets-manager';
import * as ses from '@aws-sdk/client-ses';
import * as sqs from '@aws-sdk/client-sqs';
import { findErrorNames } from '../../../infra/bundles/sdk-clients.ts';
import type { Codes } from './probe-clients.ts';

/** Codes that no class of the clients has. */
const OTHER_CODES = ['Throttling', 'InvalidClientTokenId', 'ExpiredTokenException', 'NobodyKnowsThis'];

/** Returns the codes of the errors that the called operations of each service throw, and of some others. */
export function listCodes(): Codes {
  const ofDynamoDb = codesOf('client-dynamodb', dynamodb);
  const ofSes = codesOf('client-ses', ses);
  return {
    dynamodb: ofDynamoDb,
    table: ofDynamoDb,
    sqs: codesOf('client-sqs', sqs),
    secrets: codesOf('client-secrets-manager', secrets),
    ses: ofSes,
    quota: ofSes,
    mails: ofSes,
  };
}

/** The package of a client exports the schemas of its errors, with the codes that answers in XML have. */
function codesOf(client: Parameters<typeof findErrorNames>[0], exported: object): readonly string[] {
  const schemas: ReadonlyMap<string, unknown> = new Map(Object.entries(exported));
  const toCode = (name: string) => {
    const schema = schemas.get(`${name}$`);
    return (Array.isArray(schema) && schema[3]?.awsQueryError?.[0]) || name;
  };
  return [...OTHER_CODES, ...[...findErrorNames(client)].map(toCode)];
}
