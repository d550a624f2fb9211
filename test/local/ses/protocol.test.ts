import { ListIdentitiesCommand } from '@aws-sdk/client-ses';
import { describe, expect, test } from '@jest/globals';
import { startSes } from './ses-fixture.ts';

describe('the protocol', () => {
  test('refuses an unknown action by name', async () => {
    const ses = await startSes();

    await expect(ses.client.send(new ListIdentitiesCommand({}))).rejects.toMatchObject({
      name: 'InvalidAction',
      message: 'Could not find operation ListIdentities for version 2010-12-01',
      $metadata: { httpStatusCode: 400 },
    });
  });

  test.each(['/ses', '/ses/'])('answers at %s, with or without a trailing slash', async (path) => {
    const { server } = await startSes();

    const answer = await fetch(new URL(path, server.url), {
      method: 'POST',
      body: 'Action=GetAccountSendingEnabled',
    });

    expect(answer.headers.get('content-type')).toBe('text/xml');
    expect(await answer.text()).toContain('<Enabled>true</Enabled>');
  });
});
