import { expect, test } from '@jest/globals';
import { startSchedule } from '../../../local/start/schedule.ts';

const READ = { itemsRead: 46, itemsRejected: 0, rejections: [], problems: [] };

test('reports how many papers were read and how many of them are new, and what could not be read, and whether digests are due', async () => {
  const lines: string[] = [];
  const answers = {
    'hf-daily': { ...READ, papersIngested: 40, papersCreated: 0 },
    arxiv: { ...READ, papersIngested: 1, papersCreated: 1, problems: ['cs.CL: HTTP 503'] },
    feed: { ...READ, papersIngested: 0, papersCreated: 0 },
  };
  const due = [1];
  const functions = {
    ingestPapers: async (source: keyof typeof answers) => answers[source],
    planDigests: async () => ({ editions: due.shift() ?? 0, from: '', until: '' }),
  };

  const schedule = startSchedule(
    { functions },
    ['hf-daily', 'arxiv', 'feed'],
    (line) => lines.push(line),
    (error) => {
      throw error;
    },
  );
  await schedule.runNow();
  await schedule.runNow();
  await schedule.stop();

  expect(lines).toEqual([
    'Hugging Face Daily Papers: 40 papers, nothing new',
    'arXiv: 1 paper, 1 new',
    'could not read everything: cs.CL: HTTP 503',
    'Feeds of other sites: nothing new',
    'queued the digests of 1 cohort',
    'Hugging Face Daily Papers: 40 papers, nothing new',
    'arXiv: 1 paper, 1 new',
    'could not read everything: cs.CL: HTTP 503',
    'Feeds of other sites: nothing new',
    'no digests are due',
  ]);
});
