import { createManualClock } from '../../local/manual-clock.ts';
import { describeRepositories } from '../contracts/repositories.ts';
import { createFakeRepositories } from './repositories.ts';

describeRepositories('fake', async () =>
  createFakeRepositories(createManualClock('2026-01-05T08:00:00.000Z')),
);
