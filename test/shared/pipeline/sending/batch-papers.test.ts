import { expect, test } from '@jest/globals';
import { openBatchPapers } from '../../../../shared/pipeline/sending/batch-papers.ts';
import { createSubscription } from '../../../factories/subscribers.ts';
import { createFakeWeb } from '../../../fakes/web.ts';

const { ports, repositories, clock } = createFakeWeb({ lists: ['arxiv/cs.CL'] });
const open = () => openBatchPapers({ ...ports, ...repositories, clock }, 'daily', [], clock.now());

test('a list that the deployment no longer reads has no condition, so no mail calls it late', async () => {
  const conditions = await open().loadConditions(['arxiv/cs.CL', 'hf-daily', 'feed/Gone']);

  expect([...conditions.keys()]).toEqual(['arxiv/cs.CL']);
});

test('all digests of a batch share what finds late papers', async () => {
  const papers = open();
  const { listDays } = await papers.viewOf([createSubscription({ lists: ['arxiv/cs.CL'] })]);

  expect(papers.findLateIn(listDays)).toBe(papers.findLateIn(listDays));
});

test('a list that only a query names is loaded if the deployment reads it', async () => {
  const loaded = new Set<string>();
  const listDays = {
    async load(list: string) {
      loaded.add(list);
      return [];
    },
  };
  const subscription = createSubscription({
    lists: ['feed/Gone'],
    query: 'list:arxiv/cs.CL OR list:arxiv/math.AG',
  });
  const subscribers = [{ subscriptions: [subscription] }];

  await openBatchPapers(
    { ...ports, ...repositories, clock, listDays },
    'daily',
    subscribers,
    clock.now(),
  ).viewOf([subscription]);

  expect([...loaded].sort()).toEqual(['arxiv/cs.CL', 'feed/Gone']);
});
