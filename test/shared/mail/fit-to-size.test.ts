import { describe, expect, test } from '@jest/globals';
import { MAX_HTML_BYTES } from '../../../shared/mail/compose-digest-mail.ts';
import { NEWS_HEADING } from '../../../shared/mail/news-content.ts';
import type { Digest } from '../../../shared/matching/digest.ts';
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
import { createSubscription } from '../../factories/subscribers.ts';
import { fc } from '../../fast-check.ts';
import { runs } from '../../thorough.ts';
import { hostileText } from './hostile-texts.ts';
import { listConditions } from './list-state-samples.ts';

const render = (digest: Digest) => renderTexts(digest, createPublication(), exampleLinks);

/** Creates a digest of the given numbers of sections and papers. All texts have their maximum length. */
function createHugeDigest(sectionCount: number, paperCount: number, text: string): Digest {
  const reasons = Array.from({ length: 10 }, (_, term) => createReason(`${term}${text}`, 'abstract'));
  const sections = Array.from({ length: sectionCount }, (_, index) =>
    createSection({
      subscription: createSubscription({
        id: `s${index}`,
        query: text.slice(0, 500),
        lists: Array.from(
          { length: 20 },
          (_none, list) => `arxiv/cs.${'L'.repeat(80)}${'ABCDEFGHIJKLMNOPQRST'[list]}`,
        ),
      }),
      matches: Array.from({ length: paperCount }, () =>
        createMatch(
          {
            title: text,
            abstract: text,
            aiSummary: text,
            organisation: text,
            repositoryUrl: `https://code.example.org/${'"&'.repeat(60)}`,
            projectUrl: `https://paper.example.org/${'&'.repeat(200)}`,
            stars: 123_456_789,
          },
          reasons,
        ),
      ),
      moreCount: index,
    }),
  );
  return createDigest({ sections, listConditions: listConditions(400) });
}

const countCards = (html: string) => html.match(/<h3/g)?.length ?? 0;

const countMore = (html: string) =>
  [...html.matchAll(/([\d,]+) (?:more )?papers? matched/g)]
    .map(([, count = '']) => Number(count.replaceAll(',', '')))
    .reduce((sum, count) => sum + count, 0);

describe('a digest that is too large', () => {
  test('stays within 80 KB and counts every dropped paper', () => {
    const text = fc.oneof(
      hostileText,
      fc.constantFrom('"'.repeat(3000), '漢'.repeat(3000), '👩‍👩‍👧‍👦'.repeat(500), 'A b. '.repeat(900)),
    );
    fc.assert(
      fc.property(
        text,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 50 }),
        (words, sections, papers) => {
          const { html, text: plain, paperIds } = render(createHugeDigest(sections, papers, words));
          const matched = sections * papers + (sections * (sections - 1)) / 2;

          expect(Buffer.byteLength(html)).toBeLessThanOrEqual(MAX_HTML_BYTES);
          expect(countCards(html) + countMore(html)).toBe(matched);
          expect(paperIds).toHaveLength(countCards(html));
          expect(countCards(html)).toBe(
            plain.match(/^ {4}https:\/\/huggingface\.co\/papers\/\S+$/gm)?.length ?? 0,
          );
          expect(html).toMatch(/<\/html>\n$/);
        },
      ),
      { numRuns: runs(5, 100) },
    );
  });

  test('of the largest possible size stays within 80 KB', () => {
    const { html, text } = render(createHugeDigest(20, 50, '"&<>'.repeat(1000)));

    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(MAX_HTML_BYTES);
    expect(countCards(html) + countMore(html)).toBe(1000 + 190);
    expect(Buffer.byteLength(text)).toBeLessThan(MAX_HTML_BYTES);
  });

  test('leaves out its news if it does not fit even without papers', () => {
    const huge = createHugeDigest(20, 50, '"'.repeat(1000));
    const news = huge.sections.slice(0, 10).flatMap(({ matches }) =>
      matches.slice(0, 1).map(
        ({ paper }): PaperNews => ({
          paper,
          isPicked: true,
          version: 2,
          at: '2026-01-06T00:00:00.000Z',
        }),
      ),
    );
    const { html, paperIds, newsAt } = render({ ...huge, news });
    const { html: small } = render({ ...huge, sections: huge.sections.slice(0, 1), news });

    expect(small).toContain(NEWS_HEADING);
    expect(html).not.toContain(NEWS_HEADING);
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(MAX_HTML_BYTES);
    expect(paperIds).toHaveLength(countCards(html));
    expect(newsAt.size).toBe(0);
  });

  test('shares its space: no section has two papers more than another', () => {
    const { html } = render(
      createHugeDigest(4, 50, 'A sentence of an ordinary length, as abstracts have them. '.repeat(20)),
    );
    const shares = html.split('<h2').slice(1).map(countCards);

    expect(shares).toHaveLength(4);
    expect(Math.min(...shares)).toBeGreaterThan(1);
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
  });

  test('has as many papers as fit', () => {
    const { html } = render(
      createHugeDigest(2, 50, 'A sentence of an ordinary length, as abstracts have them. '.repeat(20)),
    );
    expect(Buffer.byteLength(html)).toBeGreaterThan(MAX_HTML_BYTES * 0.9);
  });
});

test('a digest of 30 ordinary papers is sent whole', () => {
  const abstract = 'A sentence of an ordinary length, as abstracts have them. '.repeat(20);
  const matches = Array.from({ length: 30 }, () =>
    createMatch({ abstract, title: 'An Ordinary Title '.repeat(4) }),
  );
  const { html } = render(createDigest({ sections: [createSection({ matches })] }));

  expect(countCards(html)).toBe(30);
  expect(html).not.toContain('matched.');
});
