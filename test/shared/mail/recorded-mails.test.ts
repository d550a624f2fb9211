import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from 'parse5';
import { mergePaper } from '../../../shared/domain/papers/merge-paper.ts';
import type { Paper } from '../../../shared/domain/papers/paper.ts';
import type { Subscriber } from '../../../shared/domain/subscribers/subscriber.ts';
import { composeDigestMail, renderDigest } from '../../../shared/mail/compose-digest-mail.ts';
import { type DigestContent, toDigestContent } from '../../../shared/mail/digest-content.ts';
import { toSubject } from '../../../shared/mail/subject.ts';
import { type Digest, selectSections } from '../../../shared/matching/digest.ts';
import { buildDayIndex } from '../../../shared/matching/index/day-index.ts';
import { openDay } from '../../../shared/matching/index/open-day.ts';
import { openWindow } from '../../../shared/matching/window.ts';
import { toCompactNumber } from '../../../shared/presentation/wording.ts';
import { parseHfPage } from '../../../shared/sources/hf-daily/hf-page.ts';
import { createDigest, createPublication, exampleLinks } from '../../factories/digests.ts';
import { createSubscriber, createSubscription } from '../../factories/subscribers.ts';
import { isThorough } from '../../thorough.ts';
import { readMessage } from './read-message.ts';

// Recorded answers of others. They are never part of the repository. These tests run only if a copy lies beside it.
const folder = new URL('../../../../shared/recordings/hf/', import.meta.url);
const files = existsSync(folder)
  ? readdirSync(folder).filter((file) => /^\d{4}-\d{2}-\d{2}\.at-.*\.json$/.test(file))
  : [];
const days = [...new Set(files.map((file) => file.slice(0, 10)))].sort();

/** The papers of a day, with the votes of each recording. */
function readDay(day: string): readonly Paper[] {
  const papers = new Map<string, Paper>();
  for (const [n, file] of files.filter((name) => name.startsWith(day)).entries()) {
    const now = `${day}T0${n}:00:00.000Z`;
    const body = readFileSync(new URL(file, folder), 'utf8');
    const context = { askedDay: day, now, seenIds: new Set<string>() };
    for (const { facts } of parseHfPage({ status: 200, body }, context).items)
      papers.set(facts.id, mergePaper(papers.get(facts.id), facts, now));
  }
  return [...papers.values()];
}

/** Readers who share cards, and differ in what is around them. Each day has all of them. */
const READERS: readonly Subscriber[] = [
  { subscriptions: [createSubscription({ maxPapers: 50 })] },
  { subscriptions: [createSubscription({ query: 'model OR "language model" OR video', maxPapers: 5 })] },
  { subscriptions: [createSubscription({ query: 'has:code upvotes:>=5', sort: 'new' as const })] },
  {
    timeZone: 'America/Los_Angeles',
    subscriptions: [createSubscription({ query: 'agent*', maxPapers: 3 }), createSubscription({ id: 's2' })],
  },
  { format: 'text' as const },
].map((choices, n) => createSubscriber({ id: `reader-${n}`, ...choices }));

const publication = createPublication({ postalAddress: '1 Example Street, Berlin' });

function toDigests(day: string, papers: readonly Paper[]): readonly Digest[] {
  const window = openWindow([{ list: 'hf-daily', index: openDay(buildDayIndex(papers)), papers }]);
  const days = { first: day, last: day };
  return READERS.flatMap((subscriber) => {
    const { sections } = selectSections(subscriber, 'daily', window, []);
    const composedAt = `${day}T23:00:00.000Z`;
    return sections.length > 0
      ? [createDigest({ subscriber, period: day, days, composedAt, asOf: composedAt, sections })]
      : [];
  });
}

type Element = DefaultTreeAdapterTypes.Element;

function findAll(
  node: DefaultTreeAdapterTypes.Node,
  isWanted: (element: Element) => boolean,
): readonly Element[] {
  const inside = 'childNodes' in node ? node.childNodes.flatMap((child) => findAll(child, isWanted)) : [];
  return defaultTreeAdapter.isElementNode(node) && isWanted(node) ? [node, ...inside] : inside;
}

function textOf(node: DefaultTreeAdapterTypes.Node): string {
  if (defaultTreeAdapter.isTextNode(node)) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

/** Returns the row of a title, which is in a cell. */
function rowOf(title: Element): DefaultTreeAdapterTypes.Node {
  const cell = title.parentNode;
  return (cell && 'parentNode' in cell && cell.parentNode) || title;
}

const hrefOf = (link: Element) => link.attrs.find(({ name }) => name === 'href')?.value ?? '';
/** Lines are broken elsewhere in each part, and the HTML binds words that belong together. */
const withoutSpaces = (text: string) => text.replace(/\s/g, '');

/** What the row of each card says, made of its texts as they are before they become parts of a message. */
function toRows({ sections }: DigestContent): readonly string[] {
  return sections
    .flatMap(({ cards }) => cards)
    .map(({ votes, title, meta, excerpt, reason = '' }) => {
      const votesText = votes === 0 ? '' : `${toCompactNumber(votes)}${votes === 1 ? 'vote' : 'votes'}`;
      return withoutSpaces(
        [votesText, title, meta.map(({ text }) => text).join('·'), excerpt, reason].join(''),
      );
    });
}

if (days.length === 0) {
  process.stdout.write(`No recordings at ${folder.pathname}: their mails are not checked\n`);
  test.skip(`recorded mails: there are none at ${folder.pathname}`, () => undefined);
} else {
  describe('the mails of every recorded day, read by another MIME parser', () => {
    let mailed = 0;

    test.each(days)('%s', async (day) => {
      for (const digest of toDigests(day, readDay(day))) {
        const content = toDigestContent(digest, publication, exampleLinks);
        const { html, text } = renderDigest(digest, publication, exampleLinks);
        const { parsed, source, headers } = await readMessage(
          composeDigestMail(digest, publication, exampleLinks),
        );
        const isHtml = digest.subscriber.format === 'html';
        mailed += 1;

        // The sizes are added up, and nothing is measured. The parser adds a line break to each of several parts.
        expect(Buffer.byteLength(parsed.text ?? '')).toBe(text.bytes + (isHtml ? 1 : 0));
        if (isHtml) expect(Buffer.byteLength(parsed.html ?? '')).toBe(html.bytes + 1);
        expect(source.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);

        const tree = parse(parsed.html ?? '');
        const titles = findAll(tree, ({ tagName }) => tagName === 'h3');
        const links = findAll(tree, ({ tagName }) => tagName === 'a').map(hrefOf);
        if (isHtml) {
          expect(titles.map((title) => withoutSpaces(textOf(rowOf(title))))).toEqual(toRows(content));
          const titleLinks = titles.flatMap((title) =>
            findAll(title, ({ tagName }) => tagName === 'a').map(hrefOf),
          );
          const urls = content.sections.flatMap(({ cards }) => cards.map(({ url }) => url));
          expect(titleLinks).toEqual(urls);
          const inText = parsed.text?.match(/^ *https:\S+$/gm)?.map((line) => line.trim());
          expect(new Set(inText)).toEqual(new Set(links));
        } else expect(parsed.html).toBeUndefined();
        // The text part has the titles and excerpts of all cards, in their order.
        let from = 0;
        const flat = withoutSpaces(parsed.text ?? '');
        for (const { title, excerpt } of content.sections.flatMap(({ cards }) => cards)) {
          for (const part of [title, excerpt].map(withoutSpaces)) {
            expect(flat.slice(from)).toContain(part);
            from = flat.indexOf(part, from) + part.length;
          }
        }

        expect(parsed.subject).toBe(toSubject(content));
        expect(parsed.to).toEqual([{ name: '', address: digest.subscriber.address }]);
        expect(new Date(parsed.date ?? '').toISOString()).toBe(digest.composedAt);
        expect(new Set(headers.map(({ name }) => name)).size).toBe(headers.length);
      }
    });

    test('are the same bytes from a worker that composed all others', () => {
      const toRaw = (digest: Digest) => composeDigestMail(digest, publication, exampleLinks).raw;
      for (const day of days.filter((_, n) => isThorough || n % 4 === 0)) {
        const [first, again] = [toDigests(day, readDay(day)), toDigests(day, readDay(day))];
        expect(first.map(toRaw)).toEqual(again.toReversed().map(toRaw).toReversed());
      }
      expect(mailed).toBeGreaterThan(2 * days.length);
    });
  });
}
