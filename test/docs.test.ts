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
