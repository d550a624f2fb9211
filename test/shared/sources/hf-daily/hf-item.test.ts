import { describe, expect, it } from '@jest/globals';
import { MAX_AUTHORS } from '../../../../shared/domain/papers/paper.ts';
import { parseHfItem } from '../../../../shared/sources/hf-daily/hf-item.ts';
import { makeHfItem } from '../../../factories/hf-item.ts';

const context = { position: 7, askedDay: '2026-01-06', now: '2026-01-06T08:00:00.000Z' };

function read(raw: unknown) {
  const reading = parseHfItem(raw, context);
  if (reading.kind !== 'item') throw new Error(`rejected: ${reading.rejection.reason}`);
  const [listing, ...others] = reading.item.listings;
  if (!listing || others.length > 0) throw new Error('not one listing');
  return { facts: reading.item.facts, listing };
}

/** Why dates of an item were replaced. */
function readCorrections(raw: unknown): readonly string[] {
  const reading = parseHfItem(raw, context);
  return reading.kind === 'item' ? reading.corrections.map(({ reason }) => reason) : [];
}

function readRejection(raw: unknown) {
  const reading = parseHfItem(raw, context);
  return reading.kind === 'rejection' ? reading.rejection : undefined;
}

describe('parseHfItem', () => {
  it('reads every fact in an item', () => {
    expect(read(makeHfItem())).toEqual({
      facts: {
        source: 'hf-daily',
        id: '2601.00001',
        title: 'Teaching Small Models to Count',
        abstract: 'We teach small models to count, and they do.',
        authors: ['Ada Author', 'Ben Writer'],
        authorCount: 2,
        organisation: 'The Counters',
        publishedAt: '2026-01-02T00:00:00.000Z',
        listedOn: '2026-01-05',
        upvotes: 8,
        comments: 2,
        repositoryUrl: 'https://github.com/example/count',
        stars: 3,
        projectUrl: 'https://count.example.org/',
        aiSummary: 'Small models learn to count.',
        aiKeywords: ['counting', 'small models'],
      },
      listing: {
        list: 'hf-daily',
        day: '2026-01-05',
        paperId: '2601.00001',
        firstSeenAt: '2026-01-06T08:00:00.000Z',
        listedBy: 'Lena Lister',
      },
    });
  });

  it.each([undefined, null, true, 'x', [], [null], {}, ' ', '\u200b', '\u3164\u00ad', -1])(
    'takes %j for an unknown fact in every optional place',
    (value) => {
      const isText = typeof value === 'string' && value.trim() === 'x';
      const optional = Object.keys(makeHfItem().paper as object).filter(
        (key) => !['id', 'title'].includes(key),
      );
      const paper = Object.fromEntries(optional.map((key) => [key, isText ? null : value]));
      const item = { submittedBy: value, organization: value, thumbnail: value, numComments: value };

      const { facts, listing } = read(makeHfItem(paper, { ...item, summary: undefined }));

      // A key would replace what is known of the paper already.
      expect(facts).toEqual({
        source: 'hf-daily',
        id: '2601.00001',
        title: 'Teaching Small Models to Count',
        listedOn: '2026-01-06',
      });
      expect(Object.keys(facts)).toHaveLength(4);
      expect(Object.keys(listing)).not.toContain('listedBy');
      expect(listing.day).toBe('2026-01-06');
    },
  );

  it('reads title, abstract, organisation and lister from the top level if the paper has none', () => {
    const raw = makeHfItem({
      title: undefined,
      summary: undefined,
      organization: undefined,
      submittedOnDailyBy: null,
    });
    const { facts, listing } = read(raw);
    expect(facts).toMatchObject({
      title: 'Teaching Small Models to Count',
      abstract: 'We teach small models to count, and they do.',
      organisation: 'The Counters',
    });
    expect(listing.listedBy).toBe('Lena Lister');
  });

  it('takes the short name of an organisation without a full one', () => {
    expect(read(makeHfItem({ organization: { name: 'counters' } })).facts.organisation).toBe('counters');
  });

  it('strips the version of an id', () => {
    expect(read(makeHfItem({ id: '2601.00001v3' })).facts.id).toBe('2601.00001');
  });

  it('takes the day of the listing in UTC from the time it was listed', () => {
    const { listing } = read(makeHfItem({ submittedOnDailyAt: '2026-01-04T23:30:00.000-05:00' }));
    expect(listing.day).toBe('2026-01-05');
  });

  it.each([
    ['today', '"today"'],
    ['2099-01-01T00:00:00.000Z', '"2099-01-01T00:00:00.000Z"'],
    ['1969-12-31T00:00:00.000Z', '"1969-12-31T00:00:00.000Z"'],
    ['9999-12-31T23:59:59Z', '"9999-12-31T23:59:59Z"'],
    ['0000-01-01', '"0000-01-01"'],
    ['2026-01-04', '"2026-01-04"'],
    ['2026-01-08', '"2026-01-08"'],
  ])('lists a paper on the requested day if its listing time is %s, and reports that', (claimed, found) => {
    const raw = makeHfItem({ submittedOnDailyAt: claimed });
    expect(read(raw)).toMatchObject({ listing: { day: '2026-01-06' }, facts: { listedOn: '2026-01-06' } });
    expect(readCorrections(raw)).toEqual([
      `paper.submittedOnDailyAt is ${found}; used the asked day, 2026-01-06`,
    ]);
  });

  it.each(['2026-01-05', '2026-01-06T23:59:59Z', '2026-01-07T00:00:00Z', undefined, null])(
    'replaces no listing day when submittedOnDailyAt is %j',
    (claimed) => {
      const raw = makeHfItem({ submittedOnDailyAt: claimed });
      expect(read(raw).listing.day).toBe(claimed?.slice(0, 10) ?? '2026-01-06');
      expect(readCorrections(raw)).toEqual([]);
    },
  );

  it.each([
    [undefined, 'missing'],
    [null, 'null'],
    [20260102, '20260102'],
    ['Jan 5', '"Jan 5"'],
    ['0001-01-01T00:00:00Z', '"0001-01-01T00:00:00Z"'],
    ['1970-01-01T00:00:00Z', '"1970-01-01T00:00:00Z"'],
    ['2026-01-07', '"2026-01-07"'],
    ['2099-01-01', '"2099-01-01"'],
  ])('keeps a paper with the publication time %j, and reports it', (publishedAt, found) => {
    const raw = makeHfItem({ publishedAt });
    expect(read(raw).facts).not.toHaveProperty('publishedAt');
    expect(read(raw).facts.listedOn).toBe('2026-01-05');
    expect(readCorrections(raw)).toEqual([`paper.publishedAt is ${found}; used the listing day, 2026-01-05`]);
  });

  it('reads a publication time in a form that is nearly ISO 8601', () => {
    const { facts } = read(makeHfItem({ publishedAt: '2026-1-2 02:00+0200' }));
    expect(facts.publishedAt).toBe('2026-01-02T00:00:00.000Z');
  });

  it.each([
    ['counts only authors that are shown', [{ name: 'A' }, { name: 'B', hidden: true }], ['A'], 1],
    ['counts two authors of one name', [{ name: 'A' }, { name: 'A' }], ['A', 'A'], 2],
    ['leaves out what is no author', [null, 'B', {}, { name: '' }, { name: 'A', hidden: null }], ['A'], 1],
    ['reads the stray TeX of names', [{ name: 'Nguy\\~ên' }, { name: 'St\\ütz' }], ['Nguyễn', 'Stütz'], 2],
  ])('%s', (_what, authors, names, authorCount) => {
    expect(read(makeHfItem({ authors })).facts).toMatchObject({ authors: names, authorCount });
  });

  it('keeps the first 200 of 3,303 authors and their true number', () => {
    const authors = Array.from({ length: 3_303 }, (_, index) => ({ name: `Author ${index}`, hidden: false }));

    const { facts } = read(makeHfItem({ authors }));

    expect(facts.authors).toEqual(authors.slice(0, MAX_AUTHORS).map(({ name }) => name));
    expect(facts.authorCount).toBe(3_303);
  });

  it.each([
    [0, 0],
    [2.9, 2],
    [-3, undefined],
    [-0.5, undefined],
    ['8', undefined],
    [null, undefined],
    [1e300, undefined],
  ])('counts %j votes, comments and stars as %j', (count, expected) => {
    const { facts } = read(makeHfItem({ upvotes: count, githubStars: count }, { numComments: count }));
    expect([facts.upvotes, facts.comments, facts.stars]).toEqual([expected, expected, expected]);
  });

  it('has no authors if all of them are hidden', () => {
    const { facts } = read(makeHfItem({ authors: [{ name: 'A', hidden: true }] }));
    expect(facts).toMatchObject({ authors: [], authorCount: 0 });
  });

  it.each([
    ['title', { title: 'A Title\n  in Two Lines \\& More' }, { title: 'A Title in Two Lines & More' }],
    ['abstract', { summary: 'By 5\\%\n  <b>more</b>' }, { abstract: 'By 5% <b>more</b>' }],
    [
      'repository',
      { githubRepo: 'https://github.com/o/\nr.git' },
      { repositoryUrl: 'https://github.com/o/r' },
    ],
    ['project page', { projectPage: ' https://p.example.org/x' }, { projectUrl: 'https://p.example.org/x' }],
    ['stars of none', { githubStars: 0 }, { stars: 0 }],
    ['keywords', { ai_keywords: ['a', null, ' a', 'b', ''] }, { aiKeywords: ['a', 'b'] }],
  ])('cleans the %s', (_what, paper, facts) => {
    expect(read(makeHfItem(paper)).facts).toMatchObject(facts);
  });

  it('drops an unusable address, and keeps the item', () => {
    const { facts } = read(makeHfItem({ githubRepo: 'ask me', projectPage: 'javascript:alert(1)' }));
    expect(facts).not.toHaveProperty('repositoryUrl');
    expect(facts).not.toHaveProperty('projectUrl');
  });

  it('limits every text, so that a paper fits into an item of the table', () => {
    const long = 'word '.repeat(100_000);
    const names = Array.from({ length: 5_000 }, (_, index) => `${index} ${long.slice(0, 300)}`);
    const { facts } = read(
      makeHfItem({
        title: long,
        summary: long,
        ai_summary: long,
        ai_keywords: names,
        authors: names.map((name) => ({ name })),
        organization: { fullname: long },
      }),
    );
    expect(JSON.stringify(facts).length).toBeLessThan(100_000);
  });

  it.each([
    ['an id', { id: undefined }, '#7', 'paper.id is missing; expected an arXiv id like "2501.12345"'],
    [
      'an id of arXiv',
      { id: 'feed-0123456789abcdef' },
      'feed-0123456789abcdef',
      'paper.id is "feed-0123456789abcdef"; expected an arXiv id like "2501.12345"',
    ],
    ['an id of arXiv', { id: 'abc' }, 'abc', 'paper.id is "abc"; expected an arXiv id like "2501.12345"'],
    [
      'an id that is text',
      { id: 2601.1 },
      '#7',
      'paper.id is 2601.1; expected an arXiv id like "2501.12345"',
    ],
    [
      'presence, being withdrawn',
      { withdrawnAt: '2026-01-04' },
      '2601.00001',
      'withdrawn: paper.withdrawnAt is "2026-01-04"',
    ],
  ])('rejects an item without %s', (_what, paper, item, reason) => {
    expect(readRejection(makeHfItem(paper))).toEqual({ item, reason });
  });

  it('rejects an item without a title in either place', () => {
    expect(readRejection(makeHfItem({ title: ' \n' }, { title: null }))).toEqual({
      item: '2601.00001',
      reason: 'paper.title is ""; expected a text',
    });
  });

  it.each([
    [null, 'missing'],
    [7, 'missing'],
    [{}, 'missing'],
    [{ paper: null }, 'null'],
    [{ paper: [] }, 'a list'],
    [{ paper: 'x' }, '"x"'],
  ])('rejects %j, which is not a paper', (raw, found) => {
    expect(readRejection(raw)).toEqual({
      item: '#7',
      reason: `paper is ${found}; expected an object with the fields of a paper`,
    });
  });
});
