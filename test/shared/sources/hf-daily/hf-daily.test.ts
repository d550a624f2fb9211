import { describe, expect, it } from '@jest/globals';
import { HttpError } from '../../../../shared/ports/http.ts';
import { createHfDailySource, hfDailyHosts } from '../../../../shared/sources/hf-daily/hf-daily.ts';
import { makeHfItem } from '../../../factories/hf-item.ts';
import { scriptHttpClient } from '../../../factories/scripted-http-client.ts';
import { askedDays, fetchAll, idsOf, REQUEST, scriptDays } from './hf-daily-fixture.ts';

describe('the hf-daily source', () => {
  describe('days', () => {
    it('reads today and the three days before at first, oldest first, and ends with the cursor at today', async () => {
      const http = scriptDays({ '2026-01-05': JSON.stringify([makeHfItem()]) });

      const answers = await fetchAll(http);

      expect(askedDays(http)).toEqual(['2026-01-03', '2026-01-04', '2026-01-05', '2026-01-06']);
      expect(answers.map(({ cursor }) => cursor)).toEqual(askedDays(http));
      expect(idsOf(answers)).toEqual(['2601.00001']);
      expect(answers.map(({ asked }) => asked)[0]).toBe('2026-01-03 page 0');
    });

    it('requests a hundred papers of a day', async () => {
      const http = scriptDays({});
      await fetchAll(http);
      expect(http.asked[0]?.href).toBe(
        'https://huggingface.co/api/daily_papers?date=2026-01-03&limit=100&p=0',
      );
    });

    it('continues from the cursor after an outage', async () => {
      const http = scriptDays({});
      await fetchAll(http, { cursor: '2025-12-30' });
      expect(askedDays(http)[0]).toBe('2025-12-30');
      expect(http.asked).toHaveLength(8);
    });

    it('goes back thirty days at most', async () => {
      const http = scriptDays({});
      await fetchAll(http, { cursor: '2024-01-01' });
      expect(askedDays(http)[0]).toBe('2025-12-07');
      expect(http.asked).toHaveLength(31);
    });

    it.each(['2026-01-06', '2026-01-05', '2030-01-01', 'rubbish', ''])(
      'reads the last days again with the cursor %j',
      async (cursor) => {
        const http = scriptDays({});
        const answers = await fetchAll(http, { cursor });
        expect(askedDays(http)).toEqual(['2026-01-03', '2026-01-04', '2026-01-05', '2026-01-06']);
        expect(answers.at(-1)?.cursor).toBe('2026-01-06');
      },
    );

    it('uses days in UTC', async () => {
      const http = scriptDays({});
      await fetchAll(http, { now: '2026-01-06T23:59:59.999Z' });
      expect(askedDays(http).at(-1)).toBe('2026-01-06');
    });
  });

  describe('the signal', () => {
    it('stops before the next request, reports it, and keeps the items so far', async () => {
      const controller = new AbortController();
      const http = scriptHttpClient((url) => {
        if (url.searchParams.get('date') === '2026-01-04') controller.abort();
        return JSON.stringify([makeHfItem()]);
      });

      const answers = await fetchAll(http, { signal: controller.signal });

      expect(http.asked).toHaveLength(2);
      expect(answers.map(({ asked, problem, cursor }) => [asked, problem, cursor])).toEqual([
        ['2026-01-03 page 0', undefined, '2026-01-03'],
        ['2026-01-04 page 0', undefined, '2026-01-04'],
        ['2026-01-05 page 0', 'not read: no time was left', '2026-01-04'],
      ]);
      expect(idsOf(answers)).toHaveLength(2);
    });

    it('reports a cancelled request once', async () => {
      const controller = new AbortController();
      const http = scriptHttpClient(() => {
        controller.abort();
        return new HttpError('stopped by the caller', { url: new URL('https://huggingface.co/api') });
      });

      const answers = await fetchAll(http, { signal: controller.signal });

      expect(answers).toHaveLength(1);
      expect(answers[0]?.problem).toContain('stopped by the caller');
    });
  });
});

describe('createHfDailySource', () => {
  it('reads another address if one is set', async () => {
    const http = scriptDays({});
    const mirror = createHfDailySource({ baseUrl: 'http://127.0.0.1:8080/lists?key=1' });

    for await (const answer of mirror.fetch({ ...REQUEST, http })) void answer;

    expect(http.asked[0]?.href).toBe('http://127.0.0.1:8080/lists?key=1&date=2026-01-03&limit=100&p=0');
  });

  it('refuses an invalid address', () => {
    expect(() => createHfDailySource({ baseUrl: 'nowhere' })).toThrow('Invalid URL');
  });
});

describe('hfDailyHosts', () => {
  it('names the host that is read, with an unusual port', () => {
    expect(hfDailyHosts()).toEqual(['huggingface.co']);
    expect(hfDailyHosts({ baseUrl: 'http://127.0.0.1:8080/x' })).toEqual(['127.0.0.1:8080']);
  });
});
