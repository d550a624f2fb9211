import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Subscriber } from '../../../../shared/domain/subscribers/subscriber.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';
import { createReader } from '../reader.ts';

const NOW = '2026-01-05T08:00:00.000Z';
const DIGEST = { cadence: 'daily', period: '2026-01-05' } as const;

let reader: ReturnType<typeof createReader>;

beforeEach(async () => {
  reader = createReader();
  const { papers, listings, deliveries } = reader.repositories;
  const facts = [
    createFacts({ id: '2601.00001', title: 'Agents That Ask', authors: ['Ada Example', 'Ben Example'] }),
    createFacts({ id: '2601.00002', title: 'Kernels', authors: ['Cy Example'] }),
    createFacts({ id: '2601.00003', title: 'Never sent', authors: ['Di Example'] }),
  ];
  for (const partialFacts of facts) {
    await papers.save(partialFacts, NOW);
    await listings.save(createListing({ paperId: partialFacts.id }));
  }
  const origin = { ...DIGEST, cohort: 'daily#UTC#08', batch: 0 };
  await deliveries.claim({ subscriberId: 'ada', ...DIGEST }, origin, ['2601.00002', '2601.00001'], NOW);
});

const save = (subscriber: Partial<Subscriber> = {}) =>
  reader.repositories.subscribers.save(createSubscriber({ id: 'ada', ...subscriber }));
const stored = () => reader.repositories.subscribers.load('ada');
const path = (paper = '', token = reader.tokenFor('mute', 'ada')) =>
  `/mute/${token}/daily/2026-01-05${paper && `?paper=${paper}`}`;
const manage = (query = '') => `/manage/${reader.tokenFor('manage', 'ada')}${query}`;

describe('the mute link of a digest', () => {
  test('lists the papers of the digest in its order, and none of another', async () => {
    await save();

    const { status, text, html } = await reader.read(path());

    expect(status).toBe(200);
    expect(text.indexOf('Kernels')).toBeLessThan(text.indexOf('Agents That Ask'));
    expect(html).not.toContain('Never sent');
    expect(html).not.toContain((await stored())?.address);
  });

  test('says so if the papers of the digest are no longer known', async () => {
    await save();
    const token = reader.tokenFor('mute', 'ada');

    const { status, text } = await reader.read(`/mute/${token}/weekly/2026-W02`);

    expect([status, text]).toEqual([200, expect.stringContaining('We no longer know which papers')]);
  });

  test.each(['x'.repeat(3000), '2026-01-05%23x', '%3Cscript%3E'])(
    'is not valid for the period %.20s',
    async (period) => {
      await save();

      const { status } = await reader.read(`/mute/${reader.tokenFor('mute', 'ada')}/daily/${period}`);

      expect(status).toBe(404);
    },
  );

  test('changes nothing when it is only followed', async () => {
    const { version } = await save();

    for (const query of ['', '2601.00001', '2601.00001&action=mute-paper']) await reader.read(path(query));

    expect(await stored()).toMatchObject({ version });
  });

  test('mutes a paper with one button, and takes it back', async () => {
    await save();

    const done = await reader.read(path('2601.00001'), { action: 'mute-paper' });

    expect(done.status).toBe(303);
    expect((await stored())?.mutedPapers).toEqual(['2601.00001']);
    const page = await reader.read(done.headers.get('location') ?? '');
    expect(page.text).toContain('This paper is muted.');
    expect((await reader.read(path())).text).toContain('muted · 2 authors');

    await reader.read(path('2601.00001'), { action: 'unmute-paper' });
    expect((await stored())?.mutedPapers).toEqual([]);
  });

  test('mutes an author of the paper, and takes it back', async () => {
    await save();

    await reader.read(path('2601.00001'), { action: 'mute-author', author: 'Ben Example' });

    expect((await stored())?.mutedAuthors).toEqual(['Ben Example']);
    expect((await reader.read(path('2601.00001'))).text).toContain('Unmute Ben Example');

    await reader.read(path('2601.00001'), { action: 'unmute-author', author: 'Ben Example' });
    expect((await stored())?.mutedAuthors).toEqual([]);
  });

  test.each([
    ['a paper of no digest', '2601.00003', { action: 'mute-paper' }],
    ['an author of another paper', '2601.00001', { action: 'mute-author', author: 'Cy Example' }],
    ['to unsubscribe', '2601.00001', { action: 'unsubscribe' }],
    ['to change the hour', '2601.00001', { form: 'delivery', action: 'save', hour: '3' }],
    ['to erase', '2601.00001', { action: 'erase', sure: 'yes' }],
  ] as const)('cannot be used for %s', async (_, paper, form) => {
    const { version } = await save();

    await reader.read(path(paper), form);

    expect(await stored()).toMatchObject({ version });
  });

  test('opens no other page, and no other link opens it', async () => {
    await save();
    const token = reader.tokenFor('mute', 'ada');

    expect((await reader.read(`/manage/${token}`)).status).toBe(404);
    expect((await reader.read(`/your-data/${token}`)).status).toBe(404);
    for (const purpose of ['manage', 'unsubscribe', 'confirm', 'data'] as const)
      expect((await reader.read(path('', reader.tokenFor(purpose, 'ada')))).status).toBe(404);
  });

  test('ends when the owner makes old links invalid, and with the data', async () => {
    await save({ linksSince: '2026-01-05T08:00:01.000Z' });
    expect((await reader.read(path())).status).toBe(404);

    await reader.repositories.subscribers.erase('ada');
    expect((await reader.read(path())).status).toBe(410);
  });

  test('refuses one author more than fit, and says what to do', async () => {
    await save({ mutedAuthors: Array.from({ length: 50 }, (_, n) => `Author ${n}`) });

    const { status, text } = await reader.read(path('2601.00001'), {
      action: 'mute-author',
      author: 'Ben Example',
    });

    expect([status, text]).toEqual([422, expect.stringContaining('You can mute at most 50 authors.')]);
  });

  test('drops the oldest of too many papers', async () => {
    const many = Array.from({ length: 200 }, (_, n) => `2501.${10_000 + n}`);
    await save({ mutedPapers: many });

    await reader.read(path('2601.00001'), { action: 'mute-paper' });

    expect((await stored())?.mutedPapers).toEqual([...many.slice(1), '2601.00001']);
  });
});

describe('fewer papers like one', () => {
  const withQuery = (query: string) =>
    save({ subscriptions: [createSubscription({ id: 's1', query, cadence: 'daily' })] });
  const queryNow = async () => (await stored())?.subscriptions[0]?.query;

  beforeEach(async () => {
    for (let n = 10; n < 20; n += 1) {
      const title = n < 12 ? `Agents for Robots ${n}` : `Agents ${n}`;
      await reader.repositories.papers.save(createFacts({ id: `2601.000${n}`, title, aiKeywords: [] }), NOW);
      await reader.repositories.listings.save(createListing({ paperId: `2601.000${n}` }));
    }
    const digest = { cadence: 'daily', period: '2026-01-06' } as const;
    const origin = { ...digest, cohort: 'daily#UTC#08', batch: 0 };
    const key = { subscriberId: 'ada', ...digest };
    await reader.repositories.deliveries.claim(key, origin, ['2601.00010'], NOW);
  });
  const page = () => `/mute/${reader.tokenFor('mute', 'ada')}/daily/2026-01-06?paper=2601.00010`;

  test('are offered as terms to leave out, each with how many papers it removes', async () => {
    await withQuery('agents');

    const { text } = await reader.read(page());

    expect(text).toContain('Your subscription to agents found 11 papers in the last 30 days.');
    expect(text).toContain('Leave out “robots” 2 fewer');
  });

  test('do not count muted papers', async () => {
    await withQuery('agents');

    await reader.read(page(), { action: 'mute-paper' });

    const { text } = await reader.read(page());
    expect(text).toContain('Your subscription to agents found 10 papers in the last 30 days.');
    expect(text).toContain('Leave out “robots” 1 fewer');

    await reader.read(page(), { action: 'mute-author', author: 'Ben Sample' });
    expect((await reader.read(page())).text).not.toContain('Fewer like this');
  });

  test('come after one button, which changes only that query', async () => {
    await withQuery('agents OR kernels');

    const done = await reader.read(page(), { subscription: 's1', exclude: 'robots' });

    expect(await queryNow()).toBe('(agents OR kernels) -robots');
    expect((await reader.read(done.headers.get('location') ?? '')).text).toContain(
      'Your digests will have fewer papers',
    );
    await reader.read(page(), { subscription: 's1', exclude: 'robots' });
    expect(await queryNow()).toBe('(agents OR kernels) -robots');
  });

  test.each([
    ['a term that was not offered', { subscription: 's1', exclude: 'kernels' }],
    ['a whole query', { subscription: 's1', exclude: 'x" OR "y' }],
    ['another subscription', { subscription: 's2', exclude: 'robots' }],
  ])('cannot be asked for with %s', async (_, form) => {
    await withQuery('agents');

    await reader.read(page(), form);

    expect(await queryNow()).toBe('agents');
  });

  test('says so if the subscription was changed between the offer and the button', async () => {
    await withQuery('agents');
    const { subscribers } = reader.repositories;
    const load = subscribers.load.bind(subscribers);
    let loads = 0;
    subscribers.load = async (id) => {
      loads += 1;
      // The page loads it first, and then the change.
      const loaded = await load(id);
      if (loads !== 2 || !loaded) return loaded;
      return subscribers.save({
        ...loaded,
        subscriptions: [createSubscription({ id: 's1', query: 'kernels' })],
      });
    };

    const { status, text } = await reader.read(page(), { subscription: 's1', exclude: 'robots' });

    expect([status, text]).toEqual([422, expect.stringContaining('was changed at the same time')]);
    expect(await queryNow()).toBe('kernels');
  });

  test('are not offered for a stored query that is not valid today', async () => {
    await withQuery('agents AND (');

    const { status, text } = await reader.read(page());

    expect(status).toBe(200);
    expect(text).not.toContain('Fewer like this');
  });

  test('are not offered for a subscription that does not find the paper', async () => {
    await withQuery('kernels');

    expect((await reader.read(page())).text).not.toContain('Fewer like this');
  });
});

describe('the page of a subscription', () => {
  test('does not mention mutes if there are none', async () => {
    await save();

    expect((await reader.read(manage())).text).not.toContain('Muted');
  });

  test('says what a single mute does', async () => {
    await save({ mutedPapers: ['2601.00001'] });

    expect((await reader.read(manage())).text).toContain('You muted 1 paper. Digests leave it out.');
  });

  test('lists what is muted, each with a button to undo it', async () => {
    await save({ mutedPapers: ['2601.00001', '2501.99999'], mutedAuthors: ['Cy Example'] });

    expect((await reader.read(manage())).text).toContain(
      'You muted 2 papers and 1 author. Digests leave them out.',
    );
    const { text } = await reader.read(manage('?edit=muted'));
    expect(text).toContain('Agents That Ask Unmute Agents That Ask');
    expect(text).toContain('arXiv 2501.99999 Unmute');
    expect(text).toContain('Cy Example Unmute Cy Example');

    const done = await reader.read(manage('?edit=muted'), { 'unmute-paper': '2501.99999' });
    await reader.read(manage('?edit=muted'), { 'unmute-author': 'Cy Example' });
    expect(await stored()).toMatchObject({ mutedPapers: ['2601.00001'], mutedAuthors: [] });
    expect((await reader.read(done.headers.get('location') ?? '')).text).toContain(
      'The paper is no longer muted.',
    );
  });

  test('leaves what is muted out of the preview', async () => {
    await save({ mutedPapers: ['2601.00001'], mutedAuthors: ['Cy Example'] });

    const { text } = await reader.read(manage('?edit=new'), {
      form: 'new',
      action: 'preview',
      version: '1',
      lists: 'hf-daily',
      query: '',
      cadence: 'daily',
      maxPapers: '10',
    });

    expect(text).toContain('Never sent');
    expect(text).not.toContain('Agents That Ask');
    expect(text).not.toContain('Kernels');
  });
});
