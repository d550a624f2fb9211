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

test('the form shows the examples without a link, which would lose what the reader has typed', async () => {
  const { html, text } = await createReader(createFakeWeb()).read('/sign-up?q=agents');
  const form = html.slice(html.indexOf('<form'), html.indexOf('</form>'));

  for (const [example] of queryExamples) expect(text).toContain(example.replace('>', '&gt;'));
  expect(form.match(/<a [^>]*>/g)).toEqual(['<a class="target" href="/privacy">']);
  expect(form).toContain('value="agents"');
});

test('the page says how it reads AND beside OR, and that a list is not read here', async () => {
  const reader = createReader(createFakeWeb());

  expect((await reader.read('/sign-up?q=a+OR+b+c')).text).toContain('We read this as: a OR (b c)');
  expect((await reader.read('/sign-up?q=list:arxiv/cs.CL')).text).toContain(
    '"arxiv/cs.CL" is not a list here.',
  );
  expect((await reader.read('/sign-up?q=%22open')).text).not.toContain('We read this as');
});
