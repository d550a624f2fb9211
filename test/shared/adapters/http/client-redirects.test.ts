import { describe, expect, it } from '@jest/globals';
import { answer, failureOf, inTurn, serveEachTest } from './client-fixture.ts';

const site = serveEachTest();
const { at, makeClient } = site;

describe('the allowed hosts', () => {
  it('are the only hosts that get requests', async () => {
    const error = await failureOf(
      makeClient({ allowedHosts: ['huggingface.co', 'arxiv.org'] }).fetchText(at('/')),
    );
    const { host } = new URL(site.origin);
    expect(error.message).toContain(
      `the host ${host} is not among the allowed hosts: huggingface.co, arxiv.org`,
    );
    expect(site.requests).toEqual([]);
  });

  it.each(['data:text/plain,hello', 'file:///etc/hostname'])('also forbid %s', async (address) => {
    const error = await failureOf(makeClient().fetchText(new URL(address)));
    expect(error.message).toContain('not among the allowed hosts');
  });

  it('also limit redirects', async () => {
    site.handle = answer(302, { location: 'http://127.0.0.2:9/elsewhere' });
    const error = await failureOf(makeClient().fetchText(at('/')));
    expect(error.message).toContain('redirected to 127.0.0.2:9, which is not among the allowed hosts');
    expect(site.requests).toHaveLength(1);
  });
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('with %d is followed', async (status) => {
    site.handle = inTurn(answer(status, { location: '/there' }), answer(200, {}, 'there'));
    await expect(makeClient().fetchText(at('/here'))).resolves.toEqual({ status: 200, body: 'there' });
    expect(site.requests.map(({ url }) => url)).toEqual(['/here', '/there']);
  });

  it('is followed three times and no more', async () => {
    site.handle = answer(302, { location: '/again' });
    const error = await failureOf(makeClient().fetchText(at('/')));
    expect(error.message).toContain('more than 3 redirects');
    expect(site.requests).toHaveLength(4);
  });

  it('never leads from https to http', async () => {
    const client = makeClient({
      allowedHosts: ['huggingface.co'],
      fetch: async () => new Response(null, { status: 302, headers: { location: 'http://huggingface.co/' } }),
    });
    const error = await failureOf(client.fetchText(new URL('https://huggingface.co/')));
    expect(error.message).toContain('redirected from https to http://huggingface.co');
  });

  it('fails if its address is invalid', async () => {
    site.handle = answer(302, { location: 'http://[' });
    const error = await failureOf(makeClient().fetchText(at('/')));
    expect(error.message).toContain('redirected to an address that cannot be read');
  });
});
