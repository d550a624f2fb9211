import { tableNames } from '../../shared/adapters/dynamodb/table-schema.ts';
import type { MemoryDynamoDb } from '../../test/fakes/dynamodb/memory-dynamodb.ts';
import type { Units } from '../../test/fakes/dynamodb/units.ts';

/** The units of each purpose: `Deliveries: Query SUB`. */
export type Purposes = ReadonlyMap<string, Units>;

const NO_UNITS: Readonly<Units> = { reads: 0, writes: 0 };

/** The beginning of the first partition key in a request: of an item, or of a query. */
const ITEM = /"(?:pk|:pk)":\{"S":"(\w+)/;
const TABLE = /"(?:TableName":|RequestItems":\{)"([\w-]+)"/;

/** Returns what a request is for: the table, the operation and the kind of items. */
export function purposeOf(target: string, body: string): string {
  const [, operation = target] = target.split('.');
  const [, table = ''] = TABLE.exec(body) ?? [];
  const [, item = ''] = ITEM.exec(body) ?? [];
  return [`${table}:`, operation, item].join(' ').trim();
}

/** Returns the units that all tables used so far. */
export function countUnits({ units }: Pick<MemoryDynamoDb, 'units'>): Units {
  return tableNames.map(units).reduce(addBoth);
}

/** Adds what a request used to its purpose. */
export function addUnits(purposes: Map<string, Units>, purpose: string, before: Units, after: Units): void {
  purposes.set(purpose, addBoth(purposes.get(purpose) ?? NO_UNITS, takeAway(after, before)));
}

/** Returns what was used since an earlier count. */
export function usedSince(now: Purposes, before: Purposes): Purposes {
  return new Map(
    [...now].map(([purpose, units]) => [purpose, takeAway(units, before.get(purpose) ?? NO_UNITS)]),
  );
}

/** Adds up what two parts used. */
export function addPurposes(a: Purposes, b: Purposes): Purposes {
  return new Map(
    [...new Set([...a.keys(), ...b.keys()])].map((purpose) => [
      purpose,
      addBoth(a.get(purpose) ?? NO_UNITS, b.get(purpose) ?? NO_UNITS),
    ]),
  );
}

function addBoth(a: Readonly<Units>, b: Readonly<Units>): Units {
  return { reads: a.reads + b.reads, writes: a.writes + b.writes };
}

function takeAway(a: Readonly<Units>, b: Readonly<Units>): Units {
  return { reads: a.reads - b.reads, writes: a.writes - b.writes };
}
