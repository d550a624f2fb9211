import { afterEach, describe, expect, test } from '@jest/globals';
import { createManualClock } from '../../../local/manual-clock.ts';
import { type ChosenLists, chooseLists } from '../../../local/start/choose-lists.ts';
import { listenOn } from '../../../local/start/listen.ts';

const clock = createManualClock('2026-03-10T09:00:00.000Z');
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** A stand-in for the real lists that answers with a status. */
async function serve(status: number): Promise<string> {
  const { port, answerWith, close } = await listenOn(0);
  answerWith((_, response) => response.writeHead(status).end('[]'));
  cleanups.push(close);
  return `http://127.0.0.1:${port}/api/daily_papers`;
}

async function choose(url: string, isSample = false): Promise<ChosenLists> {
  const lists = await chooseLists(url, clock, isSample, 300_000);
  cleanups.push(lists.close);
  return lists;
}

async function countItems(lists: ChosenLists, day: string): Promise<number> {
  const items: unknown = await (await fetch(`${lists.url}?date=${day}`)).json();
  return Array.isArray(items) ? items.length : -1;
}

describe('choosing where the lists come from', () => {
  test('uses the real lists if they answer', async () => {
    const url = await serve(200);

    const lists = await choose(url);

    expect(lists.url).toBe(url);
    expect(lists.note).toBe(`Papers from ${new URL(url).host}.`);
  });

  test('uses the sample, re-dated to today, if they answer with an error, and says why', async () => {
    const lists = await choose(await serve(503));

    expect(lists.note).toContain('sample of two days');
    expect(lists.note).toContain('could not be read. For the papers of today, start again when');
    expect(lists.failure).toContain('HTTP 503');
    expect(await countItems(lists, '2026-03-10')).toBe(25);
    expect(await countItems(lists, '2026-03-09')).toBe(15);
  });

  test('uses the sample if they cannot be reached', async () => {
    const { port, close } = await listenOn(0);
    close();

    const lists = await choose(`http://127.0.0.1:${port}/api/daily_papers`);

    expect(lists.note).toContain('could not be read');
    expect(lists.note).not.toContain('ECONNREFUSED');
    expect(lists.failure).toContain('ECONNREFUSED');
  });

  test('uses the sample without a probe on request', async () => {
    const lists = await choose(await serve(200), true);

    expect(lists.note).toContain('because of --sample');
    expect(lists.failure).toBeUndefined();
    expect(await countItems(lists, '2026-03-10')).toBe(25);
  });
});
