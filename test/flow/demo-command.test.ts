import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import PostalMime from 'postal-mime';
import * as z from 'zod';
import { runDemoCommand } from '../../local/demo/command.ts';
import { makeHfItem } from '../factories/hf-item.ts';
import { countRecorded, recordedDates, recordingsFolder } from './recordings.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-demo-command-'));
});

afterEach(() => rm(folder, { recursive: true }));

interface Ended {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `npm run demo` with arguments, without the environment's settings for lists. */
function startDemo(...args: readonly string[]): Promise<Ended> {
  const env = { ...process.env, BROADSHEET_HF_URL: '' };
  return new Promise((resolve) => {
    execFile('node', ['local/demo.mjs', ...args], { cwd: root, env }, (error, stdout, stderr) => {
      resolve({ code: error ? error.code : 0, stdout, stderr });
    });
  });
}

/** Runs the command in this process, which takes a fraction of the time of a new one. */
async function run(...args: readonly string[]): Promise<Ended> {
  return runWith('', args);
}

/** Runs the command in this process with the address of a list, and with the options that npm took. */
async function runWith(
  listsUrl: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const printed = { stdout: '', stderr: '' };
  const code = await runDemoCommand(args, {
    listsUrl,
    env,
    print: (text) => {
      printed.stdout += `${text}\n`;
    },
    printError: (text) => {
      printed.stderr += `${text}\n`;
    },
  });
  return { code, ...printed };
}

const count = z.int().nonnegative();
const summarySchema = z.looseObject({
  itemsRead: count,
  itemsRejected: count,
  papersIngested: count,
  due: count,
  sent: count,
  skipped: z.record(z.string(), count),
  outbox: z.string(),
});

/** Returns the summary, which must be the only line of standard output. */
function parseSummary(stdout: string): z.infer<typeof summarySchema> {
  expect(stdout.split('\n')).toEqual([expect.stringMatching(/^\{.*\}$/), '']);
  return summarySchema.parse(JSON.parse(stdout));
}

describe('npm run demo', () => {
  test('refuses options that npm took for its own, and says what to write', async () => {
    const { code, stderr } = await runWith('', ['mails'], {
      npm_config_json: 'true',
      npm_config_out: 'true',
    });

    expect(code).toBe(2);
    expect(stderr).toContain('Write "--" before the options: npm run demo -- --json --out mails\n');
  });

  test('prints one line of JSON, and writes each mail and its parts', async () => {
    const replay = join(folder, 'recordings');
    const out = join(folder, 'out');
    await writeRecording(replay, '2026-01-06.at-2026-01-07T0201Z.json', ['2601.00001', '2601.00002']);
    await writeRecording(replay, '2026-01-06.at-2026-01-07T1201Z.json', ['2601.00003']);

    const ended = await startDemo('--replay', replay, '--date', '2026-01-06', '--out', out, '--json');

    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(parseSummary(ended.stdout)).toMatchObject({
      itemsRead: 2,
      itemsRejected: 0,
      papersIngested: 2,
      due: 3,
      sent: 1,
      skipped: { 'nothing-new': 2 },
      outbox: out,
    });
    expect(await readdir(out)).toEqual(['1-ada.eml', '1-ada.html', '1-ada.txt']);
    const mail = await PostalMime.parse(await readFile(join(out, '1-ada.eml')));
    expect(mail.to?.map(({ address }) => address)).toEqual(['ada@readers.example']);
    expect(await readFile(join(out, '1-ada.html'), 'utf8')).toBe(mail.html);
    expect(await readFile(join(out, '1-ada.txt'), 'utf8')).toBe(mail.text);
  });

  test('no mail of the samples calls a list late', async () => {
    const ended = await run('--out', folder, '--json');

    expect(parseSummary(ended.stdout)).toMatchObject({ due: 3, sent: 3 });
    for (const text of await readTexts(folder))
      expect(text.replaceAll('\n', ' ')).toContain(
        'Up to date: Hugging Face Daily Papers, arXiv cs.CL, arXiv cs.LG and arXiv cs.CV.',
      );
  });

  test('leaves out the days after the last one', async () => {
    const replay = join(folder, 'recordings');
    await writeRecording(replay, '2026-01-05.at-2026-01-05T1201Z.json', ['2601.00001', '2601.00002']);
    await writeRecording(replay, '2026-01-06.at-2026-01-06T0201Z.json', ['2601.00003']);

    const ended = await run('--replay', replay, '--date', '2026-01-05', '--out', folder, '--json');

    expect(parseSummary(ended.stdout)).toMatchObject({ itemsRead: 2, papersIngested: 2 });
  });

  const isRecorded = recordedDates.includes('2026-01-06');
  const withRecordings = isRecorded ? test : test.skip;
  if (!isRecorded)
    process.stdout.write(`skipped: there is no recorded list of 2026-01-06 at ${recordingsFolder}\n`);

  withRecordings('runs on the recorded lists of a day', async () => {
    const args = ['--replay', recordingsFolder, '--date', '2026-01-06', '--out', folder, '--json'];

    const summary = parseSummary((await run(...args)).stdout);

    const { items, papers } = countRecorded('2026-01-06');
    expect(summary).toMatchObject({ itemsRead: items, papersIngested: papers, due: 3, sent: 3, skipped: {} });
    const files = await readdir(folder);
    expect(files.filter((name) => name.endsWith('.eml'))).toHaveLength(3);
    expect(files.filter((name) => name.endsWith('.txt'))).toHaveLength(3);
    // Chandra gets plain text. The numbers show the order of the mails, which may vary.
    const readers = files.filter((name) => name.endsWith('.html')).map((name) => name.replace(/^\d+-/, ''));
    expect(readers.sort()).toEqual(['ada.html', 'ben.html']);
  });
});

/** An answer of the query API with one paper. */
const ANSWER = `<feed xmlns="http://www.w3.org/2005/Atom"><totalResults>1</totalResults><entry>
  <id>http://arxiv.org/abs/2601.00003v1</id><title>As arXiv Writes It</title><summary>One line.</summary>
  <published>2026-01-02T12:00:00Z</published><updated>2026-01-02T12:00:00Z</updated>
  <category term="math.AG"/><author><name>Ada Example</name></author></entry></feed>`;

describe('npm run demo with arXiv', () => {
  test('shows the lists of both sources in one digest, and what arXiv knows of other papers', async () => {
    const replay = join(folder, 'recordings');
    const out = join(folder, 'out');
    const picked = ['2601.00001', '2601.00003'];
    await writeRecording(join(replay, 'hf'), '2026-01-06.at-2026-01-07T0201Z.json', picked);
    await writeBatch(join(replay, 'arxiv'), '2026-01-06', ['2601.00001', '2601.00002']);
    await writeFile(join(replay, 'arxiv', 'api_one.json'), JSON.stringify({ body: ANSWER }));

    const ended = await run('--replay', replay, '--date', '2026-01-06', '--out', out, '--json');

    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(parseSummary(ended.stdout)).toMatchObject({ itemsRead: 4, papersIngested: 4, due: 3, sent: 1 });
    const [text = ''] = await readTexts(out);
    expect(text).toMatch(/Hugging Face Daily Papers[\s\S]*arXiv cs\.CL/);
    // The paper that both have is one.
    expect(text.match(/\/2601\.0000\d/g)?.sort()).toEqual(['/2601.00001', '/2601.00002', '/2601.00003']);
    expect(text).toContain('As arXiv Writes It');
  });

  const arxivFiles = ['feed_cs.CV_derived_2026-04-20.json', 'rss_cs_AI_2026-04.xml'];
  const arxivFolder = join(recordingsFolder, '..', 'arxiv');
  const isArxivRecorded = arxivFiles.every((file) => existsSync(join(arxivFolder, file)));
  const withArxiv = isArxivRecorded ? test : test.skip;
  if (!isArxivRecorded) process.stdout.write(`skipped: there are no recordings of arXiv at ${arxivFolder}\n`);

  withArxiv('runs on recorded announcements of two categories', async () => {
    const replay = join(folder, 'recordings');
    const out = join(folder, 'out');
    await mkdir(replay);
    for (const file of arxivFiles) await copyFile(join(arxivFolder, file), join(replay, file));
    const [derived = '', rss = ''] = await Promise.all(
      arxivFiles.map((file) => readFile(join(replay, file), 'utf8')),
    );

    const ended = await run('--replay', replay, '--date', '2026-04-27', '--out', out, '--json');

    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const items = derived.split('"arxiv_id"').length - 1 + rss.split('<item>').length - 1;
    const summary = parseSummary(ended.stdout);
    // Days between the recordings are asked for again, by OAI-PMH.
    expect(summary.itemsRead).toBeGreaterThanOrEqual(items);
    expect(summary.itemsRejected).toBe(0);
    expect(summary.sent).toBeGreaterThan(0);
    const texts = await readTexts(out);
    expect(texts.some((text) => text.includes('arXiv cs.CV and arXiv cs.AI'))).toBe(true);
  });

  test.each([
    ['feed_cs.CL_derived_2026-01-06.json', '{"date":'],
    ['rss_cs_CL_2026-01.xml', '<rss><channel><title>cs.CL updates on arXiv.org</title><item>'],
    ['oai_page1.xml', 'not found'],
  ])('names %s if it is the only recording and broken, and ends with 2', async (name, body) => {
    const replay = join(folder, 'recordings');
    await mkdir(replay);
    await writeFile(join(replay, name), body);

    const ended = await run('--replay', replay, '--date', '2026-01-06', '--out', join(folder, 'out'));

    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(`The recording "${join(replay, name)}" cannot be replayed whole: `);
  });

  test('a broken recording and a broken item cost only themselves, are named and counted, and end it with 1', async () => {
    const replay = join(folder, 'recordings');
    const [hf, arxiv, out] = [join(replay, 'hf'), join(replay, 'arxiv'), join(folder, 'out')];
    await writeRecording(hf, '2026-01-06.at-2026-01-07T0201Z.json', ['2601.00001']);
    await writeBatch(arxiv, '2026-01-06', ['2601.00002', '', '2601.00003']);
    const broken = {
      [join(hf, '2026-01-06.at-2026-01-07T0202Z.json')]: '[{"paper":',
      [join(arxiv, 'feed_cs.CL_derived_2026-01-05.json')]: '{"date":',
      [join(arxiv, 'rss_cs_CL_2026-01.xml')]: '<rss><channel><title>cs.CL updates on arXiv.org</title><item>',
      [join(arxiv, 'oai_page1.xml')]: 'not found',
      [join(arxiv, 'api_one.xml')]: '<html>busy</html>',
      [join(arxiv, 'api_two.json')]: '{}',
    };
    for (const [path, body] of Object.entries(broken)) await writeFile(path, body);
    await mkdir(join(arxiv, 'oai_folder.xml'));

    const args = ['--replay', replay, '--date', '2026-01-06', '--out', out];
    const ended = await run(...args, '--json');

    expect(ended.code).toBe(1);
    const paths = [...Object.keys(broken), join(arxiv, 'oai_folder.xml')];
    for (const path of paths)
      expect(ended.stderr.split(`The recording "${path}" cannot be replayed whole: `)).toHaveLength(2);
    expect(parseSummary(ended.stdout)).toMatchObject({
      papersIngested: 3,
      sent: 1,
      itemsRejected: 1,
      recordingsBroken: paths.length,
      rejections: [
        {
          asked: 'feed_cs.CL_derived_2026-01-06.json',
          item: '#1',
          reason: expect.stringContaining('arxiv_id'),
        },
      ],
    });
    const [text = ''] = await readTexts(out);
    expect(text.match(/\/2601\.0000\d/g)?.sort()).toEqual(['/2601.00001', '/2601.00002', '/2601.00003']);
    expect((await run(...args)).stdout).toMatch(/recordings broken +7\n/);
  });

  test('says which batches there are if none is near the day', async () => {
    const replay = join(folder, 'recordings');
    await writeBatch(replay, '2026-01-06', ['2601.00001']);

    const ended = await run('--replay', replay, '--date', '2026-03-01', '--out', join(folder, 'out'));

    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('Its newest batches are of 2026-01-06');
  });
});

describe('npm run demo with unreadable data', () => {
  test('names the recording that cannot be replayed and why, and no mail calls the list up to date', async () => {
    const replay = join(folder, 'recordings');
    const out = join(folder, 'out');
    await writeRecording(replay, '2026-01-05.at-2026-01-06T0201Z.json', ['2601.00001']);
    const torn = join(replay, '2026-01-06.at-2026-01-07T0201Z.json');
    await writeFile(torn, '[{"paper":');

    const ended = await run('--replay', replay, '--date', '2026-01-06', '--out', out);

    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain(
      `Problem: 2026-01-06 page 0: The recording "${torn}" cannot be replayed whole: expected a JSON array`,
    );
    const texts = await readTexts(out);
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) {
      expect(text).not.toContain('Up to date');
      expect(text.replaceAll('\n', ' ')).toContain(
        'Hugging Face Daily Papers: only a part could be read, so papers may be missing.',
      );
    }
  });

  test('names each rejected item, in the table with --verbose and always in the JSON', async () => {
    const replay = join(folder, 'recordings');
    await mkdir(replay, { recursive: true });
    await writeFile(
      join(replay, '2026-01-06.at-2026-01-07T0201Z.json'),
      JSON.stringify([
        makeHfItem({ id: '2601.00001' }),
        makeHfItem({ id: '2601.00002', title: ' ' }, { title: null }),
      ]),
    );
    const args = ['--replay', replay, '--date', '2026-01-06', '--out', join(folder, 'out')];
    const [asked, reason] = ['2026-01-06 page 0', 'paper.title is ""; expected a text'];

    const table = await run(...args, '--verbose');
    const first = 'Reading the papers and mailing the subscribers. This can take half a minute.\n\n';
    expect(table).toMatchObject({ code: 0, stderr: first });
    expect(table.stdout).toContain(`Rejected: ${asked}: 2601.00002: ${reason}`);

    const { rejections } = parseSummary((await run(...args, '--json')).stdout);
    expect(rejections).toEqual([{ asked, item: '2601.00002', reason }]);
  });
});

describe('npm run demo with invalid arguments', () => {
  test.each([
    ['a date that is not a day', ['--date', 'soon'], '--date is "soon"; expected a day such as 2026-01-06'],
    ['a day that does not exist', ['--date', '2026-02-30'], '--date is "2026-02-30"; expected a day such as'],
    [
      'a day that the samples do not have',
      ['--date', '2027-01-05'],
      '--date is "2027-01-05"; the samples have only 2026-01-05 and 2026-01-06',
    ],
    ['recordings without a date', ['--replay', 'recordings'], '--replay needs --date'],
    [
      'a folder that does not exist',
      ['--replay', 'nowhere', '--date', '2026-01-06'],
      'expected a folder with files named like "2026-01-06.at-2026-01-07T0201Z.json"',
    ],
  ])('%s: ends with 2, says what is expected, and prints no summary', async (_, args, message) => {
    const ended = await run(...args, '--json', '--out', join(folder, 'out'));

    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).toContain('npm run demo -- --help');
    expect(await readdir(folder)).toEqual([]);
  });

  test('an address that is none: the variable is named', async () => {
    const ended = await runWith('notaurl', ['--out', join(folder, 'out')]);

    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(
      'BROADSHEET_HF_URL is "notaurl"; expected an http or https address, such as https://huggingface.co/api/daily_papers',
    );
    expect(await readdir(folder)).toEqual([]);
  });

  test('a file in place of the folder for the mails', async () => {
    const out = join(folder, 'thesis.txt');
    await writeFile(out, 'mine');

    const ended = await run('--out', out);

    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(
      `"${out}" is a file, not a folder. Choose another one with --out <folder>.`,
    );
    expect(await readFile(out, 'utf8')).toBe('mine');
  });

  test('an unknown option: the process ends with 2 and names the help on standard error', async () => {
    const ended = await startDemo('--dates', '2026-01-06', '--json', '--out', join(folder, 'out'));

    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain("Unknown option '--dates'");
    expect(ended.stderr).toContain('npm run demo -- --help');
    expect(await readdir(folder)).toEqual([]);
  });
});

async function readTexts(out: string): Promise<readonly string[]> {
  const names = (await readdir(out)).filter((name) => name.endsWith('.txt'));
  return Promise.all(names.map((name) => readFile(join(out, name), 'utf8')));
}

async function writeRecording(replay: string, name: string, ids: readonly string[]): Promise<void> {
  await mkdir(replay, { recursive: true });
  await writeFile(
    join(replay, name),
    JSON.stringify(ids.map((id) => makeHfItem({ id, submittedOnDailyAt: null }))),
  );
}

/** Writes a batch of cs.CL. */
async function writeBatch(replay: string, day: string, ids: readonly string[]): Promise<void> {
  await mkdir(replay, { recursive: true });
  const papers = ids.map((id) => ({
    arxiv_id: id,
    title: `Paper ${id.slice(-1)}`,
    abstract: 'One line.',
    authors: ['Ada Example'],
    comment: null,
    categories: ['cs.CL'],
    announce_type: 'new',
  }));
  await writeFile(join(replay, `feed_cs.CL_derived_${day}.json`), JSON.stringify({ date: day, papers }));
}
