import { expect, test } from '@jest/globals';
import { openPaperWindow } from '../../../shared/pipeline/paper-window.ts';
import { createFakeWeb } from '../../fakes/web.ts';

test('a list that the deployment no longer reads has no condition, so no mail calls it late', async () => {
  const { ports, clock } = createFakeWeb({ lists: ['arxiv/cs.CL'] });
  const window = openPaperWindow(ports, 1, clock.now());

  const { loadListConditions } = await window.view(['arxiv/cs.CL', 'hf-daily', 'feed/Gone']);

  expect([...(await loadListConditions()).keys()]).toEqual(['arxiv/cs.CL']);
});
