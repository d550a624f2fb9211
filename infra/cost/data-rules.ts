import * as z from 'zod';
import type { CostRule } from './cost-rule.ts';
import { assumed, scheduledRunsOf } from './idle-month.ts';
import { prices } from './prices.ts';
import { ofType, propertiesOf } from './resources.ts';

/** What a tick of the planner costs that finds no cohort: it reads its cursor and the cohorts, and moves the cursor. */
const TICK = { reads: 2, writes: 1 };

const tableSchema = z.object({
  BillingMode: z.literal('PAY_PER_REQUEST'),
  Replicas: z.array(
    z.object({
      PointInTimeRecoverySpecification: z.object({ PointInTimeRecoveryEnabled: z.boolean() }),
    }),
  ),
});

/** What keeps: tables, the secret, the bucket of the bundles. */
export const dataRules: readonly CostRule[] = [
  {
    types: ['AWS::DynamoDB::GlobalTable'],
    toLines: (resources) => {
      const tables = propertiesOf(resources, 'AWS::DynamoDB::GlobalTable', tableSchema);
      const backedUp = tables.filter(({ Replicas }) =>
        Replicas.some((one) => one.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled),
      ).length;
      const ticks = scheduledRunsOf(resources)
        .filter(({ functionName }) => functionName === 'plan-digests')
        .reduce((sum, { runs }) => sum + runs, 0);
      const count = tables.length;
      return [
        {
          resource: 'Tables, storage',
          count,
          quantity: assumed.storedGb,
          price: prices.tableStorage,
          note: 'a year of papers; a table itself costs nothing on demand',
        },
        {
          resource: 'Tables, backups of every moment',
          count: backedUp,
          quantity: backedUp > 0 ? assumed.storedGb : 0,
          price: prices.tableBackups,
          note: 'charged by what is stored; not in `dev`',
        },
        {
          resource: 'Tables, read by the planner',
          count,
          quantity: ticks * TICK.reads,
          price: prices.tableReads,
          note: 'its cursor and the cohorts, consistently, at every tick',
        },
        {
          resource: 'Tables, written by the planner',
          count,
          quantity: ticks * TICK.writes,
          price: prices.tableWrites,
          note: 'its cursor at every tick',
        },
      ];
    },
  },
  {
    types: ['AWS::SecretsManager::Secret'],
    toLines: (resources) => {
      const count = ofType(resources, 'AWS::SecretsManager::Secret').length;
      return [
        {
          resource: 'Secret',
          count,
          quantity: count,
          price: prices.secrets,
          note: 'the keys; encrypted with the key of the account that is free',
        },
        {
          resource: 'Secret, read',
          count,
          quantity: 0,
          price: prices.secretCalls,
          note: 'once in five minutes while mails are sent or pages asked for, never before',
        },
      ];
    },
  },
  {
    types: [],
    toLines: () => [
      {
        resource: 'Bundles in the bucket of `cdk bootstrap`',
        count: 0,
        quantity: assumed.bootstrapGb,
        price: prices.bucketStorage,
        note: 'beside the stacks; some fifty deployments',
      },
    ],
  },
];
