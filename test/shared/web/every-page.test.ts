import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Paper } from '../../../shared/domain/papers/paper.ts';
import { MAX_QUERY_LENGTH } from '../../../shared/matching/query/parse-query.ts';
import { SCRIPT } from '../../../shared/web/parts/time-zone-script.tsx';
import { createPublication } from '../../factories/digests.ts';
import { createFacts, createListing } from '../../factories/papers.ts';
import { createSubscriber, createSubscription } from '../../factories/subscribers.ts';
import { anyCharacter } from '../../factories/texts.ts';
import { createFakeWeb } from '../../fakes/web.ts';
import { fc } from '../../fast-check.ts';
import { runs } from '../../thorough.ts';
import { createReader, findMistakes, outlineOf, toText } from './reader.ts';

const NOW = '2026-01-05T08:00:00.000Z';

/** Removes the only script that runs, and the data for search engines. No text of a page can end either of them. */
function withoutOwnScripts(html: string): string {
  return html
    .replace(`<script>${SCRIPT}</script>`, '')
    .replace(/<script type="application\/ld\+json">[^<]*<\/script>/, '');
}
const MAX_PAGE_BYTES = 50_000;

interface Texts {
  /** Written by a visitor. */
  readonly query: string;
  /** Written by a source. */
  readonly title: string;
  /** Written by an operator. */
  readonly name: string;
}

/** Returns a valid query with this text in it. Most texts are no valid query by themselves. */
function toStoredQuery(text: string): string {
  return `"x ${text.replaceAll(/["\u201c-\u201f\u00ab\u00bb\u301d-\u301f\uff02]/g, '')}"`;
}

/** Returns every page, with these texts in place of every text from outside. */
async function readAll(
  { query, title, name }: Texts,
  subscriptions = 2,
): Promise<ReadonlyMap<string, string>> {
  const publication = createPublication({ name, postalAddress: name });
  const reader = createReader(createFakeWeb({ publication, lists: ['hf-daily', 'arxiv/cs.CL'] }));
  const many = Array.from({ length: subscriptions }, (_, n) =>
    createSubscription({ id: `s${n + 1}`, query: toStoredQuery(query), maxPapers: 50 }),
  );
  const choices = { timeZone: 'UTC', hour: 8, subscriptions: many, replaces: 'nobody' };
  const signUp = { at: NOW, from: query, text: query, ...choices };
  const { subscribers, papers, listings } = reader.repositories;
  const mutedPapers = Array.from({ length: 200 }, (_, n) => `2601.${10_000 + n}`);
  const mutedAuthors = Array.from({ length: 50 }, (_, n) => `${title.slice(0, 60)} Nobody${n}`.trim());
  await subscribers.save(createSubscriber({ id: 'ada', subscriptions: many, mutedPapers, mutedAuthors }));
  await subscribers.save(createSubscriber({ id: 'ben', status: 'unconfirmed', signUp }));
  const author = `0 ${title}`.slice(0, 80).trim();
  for (let n = 10; n < 70; n += 1) {
    // Only the mute page of a paper lists its authors, and it opens these two papers.
    const authorCount = n < 12 ? 200 : 3;
    const authors = Array.from({ length: authorCount }, (_, author) =>
      `${author} ${title}`.slice(0, 80).trim(),
    );
    const facts: Partial<Paper> = {
      id: `2601.000${n}`,
      title: `agents ${title}`,
      organisation: title,
      authors,
    };
    await papers.save(createFacts(facts), NOW);
    await listings.save(createListing({ paperId: `2601.000${n}` }));
  }
  const digest = { cadence: 'daily', period: '2026-01-05' } as const;
  const paperIds = Array.from({ length: 50 }, (_, n) => `2601.000${n + 10}`);
  await reader.repositories.deliveries.claim(
    { subscriberId: 'ada', ...digest },
    { ...digest, cohort: 'daily#UTC#08', batch: 0 },
    paperIds,
    NOW,
  );
  const manage = `/manage/${reader.tokenFor('manage', 'ada')}`;
  const mute = `/mute/${reader.tokenFor('mute', 'ada')}/daily/2026-01-05`;
  const data = `/your-data/${reader.tokenFor('data', 'ada')}`;
  const unsubscribe = `/unsubscribe/${reader.tokenFor('unsubscribe', 'ada')}`;
  const confirm = `/confirm/${reader.tokenFor('confirm', 'ben')}`;
  const fields = { lists: 'hf-daily', query: 'agents', cadence: 'daily', maxPapers: '50' };
  const typed = { address: query, query, cadence: query, timeZone: query, hour: query, shown: query };
  const steps: readonly (readonly [string, string, Record<string, string>?])[] = [
    ['front page', '/'],
    ['sign up', '/sign-up'],
    ['sign up, from a page of papers', `/sign-up?lists=hf-daily&q=${encodeURIComponent(query)}`],
    ['sign up with faults', '/sign-up', typed],
    ['sign up by a banner with faults', '/sign-up', { address: query, query }],
    ['check your email', '/sign-up', { website: 'x' }],
    ['ask for a link', '/manage-link'],
    ['ask for a link with faults', '/manage-link', { address: query }],
    ['privacy', '/privacy'],
    ['how papers are sorted', '/about/trending'],
    ['reference', '/docs'],
    ['reference of subscribers', '/docs/subscribers'],
    ['papers of a day', '/papers/2026-01-05'],
    ['papers, second page', '/papers/2026-01-05?page=2'],
    ['papers of a query', `/papers/2026-01-05?q=${encodeURIComponent(query)}&days=4`],
    ['papers of a list', `/papers/2026-01-05?lists=${encodeURIComponent(query)}`],
    ['papers of no day', `/papers/${encodeURIComponent(query || 'x')}`],
    ['paper', '/papers/2601.00010'],
    ['paper with few authors', '/papers/2601.00020'],
    ['paper, unknown', '/papers/2601.99999'],
    ['author', `/authors/${encodeURIComponent(author)}`],
    ['author, most votes', `/authors/${encodeURIComponent(author)}?sort=votes`],
    ['organisation', `/organisations/${encodeURIComponent(title || 'x')}`],
    ['keyword', '/keywords/routing'],
    ['keyword, unknown', `/keywords/${encodeURIComponent(query || 'x')}`],
    ['search', '/search?q=agents'],
    ['newest papers', '/search'],
    ['search of a query', `/search?q=${encodeURIComponent(query)}`],
    ['search of a phrase', `/search?q=${encodeURIComponent(`agents OR ${toStoredQuery(query)}`)}`],
    ['search of a list', `/search?list=${encodeURIComponent(query || 'x')}`],
    ['status', '/status'],
    ['status of a list', '/status?list=hf-daily'],
    ['status of no list', '/status?list=nobodys'],
    ['feed, ended', '/feeds/private/x.atom'],
    ['about', '/about'],
    ['how to search', '/about/search'],
    ['not found', `/${encodeURIComponent(query)}`],
    ['no link', `/manage/${encodeURIComponent(query)}`],
    ['confirm', confirm],
    ['confirmed', confirm, {}],
    ['manage', manage],
    ['manage, address', `${manage}?edit=address`],
    ['manage, a faulty address', manage, { address: query, form: 'address' }],
    ['manage, time', `${manage}?edit=delivery`],
    ['manage, a subscription', `${manage}?edit=s1`],
    ['manage, faults', manage, { ...typed, form: 's1', maxPapers: query, version: '1', action: 'save' }],
    ['manage, conflict', manage, { ...fields, query, form: 's1', version: '0', action: 'save' }],
    ['manage, preview', manage, { ...fields, form: 's1', version: '1', action: 'preview' }],
    ['manage, an odd form', manage, { ...fields, form: query || 'x', version: query, action: 'save' }],
    ['manage, a pause that cannot be', manage, { action: 'pause', until: query || 'x' }],
    ['mute', mute],
    ['mute, a paper', `${mute}?paper=2601.00011`],
    ['mute, done', `${mute}?paper=2601.00010&done=mute-paper`],
    ['manage, muted', manage],
    ['manage, muted, open', `${manage}?edit=muted`],
    ['unsubscribe', unsubscribe],
    ['paused', unsubscribe, { action: 'pause' }],
    ['fewer', unsubscribe, { action: 'less-often' }],
    ['unsubscribed', unsubscribe, {}],
    ['back', unsubscribe, { action: 'resubscribe' }],
    ['manage, no data link', manage, { action: 'erase' }],
    ['data', data],
    ['erase, unsure', data, { action: 'erase' }],
    ['new links', data, { action: 'renew-links' }],
    ['erased', data, { action: 'erase', sure: 'yes' }],
  ];
  const pages = new Map<string, string>();
  for (const [page, path, form] of steps) {
    const { status, html } = await reader.read(path, form);
    if (status >= 500) throw new Error(`${page} answers ${status}`);
    pages.set(page, html);
  }
  return pages;
}

let pages: ReadonlyMap<string, string>;

beforeAll(async () => {
  // The longest of everything: twenty subscriptions with queries of 500 characters.
  const query = 'agentsagents '.repeat(40).slice(0, MAX_QUERY_LENGTH - 4);
  pages = await readAll({ query, title: 'T'.repeat(300), name: 'Papers & More' }, 20);
});

describe('every page', () => {
  test(`is smaller than ${MAX_PAGE_BYTES} bytes at its largest`, () => {
    const sizes = [...pages].map(([name, html]) => [name, Buffer.byteLength(html)] as const);

    expect(sizes.filter(([, bytes]) => bytes >= MAX_PAGE_BYTES)).toEqual([]);
    expect(sizes.length).toBeGreaterThan(20);
  });

  test('is valid and accessible', async () => {
    for (const [name, html] of pages)
      expect({ name, mistakes: await findMistakes(html) }).toEqual({ name, mistakes: [] });
  });

  test('subscribes with one field, if it is public and no form itself', () => {
    const withBanner = [...pages].filter(([, html]) => html.includes('class="banner"')).map(([name]) => name);
    const isPublic =
      /^(?:front page|how |reference|papers?\b|author|organisation|keyword|search|newest|status|about|not found)/;

    expect(withBanner).toEqual([...pages.keys()].filter((name) => isPublic.test(name)));
  });

  test('reads well with styles off: one heading first, every field with its label, nothing loaded but the icon', async () => {
    for (const [name, html] of pages) {
      expect({ name, headings: html.match(/<h1>/g)?.length }).toEqual({ name, headings: 1 });
      const loading = withoutOwnScripts(html).replace(
        /<link rel="(?:icon" href="\/favicon\.svg"|search"|canonical"|alternate")/g,
        '',
      );
      expect(loading).not.toMatch(/<(?:script|img|link|iframe|object|video|font)\b|@import|url\(/i);
      const fields = [...html.matchAll(/<(?:input|select)\b[^>]*\bid="([^"]+)"/g)].map(([, id]) => id);
      for (const id of fields) expect(html).toContain(`<label for="${id}"`);
    }
  });
});

describe('texts from strangers', () => {
  const HOSTILE = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    '</textarea></style></title><svg/onload=alert(1)>',
    'javascript:alert(1)',
    '{{7*7}}<%= 7 %>',
    '&lt;b&gt;&#60;i&#62;',
    'a\u0000b\u202Ec\u2028d',
    'x\r\nSet-Cookie: a=b',
  ];

  test('leave every page with the same elements and attributes, as a parser finds them', async () => {
    const outline = async (texts: Texts) =>
      Promise.all(
        [...(await readAll(texts))].map(
          async ([name, html]) => [name, await outlineOf(withoutOwnScripts(html))] as const,
        ),
      );
    // A query that is no address, no hour and no day either, so that the pages show the same faults.
    const harmless = await outline({ query: 'x y', title: 'x', name: 'x' });
    for (const text of HOSTILE) {
      const pagesNow = await outline({ query: text, title: text, name: text });
      for (const [index, [name, elements]] of pagesNow.entries()) {
        const expected = harmless[index]?.[1] ?? [];
        const isSame = JSON.stringify(elements) === JSON.stringify(expected);
        // The page of a text that cannot be a query has the elements of its fault, and none of the text.
        if (!isSame)
          expect({
            name,
            odd: elements.filter((element) =>
              /script|svg|img|onerror|onfocus|onload|autofocus/i.test(element),
            ),
          }).toEqual({ name, odd: [] });
      }
    }
  });

  test('are shown as they were written', async () => {
    const hostile = await readAll({ query: '"<b>&amp;"', title: '<i>T</i>', name: 'P <u>&' });

    expect(toText(hostile.get('manage') ?? '')).toContain('&lt;b&gt;&amp;');
    expect(hostile.get('manage')).toContain('&lt;b&gt;&amp;amp;');
    expect(hostile.get('manage, preview')).toContain('&lt;i&gt;T&lt;/i&gt;');
    expect(hostile.get('privacy')).toContain('P &lt;u&gt;&amp;');
  });

  test('cannot make a page fail, and cannot add an element', async () => {
    const known =
      /^(?:html|head|meta|link|title|style|body|header|main|footer|nav|section|h1|h2|h3|h4|p|a|ul|ol|li|dl|dt|dd|div|form|fieldset|legend|label|input|select|option|button|pre|em|b|mark|code|q|span|strong|optgroup|time|search|figure|figcaption|svg|path|details|summary|table|thead|tbody|tr|th|td)\[/;
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: anyCharacter, maxLength: 60 }), async (text) => {
        const name = text.replace(/[\p{Cc}\u2028\u2029]/gu, '').trim() || 'x';
        for (const [page, html] of await readAll({ query: text, title: text, name }, 1)) {
          const odd = (await outlineOf(withoutOwnScripts(html))).filter(
            (element) => !known.test(element) || /\bon\w+/.test(element),
          );
          expect({ page, odd }).toEqual({ page, odd: [] });
        }
      }),
      { numRuns: runs(4, 200) },
    );
  });
});
