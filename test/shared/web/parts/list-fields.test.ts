import { beforeEach, describe, expect, test } from '@jest/globals';
import { listsTextSchema } from '../../../../shared/domain/lists/lists.ts';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';
import { createFakeWeb } from '../../../fakes/web.ts';
import { createReader, findMistakes } from '../reader.ts';

const ALL = listsTextSchema
  .parse('hf-daily,arxiv/*,feed/Distill,feed/Nature-Machine-Intelligence')
  .map(({ id }) => id);
const FIELDS = {
  shown: 'earlier',
  address: 'ada@example.org',
  query: 'agents',
  cadence: 'weekly',
  timeZone: 'Europe/Berlin',
  hour: '7',
  found: '',
};

let reader: ReturnType<typeof createReader>;

beforeEach(() => {
  reader = createReader(createFakeWeb({ lists: ALL }));
});

const send = (fields: Readonly<Record<string, string | readonly string[]>>) =>
  reader.read('/sign-up', { ...FIELDS, ...fields });
const shown = (html: string) => [...html.matchAll(/name="lists" value="([^"]+)"/g)].map(([, list]) => list);
const ticked = (html: string) =>
  [...html.matchAll(/name="lists" value="([^"]+)" checked/g)].map(([, list]) => list);

describe('a form with all lists of arXiv', () => {
  test('has its groups, ticks only the default, and is small, valid and accessible', async () => {
    const { html, text } = await reader.read('/sign-up');

    expect(ticked(html)).toEqual(['hf-daily']);
    expect(text).toContain('1 list of 152 chosen.');
    expect(text).toContain('Computer Science 38 lists');
    expect(text).toContain('More physics 9 lists');
    expect(Buffer.byteLength(html)).toBeLessThan(50_000);
    expect(await findMistakes(html)).toEqual([]);
  });

  test.each(['find', 'save'])(
    'finds lists by words with the button %s, and keeps what was typed',
    async (action) => {
      const { status, html, text } = await send({ lists: ['arxiv/cs.RO'], find: ' Vision ', action });

      expect(status).toBe(200);
      expect(shown(html)).toEqual(['arxiv/cs.CV', 'arxiv/cs.RO']);
      expect(ticked(html)).toEqual(['arxiv/cs.RO']);
      expect(text).toContain('1 list has these words.');
      for (const kept of ['ada@example.org', 'agents', 'Vision', 'earlier'])
        expect(html).toContain(`value="${kept}"`);
      expect(await findMistakes(html)).toEqual([]);
      expect(reader.requested).toEqual([]);
    },
  );

  test('finds a category by either of its ids, an archive by its name, and says if nothing has the words', async () => {
    expect(shown((await send({ find: 'cs.na', action: 'find' })).html)).toEqual(['arxiv/math.NA']);
    expect(shown((await send({ find: 'economics econometrics', action: 'find' })).html)).toEqual([
      'arxiv/econ.EM',
    ]);
    expect((await send({ find: 'poetry', action: 'find' })).text).toContain('No list has these words.');
  });

  test('shows at most 60 lists that have common words, and says so', async () => {
    const { html, text } = await send({ find: 'a', action: 'find' });

    expect(shown(html).length).toBe(60);
    expect(text).toContain('You see the first 60.');
    expect(Buffer.byteLength(html)).toBeLessThan(50_000);
  });

  test('opens a group, and keeps the one that was opened before', async () => {
    const first = await send({ action: 'open-econ' });
    const second = await send({ action: 'open-stat', open: ['econ', 'no-such-group'] });

    expect(shown(first.html)).toContain('arxiv/econ.EM');
    expect(shown(first.html)).not.toContain('arxiv/stat.ML');
    expect(shown(second.html)).toEqual(expect.arrayContaining(['arxiv/econ.EM', 'arxiv/stat.ML']));
  });

  test('has a hundred chosen lists, of which those without room stay chosen in a closed group', async () => {
    const hundred = ALL.slice(0, 100);
    const { html, text } = await send({ lists: hundred, address: 'not one' });
    const kept = shown(html).find((list) => list?.includes(',')) ?? '';

    expect(Buffer.byteLength(html)).toBeLessThan(50_000);
    expect([...ticked(html), ...kept.split(',')].sort()).toEqual([...hundred].sort());
    expect(text).toContain('Mathematics 30 lists, 30 chosen');
    expect(await findMistakes(html)).toEqual([]);

    const opened = await send({
      lists: [...ticked(html).slice(1), kept].join(',').split(','),
      action: 'open-math',
      open: ['econ'],
    });
    expect(ticked(opened.html)).toEqual(expect.arrayContaining(['arxiv/math.AC', 'arxiv/econ.EM']));
    expect(ticked(opened.html)).not.toContain('arxiv/cs.AI');
    expect(opened.text).toContain('99 lists of 152 chosen.');
    expect(Buffer.byteLength(opened.html)).toBeLessThan(50_000);
  });

  test('signs up with the ticked lists, if the words have not changed since they were found', async () => {
    const stamp = /name="shown" value="([^"]+)"/.exec((await reader.read('/sign-up')).html)?.[1] ?? '';
    reader.clock.moveBy(10_000);

    await send({ shown: stamp, lists: ['arxiv/cs.CV', 'hf-daily'], find: 'vision', found: 'vision' });

    expect(reader.requested).toMatchObject([
      { signUp: { subscriptions: [{ lists: ['hf-daily', 'arxiv/cs.CV'] }] } },
    ]);
  });

  test('refuses no list and more than a hundred, and says what to do', async () => {
    const none = await send({});
    const all = await send({ lists: ALL });

    expect([none.status, none.text]).toEqual([422, expect.stringContaining('Choose at least one list.')]);
    expect(none.html).toMatch(/<fieldset [^>]*aria-describedby="lists-fault"/);
    expect(none.html).toContain('id="lists-fault"');
    expect([all.status, all.text]).toEqual([
      422,
      expect.stringContaining('You have chosen 152 lists. Choose at most 100.'),
    ]);
    for (const { html } of [none, all]) expect(Buffer.byteLength(html)).toBeLessThan(50_000);
    expect(reader.requested).toEqual([]);
  });
});

describe('a list that was taken out of the settings', () => {
  const LISTS = ['arxiv/cs.CL', 'feed/Gone'];
  const manage = () => `/manage/${reader.tokenFor('manage', 'ada')}`;
  const followed = async () => (await reader.repositories.subscribers.load('ada'))?.subscriptions[0]?.lists;
  const save = (lists: readonly string[]) =>
    reader.read(manage(), {
      form: 's1',
      action: 'save',
      version: '1',
      lists,
      query: 'x',
      cadence: 'daily',
      maxPapers: '5',
    });

  beforeEach(() =>
    reader.repositories.subscribers.save(
      createSubscriber({ id: 'ada', subscriptions: [createSubscription({ id: 's1', lists: LISTS })] }),
    ),
  );

  test('is named on the page of its subscriber', async () => {
    expect((await reader.read(manage())).text).toContain('We no longer read Gone');
    expect((await reader.read(`${manage()}?edit=s1`)).text).toContain('Gone not read here any more');
  });

  test('stays while its box is ticked, and nobody else can choose it', async () => {
    await save(LISTS);
    expect(await followed()).toEqual(LISTS);

    const { text } = await send({ lists: ['feed/Gone'] });
    expect(text).toContain('Choose at least one list.');
  });

  test('goes if its box is not ticked', async () => {
    await save(['arxiv/cs.CL']);

    expect(await followed()).toEqual(['arxiv/cs.CL']);
  });

  test('is not hidden by the only list that is read', async () => {
    reader = createReader(createFakeWeb({ lists: ['arxiv/cs.CL'] }));
    await reader.repositories.subscribers.save(
      createSubscriber({ id: 'ada', subscriptions: [createSubscription({ id: 's1', lists: LISTS })] }),
    );

    expect(ticked((await reader.read(`${manage()}?edit=s1`)).html)).toEqual(LISTS);
  });
});
