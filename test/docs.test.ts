import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { describe, expect, test } from '@jest/globals';

const PAGES = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--', '*.md'], {
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .filter((page) => existsSync(page));

const read = (page: string) => readFileSync(page, 'utf8').replaceAll(/^```.*?^```/gms, '');

/** The anchors of a page's headings, as GitHub makes them: `#dkim-spf-and-dmarc`. */
function anchorsOf(page: string): readonly string[] {
  return headingsOf(page).map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function headingsOf(page: string): readonly string[] {
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
}

describe('each link within the documents leads somewhere', () => {
  test.each(PAGES)('%s', (page) => {
    const broken = [...read(page).matchAll(/\]\((?!https?:|mailto:)([^)#]*)(?:#([^)]*))?\)/g)].filter(
      ([, path, anchor]) => {
        const target = path ? join(dirname(page), path) : page;
        if (!existsSync(target)) return true;
        return anchor !== undefined && !anchorsOf(target).includes(anchor);
      },
    );

    expect(broken.map(([link]) => link)).toEqual([]);
  });
});

describe('each file that a document names exists', () => {
  // Decisions and releases name what there was.
  test.each(PAGES.filter((page) => !/^(?:docs\/adr\/|CHANGELOG)/.test(page)))('%s', (page) => {
    const named = [
      ...read(page).matchAll(/`((?:bench|cli|docs|functions|infra|local|shared|test)\/[\w./-]+)`/g),
    ].map(([, path = '']) => path);

    expect(named.filter((path) => !existsSync(path))).toEqual([]);
  });
});

describe('each function has a page', () => {
  const folders = readdirSync('functions');

  test('there are functions', () => {
    expect(folders).toContain('send-digests');
  });

  test.each(folders)('%s', (folder) => {
    const page = `functions/${folder}/README.md`;

    expect(headingsOf(page)).toEqual([folder, 'Purpose', 'Flow', 'Reads and writes', 'Failure modes']);
    expect(read(page).split('\n').length).toBeLessThanOrEqual(42);
  });
});

test('the runbook has its tasks in the order of their list', () => {
  const headings = headingsOf('docs/operating.md');
  const listed = [...read('docs/operating.md').matchAll(/^- \[(.+?)\]\(#/gm)].map(([, title]) => title);

  expect(headings.slice(headings.indexOf('Tasks') + 1)).toEqual(listed);
});

describe('the runbook explains each value that a log line may have', () => {
  /** Returns the texts in quotation marks in the part of a source file that a pattern matches. */
  const textsIn = (file: string, part: RegExp) =>
    [...readFileSync(file, 'utf8').matchAll(part)].flatMap(([found]) =>
      [...found.matchAll(/'([^']+)'/g)].map(([, text = '']) => text),
    );
  /** Returns what the first column of a table names. Code marks do not count. */
  const namedBelow = (title: string) => {
    const [, table = ''] = ['docs/operating.md', 'docs/alarms.md']
      .map(read)
      .join('\n')
      .split(new RegExp(`^ *\\| \`${title}\` \\|.*\n *\\|[-|]+\\n`, 'm'));
    const [rows = ''] = table.split(/\n\s*\n/);
    return rows
      .split('\n')
      .flatMap((row) => (row.split('|')[1] ?? '').replaceAll('`', '').trim().split(', '));
  };
  const SENDING = 'shared/pipeline/sending/waiting.ts';
  const SES = 'shared/adapters/ses/send-result.ts';
  const BUDGETS = ['shared/subscribers/ask-for-mail.ts', 'shared/subscribers/answer-request.ts'];

  test.each([
    ['reason', textsIn(SENDING, /^const putOffReasons = \[.*?^\] as const/gms), []],
    [
      'detail',
      [
        ...textsIn(SES, /^const STOPPING = new Set.*?^\]\)/gms),
        ...textsIn(SES, /(?<=kind: 'stopped', reason: )'[^']+'/g),
      ],
      ['another name'],
    ],
    ['budget', BUDGETS.flatMap((file) => textsIn(file, /(?<=\bbudget: )'[^']+'/g)), []],
  ])('%s', (title, logged, others) => {
    expect(logged.length).toBeGreaterThan(1);
    expect(namedBelow(title).toSorted()).toEqual([...logged, ...others].toSorted());
  });
});
