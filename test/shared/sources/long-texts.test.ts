import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { readArxivId } from '../../../shared/sources/arxiv/arxiv-id.ts';
import { readAuthorNames } from '../../../shared/sources/author-names.ts';
import { readAuthors } from '../../../shared/sources/feed/authors.ts';
import { parseFeedBody } from '../../../shared/sources/feed/parse-feed.ts';
import { toPlainText } from '../../../shared/sources/plain-text.ts';
import { toWebUrl } from '../../../shared/sources/web-url.ts';
import { parseXmlLeniently } from '../../../shared/sources/xml.ts';

/** Far above what each takes, and far below what it would take if its time grew with the square of the length. */
const TIMEOUT_MS = 60_000;

const ROOT = `<rss ${'a="b" '.repeat(30_000)}>`;
const ITEM = '<item><title>A paper</title></item>';

/** Somebody who writes texts of a source must not be able to stop the reading of all others. */
test.each([
  [
    'brackets between names',
    () => readAuthorNames('Ada () '.concat('() '.repeat(1_000_000), '!')),
    ['Ada !'],
  ],
  ['authors after an at sign', () => readAuthors(Array(400).fill(`@${'a'.repeat(29_000)}`)).length, 400],
  ['tabs in a link', () => toWebUrl(`https://example.org/${'\t'.repeat(1_000_000)}`), undefined],
  [
    'a root of many attributes',
    () => parseFeedBody(ROOT + ITEM.repeat(2_000)).problem,
    'the feed cannot be parsed',
  ],
  [
    'accents on one letter',
    () => toPlainText(`e${'\u0327\u0301'.repeat(2_000_000)}`).normalize('NFD'),
    `e${'\u0327'.repeat(4)}${'\u0301'.repeat(4)}`,
  ],
  ['ids of arXiv in one text', () => readArxivId(`${'/0000.00000?'.repeat(200_000)}\n!`), undefined],
  ['raw texts without an end', () => parseXmlLeniently(`<a>${'<![CDATA['.repeat(100_000)}</a>`), ''],
])('a text that an attacker made long is read as fast as others: %s', (_, run, expected) => {
  expect(runInNewContext('run()', { run }, { timeout: TIMEOUT_MS })).toEqual(expected);
});
