import { DamagedError } from './sealed.ts';

interface Arrays {
  readonly Uint8Array: Uint8Array;
  readonly Uint16Array: Uint16Array;
  readonly Uint32Array: Uint32Array;
  readonly Int32Array: Int32Array;
  readonly Float64Array: Float64Array;
}

type Kind = keyof Arrays;
type TypedArray = Arrays[Kind];

interface ArrayType {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): TypedArray;
}

const ARRAYS: Readonly<Record<Kind, ArrayType>> = {
  Uint8Array,
  Uint16Array,
  Uint32Array,
  Int32Array,
  Float64Array,
};

type Column = string | TypedArray;

/** A record that can be stored as bytes: typed arrays and texts by name. */
export type Columns = Readonly<Record<string, Column>>;

/** The kind of each column of a record. */
type ColumnKinds = Readonly<Record<string, Kind | 'string'>>;

/** The record with columns of these kinds. */
type ColumnsOf<Kinds extends ColumnKinds> = {
  readonly [Name in keyof Kinds]: Kinds[Name] extends Kind ? Arrays[Kinds[Name]] : string;
};

/** The name, kind and size of a column. */
type Entry = readonly [name: string, kind: Kind | 'string', bytes: number];

/** Each column starts at a multiple of this, because a view of 64-bit numbers must. */
const ALIGNMENT = 8;

const LENGTH_BYTES = 4;

/**
 * Returns a record as bytes: the length of the table of contents, the table as JSON, then each column. Numbers are stored in the
 * byte order of the machine, which is little-endian wherever Node runs.
 */
export function packColumns(columns: Columns): Uint8Array {
  const parts = Object.entries(columns).map(([name, column]) => {
    const kind: Entry[1] = typeof column === 'string' ? 'string' : kindOf(column);
    return { name, kind, bytes: bytesOf(column) };
  });
  const entries = parts.map(({ name, kind, bytes }): Entry => [name, kind, bytes.byteLength]);
  const contents = Buffer.from(JSON.stringify(entries));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(contents.byteLength);

  const blocks: Uint8Array[] = [length, contents];
  let at = LENGTH_BYTES + contents.byteLength;
  for (const { bytes } of parts) {
    const padding = paddingAt(at);
    blocks.push(Buffer.alloc(padding), bytes);
    at += padding + bytes.byteLength;
  }
  return Buffer.concat(blocks);
}

/**
 * Returns the record of {@link packColumns}. Its arrays are views of the bytes, so nothing is copied.
 *
 * @param packed intact bytes, such as those that `unseal` returns
 * @param undecoded the texts to return as their bytes in UTF-8. @default none
 * @throws DamagedError if the bytes are not from {@link packColumns}
 */
export function unpackColumns(packed: Uint8Array, undecoded: ReadonlySet<string> = new Set()): Columns {
  const { buffer, byteOffset } = packed.byteOffset % ALIGNMENT === 0 ? packed : Uint8Array.from(packed);
  const view = Buffer.from(buffer, byteOffset, packed.byteLength);
  try {
    let at = LENGTH_BYTES + view.readUInt32LE(0);
    const entries: readonly Entry[] = JSON.parse(view.toString('utf8', LENGTH_BYTES, at));
    return Object.fromEntries(
      entries.map(([name, kind, length]) => {
        const from = at + paddingAt(at);
        at = from + length;
        if (kind === 'string' && !undecoded.has(name)) return [name, view.toString('utf8', from, at)];
        const Column = ARRAYS[kind === 'string' ? 'Uint8Array' : kind];
        return [name, new Column(buffer, byteOffset + from, length / Column.BYTES_PER_ELEMENT)];
      }),
    );
  } catch (cause) {
    throw new DamagedError('the bytes hold no record of columns', { cause });
  }
}

/**
 * Returns the columns of a record that have the given names and kinds.
 *
 * @throws DamagedError if one is missing or of another kind
 */
export function pickColumns<const Kinds extends ColumnKinds>(
  columns: Columns,
  kinds: Kinds,
): ColumnsOf<Kinds> {
  const picked = Object.entries(kinds).map(([name, kind]) => {
    const column = columns[name];
    if (kind === 'string' ? typeof column !== kind : !(column instanceof ARRAYS[kind]))
      throw new DamagedError(`the column ${name} is not a ${kind}`);
    return [name, column];
  });
  return Object.fromEntries(picked);
}

function kindOf(column: TypedArray): Kind {
  const kinds = Object.keys(ARRAYS) as Kind[];
  const kind = kinds.find((name) => column instanceof ARRAYS[name]);
  if (!kind) throw new Error(`a column is a ${column.constructor.name}; expected ${kinds.join(', ')}`);
  return kind;
}

function bytesOf(column: Column): Uint8Array {
  if (typeof column === 'string') return Buffer.from(column);
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}

function paddingAt(at: number): number {
  return (ALIGNMENT - (at % ALIGNMENT)) % ALIGNMENT;
}
