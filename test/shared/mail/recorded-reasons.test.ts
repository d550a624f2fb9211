import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { mergePaper } from '../../../shared/domain/papers/merge-paper.ts';
import type { Paper } from '../../../shared/domain/papers/paper.ts';
import { toReadableTex } from '../../../shared/domain/text/readable-tex.ts';
import { addDays } from '../../../shared/domain/time/time.ts';
import { buildDayIndex } from '../../../shared/matching/index/day-index.ts';
import type { MatchReason } from '../../../shared/matching/index/explain.ts';
import { openDay } from '../../../shared/matching/index/open-day.ts';
import { parseQuery } from '../../../shared/matching/query/parse-query.ts';
import { openWindow } from '../../../shared/matching/window.ts';
import { toCard } from '../../../shared/presentation/card-content.ts';
import { parseHfPage } from '../../../shared/sources/hf-daily/hf-page.ts';

// Recorded answers of others. They are never part of the repository. These tests run only if a copy lies beside it.
const folder = new URL('../../../../shared/recordings/hf/', import.meta.url);
const files = existsSync(folder)
  ? readdirSync(folder).filter((file) => /^\d{4}-\d{2}-\d{2}\.at-.*\.json$/.test(file))
  : [];

/** `2025-01-21.at-2025-01-22T1558Z.json` gives `2025-01-22T15:58:00.000Z`. */
function seenAtOf(file: string): string {
  const [, day, hour, minute] = /\.at-(\S+)T(\d\d)(\d\d)Z/.exec(file) ?? [];
  return `${day}T${hour}:${minute}:00.000Z`;
}

/** Every recorded paper with the votes of each recording, as ingest would store it. */
function readPapers(): readonly Paper[] {
  const papers = new Map<string, Paper>();
  for (const file of [...files].sort((a, b) => (seenAtOf(a) < seenAtOf(b) ? -1 : 1))) {
    const now = seenAtOf(file);
    const context = { askedDay: file.slice(0, 10), now, seenIds: new Set<string>() };
    const body = readFileSync(new URL(file, folder), 'utf8');
    for (const { facts } of parseHfPage({ status: 200, body }, context).items)
      papers.set(facts.id, mergePaper(papers.get(facts.id), facts, now));
  }
  return [...papers.values()];
}

const QUERIES = [
  ...[
    'agents',
    '"language model"',
    'diffus* OR flow',
    'multi-modal -video',
    'title:benchmark',
    'abstract:reward',
  ],
  ...[
    'keyword:reasoning',
    'org:google',
    'has:code upvotes:>=10',
    'has:project',
    'author:Wang',
    'author:"Y. Zhang"',
  ],
  ...[
    'comments:>2',
    'authors:<4',
    'stars:>100',
    'upvotes:<5',
    'authors:=1',
    '"chain of thought" (math OR code)',
  ],
  ...['author:"Wei Liu" OR org:microsoft', 'text* upvotes:>20', '(video OR audio) generation -survey', ''],
];

/** The letters and digits of a text in small letters, without anything between them. */
const toSigns = (text: string) =>
  toReadableTex(text)
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();

const FIELDS: Readonly<Record<string, (paper: Paper) => readonly string[]>> = {
  title: ({ title }) => [title],
  abstract: ({ abstract }) => [abstract],
  keyword: ({ aiKeywords }) => aiKeywords,
  org: ({ organisation = '' }) => [organisation],
};

/** Checks a reason without the engine. A word of a query may differ from a word of the text only in its ending. */
function isTrue({ condition, field }: MatchReason, paper: Paper): boolean {
  switch (condition.kind) {
    case 'text': {
      const texts = (FIELDS[field ?? ''] ?? (() => []))(paper).map(toSigns);
      const words = condition.text.split(/[\s-]+/).map(toSigns);
      return texts.some((text) => words.every((word) => text.includes(word.replace(/(?:ies|es|y|s)$/, ''))));
    }
    case 'author': {
      const family = toSigns(condition.text.split(' ').at(-1) ?? '');
      return paper.authors.some((author) => toSigns(author).includes(family));
    }
    case 'has':
      return (condition.what === 'code' ? paper.repositoryUrl : paper.projectUrl) !== undefined;
    case 'number': {
      const number =
        condition.field === 'authors' ? paper.authorCount : (paper[condition.field] ?? Number.NaN);
      const holds = {
        '>': number > condition.value,
        '<': number < condition.value,
        '=': number === condition.value,
      };
      const sign = condition.operator[0] as keyof typeof holds;
      return holds[sign] || (condition.operator.endsWith('=') && number === condition.value);
    }
    default:
      throw new Error(`add a check for ${condition.kind}`);
  }
}

if (files.length === 0) {
  process.stdout.write(`No recordings at ${folder.pathname}: their reasons are not checked\n`);
  test.skip(`recorded reasons: there are none at ${folder.pathname}`, () => undefined);
} else {
  describe('on all recorded papers', () => {
    const papers = readPapers();
    const window = openWindow([{ list: 'hf-daily', index: openDay(buildDayIndex(papers)), papers }]);

    test.each(QUERIES)('every reason of "%s" is true', (text) => {
      const query = parseQuery(text);
      const { matches } = window.select({ query, lists: ['hf-daily'], limit: papers.length });
      const wrong = matches.flatMap(({ paper, reasons }) =>
        reasons.filter((reason) => !isTrue(reason, paper)).map((reason) => ({ paper: paper.id, reason })),
      );

      expect(matches.length).toBeGreaterThan(0);
      expect(matches.every(({ reasons }) => reasons.length > 0)).toBe(text !== '');
      expect(wrong).toEqual([]);
    });

    test('every growth that a card names is in the recorded votes', () => {
      let grown = 0;
      for (const paper of papers) {
        const today = (paper.voteCounts.at(-1)?.at ?? '').slice(0, 10);
        const { reason = '' } = toCard({ paper, reasons: [] }, ['hf-daily'], today, 'UTC');
        if (reason === '') continue;
        const [, votes = '', rise = '', days = '1'] =
          /^([\d,]+) votes?, \+(\d+) (?:since yesterday|in (\d+) days)\.$/.exec(reason) ?? [];
        const before = addDays(today, -Number(days));
        const base = paper.voteCounts.findLast(({ at }) => at.slice(0, 10) < today);
        expect({ reason, votes: Number(votes.replace(',', '')) }).toEqual({ reason, votes: paper.upvotes });
        expect([reason, base?.at.slice(0, 10), base?.upvotes]).toEqual([
          reason,
          before,
          paper.upvotes - Number(rise),
        ]);
        grown += 1;
      }
      expect(grown).toBeGreaterThan(50);
    });

    test('every marked part of a card is a part that the query asked for', () => {
      const query = parseQuery('agents');
      const { matches } = window.select({ query, lists: ['hf-daily'], limit: papers.length });
      const marked = matches.flatMap((match) => {
        const { titleParts, excerptParts } = toCard(match, ['hf-daily'], '2026-01-01');
        return [...titleParts, ...excerptParts].filter(({ isFound }) => isFound).map(({ text }) => text);
      });

      expect(marked.length).toBeGreaterThan(10);
      expect(marked.filter((text) => !/^agents?/i.test(text))).toEqual([]);
    });
  });
}
