import { describe, expect, it } from '@jest/globals';
import type { HttpAnswer } from '../../../../shared/ports/http.ts';
import { HttpError } from '../../../../shared/ports/http.ts';
import { makeHfItem, makeHfItems } from '../../../factories/hf-item.ts';
import { failed, fetchAll, idsOf, scriptDays } from './hf-daily-fixture.ts';

describe('the hf-daily source', () => {
  describe('bad answers', () => {
    it.each<[string, HttpAnswer]>([
      ['an empty list', { status: 200, body: '[]' }],
      ['null', { status: 200, body: 'null' }],
      ['the 400 of a day to come', { status: 400, body: '{"error":"Invalid date"}' }],
      ['404', { status: 404, body: 'Not Found' }],
    ])('reads %s as no list yet for today', async (_what, answer) => {
      const answers = await fetchAll(scriptDays({ '2026-01-06': answer }));
      expect(answers[3]).toEqual({
        lists: ['hf-daily'],
        asked: '2026-01-06 page 0',
        itemsRead: 0,
        items: [],
        rejections: [],
        corrections: [],
        problem: undefined,
        cursor: '2026-01-06',
      });
    });

    it.each<[string, HttpAnswer | Error, string]>([
      ['HTML', { status: 200, body: '<!DOCTYPE html>' }, 'expected a list, found "<!DOCTYPE html>"'],
      ['an object', { status: 200, body: '{"a":1}' }, 'expected a list, found "{\\"a\\":1}"'],
      ['an empty body', { status: 200, body: '' }, 'expected a list, found nothing'],
      ['400 for a past day', { status: 400, body: '{"error":"Invalid"}' }, 'HTTP 400; expected 200'],
      ['404 for a past day', { status: 404, body: 'Not Found' }, 'HTTP 404; expected 200'],
      ['403', { status: 403, body: 'Forbidden' }, 'HTTP 403; expected 200'],
      ['429 in the end', failed(429), 'GET https://huggingface.co/api: HTTP 429, after 4 attempts'],
      ['500 in the end', failed(500), 'GET https://huggingface.co/api: HTTP 500, after 4 attempts'],
    ])(
      'reports %s, reads the days behind it, and keeps the cursor before it',
      async (_what, bad, problem) => {
        const http = scriptDays({ '2026-01-04': bad, '2026-01-06': JSON.stringify([makeHfItem()]) });

        const answers = await fetchAll(http);

        expect(answers.map((answer) => answer.problem)).toEqual([undefined, problem, undefined, undefined]);
        expect(answers.map(({ cursor }) => cursor)).toEqual(Array(4).fill('2026-01-03'));
        expect(idsOf(answers)).toEqual(['2601.00001']);
      },
    );

    it.each(['[]', 'null'])('reads %s as a past day without a list', async (body) => {
      const answers = await fetchAll(scriptDays({ '2026-01-04': body }));
      expect(answers.map(({ problem }) => problem)).toEqual(Array(4).fill(undefined));
      expect(answers.at(-1)?.cursor).toBe('2026-01-06');
    });

    it.each([400, 404])('reads a day again that answered %i, even after it is past', async (status) => {
      const answers = { '2026-01-05': { status, body: '' } };

      const before = await fetchAll(scriptDays(answers), { now: '2026-01-05T23:59:59.999Z' });
      const after = await fetchAll(scriptDays(answers), { now: '2026-01-06T00:00:00.000Z' });

      expect(before.map(({ problem }) => problem)).toEqual(Array(4).fill(undefined));
      expect(after.map(({ problem }) => problem)).toEqual([
        undefined,
        undefined,
        `HTTP ${status}; expected 200`,
        undefined,
      ]);
      expect(after.at(-1)?.cursor).toBe('2026-01-04');
    });

    it('keeps the complete items of a list that breaks off', async () => {
      const body = JSON.stringify(makeHfItems(3)).slice(0, -40);
      const answer = (await fetchAll(scriptDays({ '2026-01-03': body })))[0];
      expect(answer).toMatchObject({
        itemsRead: 2,
        items: [{}, {}],
        problem: 'the list breaks off after 2 items',
        cursor: undefined,
      });
    });

    it('keeps the complete items that came before the connection broke', async () => {
      const error = new HttpError('the connection failed, after 4 attempts', {
        url: new URL('https://huggingface.co/api'),
        status: 200,
        received: JSON.stringify(makeHfItems(3)).slice(0, -40),
      });
      const answer = (await fetchAll(scriptDays({ '2026-01-03': error })))[0];
      expect(answer).toMatchObject({
        itemsRead: 2,
        items: [{}, {}],
        problem: error.message,
        cursor: undefined,
      });
    });

    it('never moves the cursor back when a day that was read before fails', async () => {
      const answers = await fetchAll(scriptDays({ '2026-01-04': failed(500) }), { cursor: '2026-01-05' });
      expect(answers.map(({ cursor }) => cursor)).toEqual(Array(4).fill('2026-01-05'));
    });

    it('throws a fault of our own code', async () => {
      const http = scriptDays({ '2026-01-04': new RangeError('a mistake of ours') });
      await expect(fetchAll(http)).rejects.toThrow('a mistake of ours');
    });
  });
});
