import { allOf, type Resources, theOne } from '../template.ts';
import type { Rule } from './rule.ts';

const tablesIn = (resources: Resources) => allOf(resources, 'AWS::DynamoDB::GlobalTable');
const papers = (resources: Resources) => theOne(resources, 'AWS::DynamoDB::GlobalTable', 'Papers').Properties;

export const stateRules: readonly Rule[] = [
  {
    rule: 'resources with state outlive their stack',
    faultsIn: (resources) =>
      [...tablesIn(resources), ...allOf(resources, 'AWS::SecretsManager::Secret')]
        .filter(
          ([, resource]) => resource.DeletionPolicy !== 'Retain' || resource.UpdateReplacePolicy !== 'Retain',
        )
        .map(([id]) => id),
    breaches: [
      (resources) => {
        theOne(resources, 'AWS::SecretsManager::Secret', 'Keys').DeletionPolicy = 'Delete';
      },
      (resources) => {
        theOne(resources, 'AWS::DynamoDB::GlobalTable', 'Deliveries').UpdateReplacePolicy = 'Delete';
      },
    ],
  },
  {
    rule: 'every table is on demand, backed up and protected from deletion',
    faultsIn: (resources) =>
      tablesIn(resources)
        .filter(([, { Properties: table }]) => {
          const [replica] = table.Replicas;
          const isBackedUp = replica.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled;
          return table.BillingMode !== 'PAY_PER_REQUEST' || !isBackedUp || !replica.DeletionProtectionEnabled;
        })
        .map(([id]) => id),
    breaches: [
      (resources) => {
        papers(resources).BillingMode = 'PROVISIONED';
      },
      (resources) => {
        papers(resources).Replicas[0].DeletionProtectionEnabled = false;
      },
      (resources) => delete papers(resources).Replicas[0].PointInTimeRecoverySpecification,
    ],
  },
];
