import { RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  type GlobalSecondaryIndexPropsV2,
  ProjectionType,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import {
  type CohortIndex,
  cohortIndexes,
  retiredIndexes,
  TABLE_KEY,
  type TableName,
  TTL_ATTRIBUTE,
} from '../shared/adapters/dynamodb/table-schema.ts';
import type { Keys } from '../shared/subscribers/keys.ts';
import { addOutputs } from './outputs.ts';
import type { Release } from './release.ts';
import type { Settings } from './settings/schema.ts';

export interface DataStackProps extends StackProps {
  readonly settings: Settings;
  readonly release: Release;
}

interface TableOptions {
  /** Whether DynamoDB deletes items after their time to live. @default false */
  readonly expires?: boolean;
  /** @default - none */
  readonly indexes?: readonly GlobalSecondaryIndexPropsV2[];
}

/** The tables and the keys, which outlive the code. Outside `dev` they also outlive the stack. */
export class DataStack extends Stack {
  readonly tables: Readonly<Record<TableName, TableV2>>;
  /**
   * The secret with the keys (`shared/subscribers/keys.ts`). It is not rotated automatically, because subscriber ids
   * and sent links depend on it.
   */
  readonly keys: Secret;

  readonly #isProtected: boolean;
  readonly #removalPolicy: RemovalPolicy;

  constructor(scope: Construct, id: string, { settings, release, ...props }: DataStackProps) {
    const isProtected = settings.stage !== 'dev';
    super(scope, id, {
      description: 'Broadsheet: papers, subscribers, deliveries, keys',
      terminationProtection: isProtected,
      ...props,
    });
    this.#isProtected = isProtected;
    this.#removalPolicy = isProtected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;

    this.tables = {
      papers: this.#createTable('Papers'),
      subscribers: this.#createTable('Subscribers', { expires: true, indexes: cohortIndexProps() }),
      deliveries: this.#createTable('Deliveries', { expires: true }),
    };
    this.keys = new Secret(this, 'Keys', {
      description: 'Keys of Broadsheet. One turns addresses into subscriber ids, and the others sign links.',
      // 64 letters and digits have 380 bits, more than HMAC-SHA-256 can use.
      generateSecretString: {
        secretStringTemplate: '{}',
        generateStringKey: 'idKey' satisfies keyof Keys,
        passwordLength: 64,
        excludePunctuation: true,
      },
      removalPolicy: this.#removalPolicy,
    });
    Validations.of(this.keys).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SMG4',
      reason:
        'Links in mails work for 90 days, and subscriber ids do not expire. An operator adds link keys with a command.',
    });
    addOutputs(this, {
      PapersTable: this.tables.papers.tableName,
      SubscribersTable: this.tables.subscribers.tableName,
      DeliveriesTable: this.tables.deliveries.tableName,
      KeysSecret: this.keys.secretArn,
      DataVersion: release.version,
      DataCommit: release.commit,
    });
  }

  #createTable(id: string, { expires = false, indexes = [] }: TableOptions = {}): TableV2 {
    return new TableV2(this, id, {
      partitionKey: { name: TABLE_KEY.partition, type: AttributeType.STRING },
      sortKey: { name: TABLE_KEY.sort, type: AttributeType.STRING },
      billing: Billing.onDemand(),
      globalSecondaryIndexes: [...indexes],
      ...(expires && { timeToLiveAttribute: TTL_ATTRIBUTE }),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: this.#isProtected },
      deletionProtection: this.#isProtected,
      removalPolicy: this.#removalPolicy,
    });
  }
}

/** The indexes by cohort. They are sparse, because only a confirmed profile has the attribute. */
function cohortIndexProps(): readonly GlobalSecondaryIndexPropsV2[] {
  return [...Object.values(cohortIndexes), ...retiredIndexes].map(toIndexProps);
}

function toIndexProps({ name, attribute, projects }: CohortIndex): GlobalSecondaryIndexPropsV2 {
  return {
    indexName: name,
    partitionKey: { name: attribute, type: AttributeType.STRING },
    sortKey: { name: TABLE_KEY.partition, type: AttributeType.STRING },
    ...(projects === undefined
      ? { projectionType: ProjectionType.KEYS_ONLY }
      : { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [projects] }),
  };
}
