import { afterEach, expect, test } from '@jest/globals';
import { type Listening, listenOn } from '../../../local/start/listen.ts';

let listening: Listening | undefined;

afterEach(() => listening?.close());

test.each(['GET', 'POST', 'HEAD'])(
  'a %s request before the pages are ready gets a Retry-After',
  async (method) => {
    listening = await listenOn(0);
    const ask = () => fetch(`http://127.0.0.1:${listening?.port}/`, { method });

    const early = await ask();
    listening.answerWith((_request, response) => {
      response.end('ready');
    });
    const later = await ask();

    expect(early.status).toBe(503);
    expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(early.headers.get('cache-control')).toBe('no-store');
    expect(later.status).toBe(200);
  },
);
