import { createHandClock } from '../../local/hand-clock.ts';
import { describeRepositories } from '../contracts/repositories.ts';
import { createFakeRepositories } from './repositories.ts';

describeRepositories('fake', async () => createFakeRepositories(createHandClock('2026-01-05T08:00:00.000Z')));
