import { describe, expect, test } from '@jest/globals';
import type { Digest } from '../../../shared/matching/digest.ts';
import { toPaperText } from '../../../shared/presentation/reader-text.ts';
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
import { runs } from '../../thorough.ts';
import { hostileText } from './hostile-texts.ts';
import { listConditions } from './list-state-samples.ts';
import { ACCEPTED_UNKNOWN, findMistakes, findUnknown, removeOurMarkup } from './mail-html.ts';

/** Creates a digest with the given text in every place for outside text. */
function createFullDigest(text = 'An ordinary text. It goes on.'): Digest {
  const subscriptions = [
    createSubscription({ id: 's1', query: text }),
    createSubscription({ id: 's2', lists: ['arxiv/cs.CL'] }),
    createSubscription({ id: 's3', lists: ['arxiv/cs.LG'], query: text }),
  ];
  const [first = createSubscription(), second = createSubscription()] = subscriptions;
  const paper = {
    title: text,
    abstract: text,
    organisation: text,
    repositoryUrl: 'https://code.example.org/a?b=1&c="2"',
    stars: 1200,
    projectUrl: 'https://paper.example.org',
  };
  return createDigest({
    subscriber: createSubscriber({ subscriptions }),
    sections: [
      createSection({
        subscription: first,
        matches: [
          createMatch(paper, [createReason(text, 'title')]),
          createMatch({ ...paper, aiSummary: text, upvotes: 0 }),
        ],
        moreCount: 3,
      }),
      createSection({ subscription: second, matches: [createMatch({ ...paper, upvotes: 0, comments: 0 })] }),
    ],
    listConditions: listConditions(5),
  });
}

const toHtml = (digest: Digest, name = 'Broadsheet') =>
  renderTexts(digest, createPublication({ name, postalAddress: '1 Example Street, Berlin' }), exampleLinks)
    .html;

describe('the HTML of a digest', () => {
  test('is valid and accessible', async () => {
    expect(await findMistakes(toHtml(createFullDigest()))).toEqual([]);
  });

  test('is valid for the smallest digest', async () => {
    const matches = [createMatch({ abstract: '', upvotes: 0, comments: 0, authorCount: 0 })];
    const digest = createDigest({ sections: [createSection({ matches })], listConditions: new Map() });
    expect(await findMistakes(toHtml(digest))).toEqual([]);
  });

  test('stays valid and free of foreign markup with any text', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, hostileText, async (text, name) => {
        const html = toHtml(createFullDigest(text), `Name ${name}`);
        const title = /<h3[^>]*><a[^>]*>([^<]*)<\/a><\/h3>/.exec(html)?.[1] ?? '';

        expect(removeOurMarkup(html)).not.toMatch(/[<>]/);
        expect(await findMistakes(html)).toEqual([]);
        expect(unescapeText(title)).toBe(toPaperText(text, 240) || '2601.00001');
      }),
      { numRuns: runs(20, 200) },
    );
  });

  test('names its language and marks tables as layout', () => {
    const html = toHtml(createFullDigest());
    expect(html).toMatch(/<html lang="en"/);
    for (const [table] of html.matchAll(/<table[^>]*>/g)) expect(table).toContain('role="presentation"');
  });
});

test('Gmail, Outlook and Apple Mail support what the HTML uses, with accepted exceptions', () => {
  const html = toHtml(createFullDigest());

  expect(html).toContain('class="ink mark"');
  expect(findUnknown(html)).toEqual(ACCEPTED_UNKNOWN);
});

function unescapeText(html: string): string {
  return html
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
