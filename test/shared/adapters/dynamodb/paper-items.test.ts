import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from '@jest/globals';
import { createManualClock } from '../../../../local/manual-clock.ts';
import { localTables, openRepositories } from '../../../../local/repositories.ts';
import { paperKeyOf } from '../../../../shared/adapters/dynamodb/keys.ts';
import { createFacts } from '../../../factories/papers.ts';
import { createMemoryDynamoDb } from '../../../fakes/dynamodb/memory-dynamodb.ts';
import { openDocuments } from '../../../fakes/dynamodb/open-documents.ts';

const FIRST_AT = '2026-01-05T08:00:00.000Z';
const LATER_AT = '2026-01-06T08:00:00.000Z';

/** The hash covers the names of the attributes and their order. So it would differ if a release stored papers in another form. */
test('a paper is stored in the form of earlier releases', async () => {
  const documents = openDocuments(createMemoryDynamoDb(localTables));
  const { papers } = openRepositories(documents, localTables, createManualClock(FIRST_AT));
  const facts = createFacts();
  const load = async () => {
    const { Item } = await documents.send(
      new GetCommand({ TableName: localTables.papers, Key: paperKeyOf(facts.id) }),
    );
    return Item;
  };

  await papers.save(facts, FIRST_AT);
  const created = await load();
  await papers.save({ ...facts, upvotes: 20 }, LATER_AT);
  const updated = await load();

  const first = { at: FIRST_AT, upvotes: 12, comments: 2 };
  expect(created).toMatchObject({
    snapshots: [first],
    contentHash: 'jy5oyCqemA70OBjq3ZlaabWcEgm_fWuruS6Rt82hUwA',
  });
  expect(updated).toMatchObject({
    snapshots: [first, { at: LATER_AT, upvotes: 20, comments: 2 }],
    contentHash: 'wN656q5zSZ9H_1w8-Q6w_h4xZjmu3RIHgKAfMoz60Zs',
  });
  expect(await papers.loadMany([facts.id])).toMatchObject([{ voteCounts: updated?.snapshots }]);
});
