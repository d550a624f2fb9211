/** The units of one table that requests used, as DynamoDB charges them on demand. */
export interface Units {
  reads: number;
  writes: number;
}

/** Counts the units of a request. Sizes are in bytes. */
export interface UnitMeter {
  /** A read of several items together. An eventually consistent read costs half. */
  read(bytes: number, isConsistent: boolean | undefined): void;
  /** A write, with the larger size of the item before and after. Its condition need not hold. */
  write(bytes: number): void;
}

const READ_BYTES = 4096;
const WRITE_BYTES = 1024;

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html */
export function createUnitMeter(units: Units): UnitMeter {
  return {
    read(bytes, isConsistent) {
      units.reads += Math.max(1, Math.ceil(bytes / READ_BYTES)) * (isConsistent ? 1 : 0.5);
    },
    write(bytes) {
      units.writes += Math.max(1, Math.ceil(bytes / WRITE_BYTES));
    },
  };
}
