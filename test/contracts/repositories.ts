import { beforeAll, describe } from '@jest/globals';
import type { Repositories } from '../../local/repositories.ts';
import { describeArchive } from './archive.ts';
import { describeLeases } from './leases.ts';
import { describeLedger } from './ledger.ts';
import { describeLedgerStates } from './ledger-states.ts';
import { describePapers } from './papers.ts';
import { describePeople } from './people.ts';
import { describeRequests } from './requests.ts';
import { describeSnapshots } from './snapshots.ts';

/** The contract of every implementation of the repositories, in memory or on DynamoDB. */
export function describeRepositories(name: string, open: () => Promise<Repositories>): void {
  describe(`${name} repositories`, () => {
    let repositories: Repositories;
    let serial = 0;
    const nextNumber = () => {
      serial += 1;
      return serial;
    };
    const context = {
      repositories: () => repositories,
      newId: () => `subscriber-${String(nextNumber()).padStart(4, '0')}`,
      newPaperId: () => `2601.${String(nextNumber()).padStart(5, '0')}`,
    };

    beforeAll(async () => {
      repositories = await open();
    });

    describePapers(context);
    describeSnapshots(context);
    describeArchive(context);
    describePeople(context);
    describeLedger(context);
    describeLedgerStates(context);
    describeRequests(context);
    describeLeases(context);
  });
}
