import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { commandClientOptions, permitted } from '../deployment/aws-call.ts';
import { toDollars, toReadUsd } from '../deployment/table-reads.ts';

const UNIT_BYTES = 4096;

/** Two eventually consistent reads are one unit. */
const EVENTUAL_READS_PER_UNIT = 2;

/** The size of a table, which DynamoDB updates every six hours, and the cost of one scan. */
export interface TableSize {
  readonly records: number;
  readonly bytes: number;
  readonly scanUsd: number;
}

/** @throws PermissionError without `dynamodb:DescribeTable` */
export async function loadTableSize(name: string): Promise<TableSize> {
  const client = new DynamoDBClient(commandClientOptions());
  const { Table: described } = await permitted('dynamodb:DescribeTable', () =>
    client.send(new DescribeTableCommand({ TableName: name })),
  );
  const { ItemCount: records = 0, TableSizeBytes: bytes = 0 } = described ?? {};
  return { records, bytes, scanUsd: toReadUsd(bytes / UNIT_BYTES / EVENTUAL_READS_PER_UNIT) };
}

/** `The table deliveries holds 1,234 records, 0.7 MB. To read all of it costs less than $0.01.` */
export function toSizeText(name: string, { records, bytes, scanUsd }: TableSize): string {
  const size = bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
  return `The table ${name} holds ${records.toLocaleString('en')} records, ${size}. To read all of it costs ${toDollars(scanUsd)}.`;
}
