import { expect, test } from '@jest/globals';
import { parseQuery } from '../../../../shared/matching/query/parse-query.ts';
import { printQuery } from '../../../../shared/matching/query/print-query.ts';
import { queryExamples } from '../../../../shared/web/parts/query-field.tsx';
import { createFakeWeb } from '../../../fakes/web.ts';
import { createReader } from '../reader.ts';

test.each(queryExamples)('the example %s can stand alone and beside others', (example) => {
  expect(parseQuery(example).kind).not.toBe('all');
  expect(printQuery(parseQuery(`a ${example} b`))).toBe(`a ${example} b`);
});

test('a link below the query adds its example to what the page shows', async () => {
  const reader = createReader(createFakeWeb());
  const linksOf = (html: string) =>
    [...html.matchAll(/<a href="([^"]*q=[^"]*)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'));

  const first = await reader.read('/sign-up');
  expect(linksOf(first.html)).toHaveLength(queryExamples.length);
  const second = await reader.read(linksOf(first.html)[0]?.split('#')[0] ?? '');
  expect([second.status, second.html]).toEqual([
    200,
    expect.stringContaining('value="&quot;language models&quot;"'),
  ]);
  const third = await reader.read(linksOf(second.html)[3]?.split('#')[0] ?? '');
  expect(third.html).toContain('value="&quot;language models&quot; -survey"');
});

test('the page says how it reads AND beside OR', async () => {
  const reader = createReader(createFakeWeb());

  expect((await reader.read('/sign-up?q=a+OR+b+c')).text).toContain('We read this as: a OR (b c)');
  expect((await reader.read('/sign-up?q=%22open')).text).not.toContain('We read this as');
});
