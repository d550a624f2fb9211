import { beforeAll, describe, expect, test } from '@jest/globals';
import { type FunctionName, functionNames } from '../../../shared/observability.ts';
import { type Deployment, functionIdOf, synthesise } from '../deployment.ts';
import { grantsFor, grantsOf } from '../permissions/grants.ts';
import { filesOfFunctions, needsOf } from '../permissions/needs.ts';
import { createSourceReader, readProjectFile } from '../permissions/syntax.ts';
import { idIn, policiesOf, type Resource } from '../template.ts';

let filesOf: ReadonlyMap<FunctionName, readonly string[]>;
const readSource = createSourceReader();

beforeAll(async () => {
  filesOf = await filesOfFunctions();
});

const neededBy = (name: FunctionName, read = readSource) =>
  grantsFor(name, needsOf(name, filesOf.get(name) ?? [], read), synthesise());

/** Returns the statements of a function's role, to change them. */
const statementsIn = (name: FunctionName, changed: Deployment): readonly Resource[] => {
  const { resources } = changed;
  const fn = resources[functionIdOf(changed, name)];
  return policiesOf(resources, idIn(fn?.Properties.Role)).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
};

describe.each(functionNames)('%s', (name) => {
  test('may do exactly what its code does', () => {
    expect(grantsOf(name, synthesise())).toEqual(neededBy(name));
  });

  test('fails the check with one permission less or more', () => {
    const needed = neededBy(name);
    for (const [index] of statementsIn(name, synthesise()).entries()) {
      const poorer = structuredClone(synthesise());
      const statement = statementsIn(name, poorer)[index];
      if (statement) statement.Action = [statement.Action].flat().slice(1);
      expect(grantsOf(name, poorer)).not.toEqual(needed);

      const richer = structuredClone(synthesise());
      const other = statementsIn(name, richer)[index];
      if (other) other.Action = [other.Action, 'dynamodb:Scan'].flat();
      expect(grantsOf(name, richer)).not.toEqual(needed);
    }
  });
});

describe('what code needs', () => {
  const cases: readonly {
    readonly change: string;
    readonly name: FunctionName;
    readonly file: string;
    readonly edit: (text: string) => string;
    readonly gained: readonly string[];
    readonly lost: readonly string[];
  }[] = [
    {
      change: 'grows with the use of another method',
      name: 'handle-feedback',
      file: 'shared/feedback/handle-feedback.ts',
      edit: (text) =>
        text.replace('deliveries.recordEvent(', 'deliveries.release(known) ?? deliveries.recordEvent('),
      gained: ['dynamodb:DeleteItem on <Deliveries.Arn>'],
      lost: [],
    },
    {
      change: 'shrinks with a method that is no longer used',
      name: 'fan-out-digests',
      file: 'shared/pipeline/fan-out.ts',
      edit: (text) => text.replace('cohorts.removeIfIdle(', 'nothing('),
      gained: [],
      lost: ['dynamodb:DeleteItem on <Subscribers.Arn>'],
    },
    {
      change: 'follows the commands that an adapter sends',
      name: 'fan-out-digests',
      file: 'shared/adapters/dynamodb/edition-repository.ts',
      edit: (text) => text.replaceAll('PutCommand', 'BatchGetCommand'),
      gained: ['dynamodb:BatchGetItem on <Deliveries.Arn>'],
      lost: [],
    },
    {
      change: 'follows them into the functions that adapters share',
      name: 'ingest-papers',
      file: 'shared/adapters/dynamodb/table.ts',
      edit: (text) => text.replaceAll('paginateQuery', 'GetCommand'),
      gained: [],
      lost: ['dynamodb:Query on <Papers.Arn>'],
    },
    {
      change: 'distinguishes a table from its indexes',
      name: 'fan-out-digests',
      file: 'shared/adapters/dynamodb/cohort-repository.ts',
      edit: (text) => text.replaceAll('IndexName: index.name,', ''),
      gained: ['dynamodb:Query on <Subscribers.Arn>'],
      lost: ['byDailyCohort', 'byInstantLists', 'byMonthlyCohort', 'byWeeklyCohort'].map(
        (index) => `dynamodb:Query on <Subscribers.Arn>/index/${index}`,
      ),
    },
    {
      change: 'follows the table that a composition names',
      name: 'handle-feedback',
      file: 'functions/handle-feedback/ports.ts',
      edit: (text) => text.replace('env.DELIVERIES_TABLE', 'env.SUBSCRIBERS_TABLE'),
      gained: ['dynamodb:Query on <Subscribers.Arn>', 'dynamodb:UpdateItem on <Subscribers.Arn>'],
      lost: [
        'dynamodb:GetItem on <Deliveries.Arn>',
        'dynamodb:Query on <Deliveries.Arn>',
        'dynamodb:UpdateItem on <Deliveries.Arn>',
      ],
    },
  ];

  test.each(cases)('$change', ({ name, file, edit, gained, lost }) => {
    const readEdit = createSourceReader((path) => edit(readProjectFile(path)));
    const readEdited = (path: string) => (path === file ? readEdit(path) : readSource(path));

    const before = neededBy(name);
    const after = neededBy(name, readEdited);

    expect(after.filter((grant) => !before.includes(grant))).toEqual(gained);
    expect(before.filter((grant) => !after.includes(grant))).toEqual(lost);
  });

  test('fails if a port is used under a name without a type', () => {
    const file = 'shared/pipeline/enqueue-all.ts';
    const readEdited = createSourceReader((path) =>
      path === file
        ? readProjectFile(path).replace('queue: Queue<Message>', 'queue: any')
        : readProjectFile(path),
    );

    expect(() => neededBy('plan-digests', readEdited)).toThrow(
      'plan-digests creates a Queue and uses no method of it',
    );
  });
});
