import { describe, expect, test } from '@jest/globals';
import { CommandError, PermissionError } from '../../../cli/deployment/errors.ts';
import { explainError } from '../../../cli/deployment/explain-error.ts';
import { SettingsError } from '../../../infra/settings/parse-settings.ts';
import { UnreadableItemError } from '../../../shared/adapters/dynamodb/stored-item.ts';
import { InvalidInputError, UnavailableError } from '../../../shared/domain/errors.ts';
import { KeysError } from '../../../shared/subscribers/keys.ts';

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

describe('an error that stops a command', () => {
  test.each([
    new CommandError('not deployed'),
    new SettingsError('no stage'),
    new InvalidInputError('no such option'),
  ])('has a message that says what to do: %p', (error) => {
    expect(explainError(error)).toBe(error.message);
  });

  test.each([
    [new PermissionError('ses:GetAccount'), /may not do ses:GetAccount\. Use a role that allows it/],
    [
      named(
        'AccessDeniedException',
        'User: ada is not authorized to perform: dynamodb:GetItem on resource: x',
      ),
      /may not do dynamodb:GetItem\. Use a role that allows it/,
    ],
    [named('AccessDenied', 'No.'), /may not do this \(No\.\)\. Use a role/],
    [
      new UnreadableItemError('subscribers', { pk: 'SUB#x', sk: 'PROFILE' }, [
        'hour: expected a whole number',
      ]),
      /^The item SUB#x .* whole number\. .*"A stored record cannot be read"/,
    ],
    [new KeysError('the keys cannot be read'), /cannot be read\. .*"Restoring tables and keys"/],
    [named('CredentialsProviderError', 'Could not load credentials'), /no credentials .* Sign in/],
    [named('ExpiredTokenException', 'expired'), /refuses the current credentials .* Sign in/],
    [named('UnrecognizedClientException', 'invalid'), /refuses the current credentials/],
    [
      named('ResourceNotFoundException', 'Requested resource not found'),
      /missing .* "Restoring tables and keys"/,
    ],
    [named('QueueDoesNotExist', 'The specified queue does not exist.'), /missing in AWS \(QueueDoesNotExist/],
    [
      named('InvalidRequestException', 'the secret was marked for deletion.'),
      /missing .* "Restoring tables and keys"/,
    ],
    [new Error('Region is missing'), /no region\. Set "region" in the settings or AWS_REGION/],
    [named('TimeoutError', 'socket'), /AWS cannot be reached \(TimeoutError/],
    [
      new UnavailableError('not available', { cause: named('TimeoutError', 'socket') }),
      /AWS cannot be reached \(TimeoutError/,
    ],
    [Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }), /AWS cannot be reached \(ENOTFOUND/],
  ])('of AWS is explained with what to do: %p', (error, words) => {
    expect(explainError(error)).toMatch(words);
  });

  test.each([
    new TypeError('a fault'),
    named('InvalidRequestException', 'a version has this token'),
    'a text',
  ])('that is unknown is not explained: %p', (error) => {
    expect(explainError(error)).toBeUndefined();
  });
});
