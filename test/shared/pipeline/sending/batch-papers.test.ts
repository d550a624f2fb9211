import { expect, test } from '@jest/globals';
import { openBatchPapers } from '../../../../shared/pipeline/sending/batch-papers.ts';
import { createFakeWeb } from '../../../fakes/web.ts';

const { ports, repositories, clock } = createFakeWeb({ lists: ['arxiv/cs.CL'] });
const open = () => openBatchPapers({ ...ports, ...repositories, clock }, 'daily', [], clock.now());

test('a list that the deployment no longer reads has no condition, so no mail calls it late', async () => {
  const conditions = await open().loadConditions(['arxiv/cs.CL', 'hf-daily', 'feed/Gone']);

  expect([...conditions.keys()]).toEqual(['arxiv/cs.CL']);
});

test('all digests of a batch share what finds late papers', async () => {
  const papers = open();
  const { listDays } = await papers.paperWindow.view(['arxiv/cs.CL']);

  expect(papers.findLateIn(listDays)).toBe(papers.findLateIn(listDays));
});
