import { describe, expect, test } from '@jest/globals';
import type { ListCondition } from '../../../shared/domain/lists/list-state.ts';
import { NEWS_HEADING } from '../../../shared/mail/news-content.ts';
import type { PaperNews } from '../../../shared/matching/news.ts';
import {
  createDigest,
  createMatch,
  createPublication,
  createReason,
  createSection,
  exampleLinks,
} from '../../factories/digests.ts';
import { renderTexts } from '../../factories/mail-texts.ts';
import { createSubscriber, createSubscription } from '../../factories/subscribers.ts';
import { fc } from '../../fast-check.ts';
import { hostileText } from './hostile-texts.ts';

const render = (...args: Parameters<typeof createDigest>) =>
  renderTexts(createDigest(...args), createPublication(), exampleLinks);

/** Returns the visible words of a document. */
const toWords = (html: string) =>
  html
    .replace(/<!--.*?-->|<style>.*?<\/style>|<[^>]*>/gs, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');

describe('the subject', () => {
  const sectionOf = (...titles: readonly string[]) =>
    createSection({ matches: titles.map((title) => createMatch({ title })) });

  test('is the title of the only paper', () => {
    expect(render({ sections: [sectionOf('Attention')] }).subject).toBe('Attention');
  });

  test('counts the further papers of all sections', () => {
    const sections = [sectionOf('Attention', 'Second'), sectionOf('Third', 'Fourth')];
    expect(render({ sections }).subject).toBe('Attention and 3 more');
  });

  test('does not count papers that are not in the mail', () => {
    expect(render({ sections: [{ ...sectionOf('Attention'), moreCount: 9 }] }).subject).toBe('Attention');
  });

  test.each([
    ['instant', 'Attention'],
    ['daily', 'Attention'],
    ['weekly', 'Weekly: Attention'],
    ['monthly', 'Monthly: Attention'],
  ] as const)('of a %s digest says so where it is unusual', (cadence, subject) => {
    const period = '2026-01-07';
    expect(render({ cadence, period, sections: [sectionOf('Attention')] }).subject).toBe(subject);
  });

  test('shortens a long title and keeps the number', () => {
    const sections = [
      sectionOf('A Comprehensive Multimodal Evaluation Benchmark for Concept Erasure in All Models', 'B'),
    ];
    expect(render({ sections }).subject).toBe(
      'A Comprehensive Multimodal Evaluation Benchmark for… and 1 more',
    );
  });

  test('is never empty or too long, with any titles', () => {
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 1, maxLength: 3 }), (titles) => {
        const { subject } = render({ sections: [sectionOf(...titles)] });
        expect(subject.trim()).not.toBe('');
        expect(subject.length).toBeLessThanOrEqual(70);
        expect(subject).not.toMatch(/\p{Cc}/u);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the preview text', () => {
  const newsOf = (title: string): PaperNews => ({
    ...createMatch({ title }),
    isPicked: true,
    at: '2026-01-06T00:00:00.000Z',
  });
  const previewOf = (titles: readonly string[]) =>
    toWords(render({ sections: [], news: titles.map(newsOf) }).html);

  test('of a digest with only news names the further papers of its news', () => {
    expect(previewOf(['One', 'Two', 'Three'])).toContain(
      'Also: Now picked on Hugging Face, 12 votes: Two · Now picked on Hugging Face, 12 votes: Three',
    );
  });

  test('of a digest with one piece of news says what it is, and not the day', () => {
    const day = 'Wednesday 7 January 2026';
    const words = previewOf(['One']);
    expect(words.split(NEWS_HEADING)).toHaveLength(3);
    // The title of the document and the masthead have it.
    expect(words.split(day)).toHaveLength(3);
  });
});

describe('the day in the masthead', () => {
  const dayOf = (...args: Parameters<typeof createDigest>) =>
    render(...args)
      .text.split('\n')
      .at(1);

  test('is the period’s day for a daily digest, even after midnight', () => {
    expect(dayOf({ composedAt: '2026-01-08T00:30:00.000Z' })).toBe('Wednesday 7 January 2026');
  });

  test.each([
    ['weekly', '2026-W02'],
    ['monthly', '2026-01'],
    ['instant', '2026-01-06T23:30Z'],
  ] as const)('of a %s digest is the day in the zone of the subscriber', (cadence, period) => {
    const composedAt = '2026-01-06T23:30:00.000Z';
    expect(dayOf({ cadence, period, composedAt })).toBe('Wednesday 7 January 2026');
  });
});

describe('HTML and text', () => {
  const followed = createSubscription({
    id: 's1',
    lists: ['hf-daily', 'arxiv/cs.CL'],
    query: 'mlp "residual stream"',
  });
  const silent = createSubscription({ id: 's2', lists: ['arxiv/cs.LG'], query: 'optics', sort: 'new' });
  const digest = createDigest({
    subscriber: createSubscriber({
      subscriptions: [
        followed,
        silent,
        createSubscription({ id: 's3', cadence: 'weekly', query: 'weeklies' }),
      ],
    }),
    sections: [
      createSection({
        subscription: followed,
        matches: [
          createMatch({ title: 'First <think> & Co', upvotes: 1 }, [createReason('mlp', 'title')]),
          createMatch({ id: '2601.00002', title: 'Second', aiSummary: 'Said in short.' }),
        ],
        moreCount: 1,
      }),
    ],
    listConditions: new Map<string, ListCondition>([
      ['hf-daily', { state: 'fresh' }],
      ['arxiv/cs.CL', { state: 'quiet', today: '2026-01-07', because: 'holiday', holiday: 'US holiday' }],
      ['arxiv/cs.LG', { state: 'stale', today: '2026-01-07', overdueDay: '2026-01-07' }],
      ['arxiv/cs.CV', { state: 'broken' }],
      ['arxiv/cs.RO', { state: 'partial' }],
    ]),
  });
  const publication = createPublication({ name: 'The Paper', postalAddress: '1 Example Street, Berlin' });
  const { html, text } = renderTexts(digest, publication, exampleLinks);

  test.each([
    'Wednesday 7 January 2026',
    'Hugging Face Daily Papers and arXiv cs.CL',
    'matching mlp "residual stream"',
    'First <think> & Co',
    'Second',
    'Said in short.',
    'Matches “mlp” in the title.',
    '1 more paper matched. See it on the web',
    'You get this email every day at 08:00 (Europe/Berlin), because of these subscriptions:',
    'arXiv cs.LG, matching “optics”, newest papers first (nothing new this time)',
    'Up to date: Hugging Face Daily Papers.',
    'arXiv cs.CL: nothing announced today, US holiday.',
    'arXiv cs.RO: only a part could be read, so papers may be missing.',
    'arXiv cs.LG is late today; its papers come with the next digest.',
    'arXiv cs.CV cannot be read at the moment, so papers may be missing.',
    'A model on Hugging Face wrote the short summaries.',
    'The Paper, 1 Example Street, Berlin',
  ])('both say: %s', (words) => {
    expect(toWords(html)).toContain(words);
    expect(text.replace(/\s+/g, ' ')).toContain(words);
  });

  test('leave out subscriptions of another cadence', () => {
    expect(html + text).not.toContain('weeklies');
  });

  test('both contain every link, and the text has each on its own line', () => {
    const { manage, unsubscribe } = exampleLinks;
    const urls = [
      'https://huggingface.co/papers/2601.00001',
      'https://huggingface.co/papers/2601.00002',
      manage(digest.subscriber.id),
      unsubscribe(digest.subscriber.id),
      'https://daily.example.org/papers/2026-01-07?lists=hf-daily,arxiv/cs.CL&q=mlp+%22residual+stream%22&days=4&until=2026-01-07T06:10:00.000Z&without=2601.00001,00002',
      'https://daily.example.org/papers/2026-01-07?lists=hf-daily,arxiv/cs.CL&days=4',
    ];
    const lines = text.split('\n').map((line) => line.trim());
    for (const url of urls) {
      expect(html).toContain(`href="${url.replaceAll('&', '&amp;')}"`);
      expect(lines).toContain(url);
    }
  });

  test('both call the manage page “Your subscriptions”', () => {
    const digest = createDigest();
    const { html, text } = renderTexts(digest, createPublication(), exampleLinks);
    const href = exampleLinks.manage(digest.subscriber.id);

    expect(html.split(`href="${href}"`)[1]).toMatch(/^>\s*Your subscriptions\s*<\/a>/);
    expect(text).toContain(`\nYour subscriptions:\n${href}\n`);
  });

  test('the unsubscribe link is also above the first paper', () => {
    const { unsubscribe } = exampleLinks;
    expect(html.indexOf(unsubscribe(digest.subscriber.id))).toBeLessThan(html.indexOf('<h3'));
  });

  test('the text numbers the papers across sections and has at most 72 columns', () => {
    expect(text).toMatch(/^ 1\. First <think> & Co$/m);
    expect(text).toMatch(/^ 2\. Second$/m);
    expect(text).toMatch(/^ {4}1 vote · 2 authors · 3 Jan · 2 comments$/m);
    const long = text.split('\n').filter((line) => line.length > 72 && !/^ *https:\S+$/.test(line));
    expect(long).toEqual([]);
  });

  test('the HTML loads nothing and runs nothing', () => {
    expect(html).not.toMatch(/<(img|script|link|iframe|form)\b|url\(|@import| on\w+=/i);
  });

  test('one subscription is described in one sentence', () => {
    const words = toWords(render().html);
    expect(words).toContain(
      'You get this email because you subscribed to Hugging Face Daily Papers, every day at 08:00 (Europe/Berlin), trending papers first.',
    );
  });

  test('a section without votes has no column for them', () => {
    const sections = [createSection({ matches: [createMatch({ upvotes: 0 })] })];
    expect(render({ sections }).html).not.toContain('class="dim rule votes"');
  });
});

describe('the facts of a paper', () => {
  const word = fc.stringMatching(/^[a-z]{1,20}$/);
  const organisation = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(' '));
  const render = (facts: Parameters<typeof createMatch>[0]) => {
    const digest = createDigest({ sections: [createSection({ matches: [createMatch(facts)] })] });
    return renderTexts(digest, createPublication(), exampleLinks);
  };

  test('have a dot between each two in the text, and no line begins with a dot', () => {
    fc.assert(
      fc.property(organisation, fc.nat(99_999), fc.nat(9_999), (name, upvotes, stars) => {
        const facts = { organisation: name, upvotes, stars, repositoryUrl: 'https://code.example.org/a' };
        const { text } = render({
          ...facts,
          authorCount: 3_303,
          comments: 12,
          publishedAt: '2025-01-02T00:00:00.000Z',
        });
        const words = text.replace(/\s+/g, ' ');
        expect(text).not.toMatch(/^\s*·/m);
        expect(words).toContain(name.slice(0, 20));
        expect(words).toContain(' · 3,303 authors · 2 Jan 2025 · 12 comments · code');
      }),
    );
  });

  test('do not break in the HTML: a dot stays with the fact before it, and a link’s words together', () => {
    const { html } = render({ repositoryUrl: 'https://code.example.org/a', stars: 2 });
    const [, meta = ''] = /<\/h3><p[^>]*>(.*?)<\/p>/.exec(html) ?? [];
    expect(meta).toContain('2\u00a0authors\u00a0· ');
    expect(meta).toContain('>code\u00a0★\u00a02</a>');
  });

  test('leave room between votes and title', () => {
    expect(render({ upvotes: 8_400 }).html).toMatch(
      /class="dim rule votes" style="width:48px;padding:17px 8px 0 0;/,
    );
  });
});
