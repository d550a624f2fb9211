import { describe, expect, test } from '@jest/globals';
import { caniemail } from 'caniemail';
import fc from 'fast-check';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import type { Digest } from '../../../shared/domain/digest.ts';
import { toReaderText } from '../../../shared/mail/reader-text.ts';
import { renderDigest } from '../../../shared/mail/render-digest.ts';
import {
  createDigest,
  createMatch,
  createPublication,
  createSection,
  exampleLinks,
} from '../../factories/digests.ts';
import { createSubscriber, createSubscription } from '../../factories/subscribers.ts';
import { hostileText } from './hostile-texts.ts';
import { listStates } from './list-state-samples.ts';

/** A digest with a hostile text, or an ordinary one, in every place that holds text from outside. */
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
          createMatch(paper, [{ term: text, field: 'title' }]),
          createMatch({ ...paper, aiSummary: text, upvotes: 0 }),
        ],
        moreCount: 3,
      }),
      createSection({ subscription: second, matches: [createMatch({ ...paper, upvotes: 0, comments: 0 })] }),
    ],
    listStates: listStates(5),
  });
}

const toHtml = (digest: Digest, name = 'Broadsheet') =>
  renderDigest(digest, createPublication({ name, postalAddress: '1 Example Street, Berlin' }), exampleLinks)
    .html;

const validator = new HtmlValidate(
  new StaticConfigLoader({
    extends: ['html-validate:standard', 'html-validate:document', 'html-validate:a11y'],
    rules: {
      // Outlook for Windows puts space between and into cells unless these two attributes of tables say 0.
      'no-deprecated-attr': 'off',
    },
  }),
);

async function findMistakes(html: string): Promise<readonly string[]> {
  const { results } = await validator.validateString(html);
  return results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`));
}

/** The only markup of a digest: these tags with quoted attributes, the two comments for Outlook, and one style sheet. */
const MARKUP =
  /<!DOCTYPE html>|<!--\[if mso\]><[^!]*><!\[endif\]-->|<style>[^<]*<\/style>|<\/?(?:html|head|meta|title|body|div|table|tbody|tr|td|h1|h2|h3|p|a|span|br|ul|li)(?: [a-z-]+="[^"<>]*")*\/?>/g;

describe('the HTML of a digest', () => {
  test('is valid and accessible', async () => {
    expect(await findMistakes(toHtml(createFullDigest()))).toEqual([]);
  });

  test('is valid with the least a digest can hold', async () => {
    const matches = [createMatch({ abstract: '', upvotes: 0, comments: 0, authorCount: 0 })];
    const digest = createDigest({ sections: [createSection({ matches })], listStates: new Map() });
    expect(await findMistakes(toHtml(digest))).toEqual([]);
  });

  test('stays valid and holds no markup of anybody else, whatever the texts', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, hostileText, async (text, name) => {
        const html = toHtml(createFullDigest(text), `Name ${name}`);
        const title = /<h3[^>]*><a[^>]*>([^<]*)<\/a><\/h3>/.exec(html)?.[1] ?? '';

        expect(html.replace(MARKUP, '')).not.toMatch(/[<>]/);
        expect(await findMistakes(html)).toEqual([]);
        expect(unescapeText(title)).toBe(toReaderText(text, 240) || '2601.00001');
      }),
      { numRuns: 60 },
    );
  });

  test('says its language and that tables are only for layout', () => {
    const html = toHtml(createFullDigest());
    expect(html).toMatch(/<html lang="en"/);
    for (const [table] of html.matchAll(/<table[^>]*>/g)) expect(table).toContain('role="presentation"');
  });
});

/**
 * What some programs do not know, and why the mail does without it there. Everything else has to be known by all of Gmail,
 * Outlook and Apple Mail.
 */
const ACCEPTED: Readonly<Record<string, { readonly clients: readonly string[]; readonly reason: string }>> = {
  '<style> element': {
    clients: ['gmail.mobile-webmail'],
    reason: 'the style sheet only adds dark mode and phone sizes; all else is inline',
  },
  '@media': {
    clients: ['gmail.mobile-webmail', 'outlook.windows', 'outlook.windows-mail'],
    reason: 'no dark mode of ours and desk sizes, which fit a phone as well',
  },
  'Class selector': { clients: ['gmail.mobile-webmail'], reason: 'part of the style sheet' },
  'Descendant combinator': { clients: ['gmail.mobile-webmail'], reason: 'part of the style sheet' },
  'Attribute selector': {
    clients: ['gmail.mobile-webmail', 'outlook.windows', 'outlook.windows-mail'],
    reason: 'it is for the dark mode of other Outlooks',
  },
  'display:none': {
    clients: ['gmail.mobile-webmail'],
    reason: 'the preheader is hidden by its height of 0 as well',
  },
  overflow: {
    clients: ['outlook.windows', 'outlook.windows-mail'],
    reason: 'the preheader is hidden by display:none and mso-hide as well',
  },
  'role attribute': {
    clients: ['outlook.windows-mail'],
    reason: 'a program that ignores roles reads tables as text',
  },
  'word-break': { clients: ['outlook.windows-mail'], reason: 'only a word longer than the column needs it' },
  '<body> element': { clients: ['outlook.macos'], reason: 'the ground is set again on the element inside' },
};

test('Gmail, Outlook and Apple Mail know what the HTML uses, but for what is accepted', () => {
  const { issues } = caniemail({
    clients: ['gmail.*', 'outlook.*', 'apple-mail.*'],
    html: toHtml(createFullDigest()),
  });
  const found: Record<string, Set<string>> = {};
  for (const [client, errors] of issues.errors) {
    for (const { title } of errors) {
      found[title] ??= new Set();
      found[title].add(client);
    }
  }

  const accepted = Object.entries(ACCEPTED).map(([title, { clients }]) => [title, new Set(clients)]);
  expect(found).toEqual(Object.fromEntries(accepted));
});

function unescapeText(html: string): string {
  return html
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
