import { describe, expect, test } from '@jest/globals';
import { withPermissions } from '../../../cli/deployment/aws-call.ts';
import { PermissionError } from '../../../cli/deployment/errors.ts';

const refusal = Object.assign(new Error('no'), { name: 'AccessDeniedException' });

describe('the methods of a repository with permissions', () => {
  test('pass on their arguments and their answer', async () => {
    const { add } = withPermissions(
      { add: async (a: number, b: number) => a + b },
      { add: 'dynamodb:GetItem' },
    );

    expect(await add(2, 3)).toBe(5);
  });

  test('name the permission that the account refuses', async () => {
    const { load } = withPermissions({ load: () => Promise.reject(refusal) }, { load: 'dynamodb:GetItem' });

    await expect(load()).rejects.toEqual(new PermissionError('dynamodb:GetItem', { cause: refusal }));
  });

  test('name the permission that AWS names, because a method can need several', async () => {
    const named = Object.assign(new Error('Not authorized to perform: dynamodb:Query on it'), {
      name: refusal.name,
    });
    const { load } = withPermissions({ load: () => Promise.reject(named) }, { load: 'dynamodb:GetItem' });

    await expect(load()).rejects.toEqual(new PermissionError('dynamodb:Query', { cause: named }));
  });

  test('leave another error as it is', async () => {
    const fault = new Error('offline');
    const { load } = withPermissions({ load: () => Promise.reject(fault) }, { load: 'dynamodb:GetItem' });

    await expect(load()).rejects.toBe(fault);
  });
});
