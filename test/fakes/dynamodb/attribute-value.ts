import { UnsupportedRequestError } from './refusals.ts';

/** A value as DynamoDB's JSON has it, with one of these members: `{ S: 'a' }`. The fake has no sets of numbers or bytes. */
export interface AttributeValue {
  readonly S?: string;
  /** Bytes in Base64. */
  readonly B?: string;
  readonly N?: string;
  readonly BOOL?: boolean;
  readonly NULL?: boolean;
  readonly SS?: readonly string[];
  readonly L?: readonly AttributeValue[];
  readonly M?: AttributeMap;
}

/** An item, or a map in an item. A change makes a new map. */
export type AttributeMap = Readonly<Record<string, AttributeValue>>;

const CONTAINER_BYTES = 3;

/**
 * Returns how many bytes DynamoDB counts for the names and values of a map. The count of a number is approximate.
 *
 * @throws UnsupportedRequestError for a set of anything but strings, and a number that JavaScript would write in another way
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function sizeOf(map: AttributeMap): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(map)) bytes += Buffer.byteLength(name) + valueSizeOf(value);
  return bytes;
}

/** Returns the attribute with a name. Undefined for names that JavaScript objects inherit, such as `constructor`. */
export function attributeOf(map: AttributeMap, name: string): AttributeValue | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

function valueSizeOf(value: AttributeValue): number {
  const types = Object.keys(value);
  if (types.length === 1) {
    if (value.S !== undefined) return Buffer.byteLength(value.S);
    if (value.B !== undefined) return Buffer.byteLength(value.B, 'base64');
    if (value.N !== undefined) return numberSizeOf(value.N);
    if (value.BOOL !== undefined || value.NULL !== undefined) return 1;
    if (value.SS) return value.SS.reduce((bytes, text) => bytes + Buffer.byteLength(text), 0);
    if (value.M) return CONTAINER_BYTES + Object.keys(value.M).length + sizeOf(value.M);
    if (value.L) return value.L.reduce((bytes, element) => bytes + 1 + valueSizeOf(element), CONTAINER_BYTES);
  }
  throw new UnsupportedRequestError(
    `a value of type ${types.join(' and ')}: only S, B, N, BOOL, NULL, SS, L and M are known`,
  );
}

/** DynamoDB stores `1.50` as `1.5`. Numbers in that form can be compared and returned as text. */
function numberSizeOf(text: string): number {
  if (String(Number(text)) !== text || /[eIN]/.test(text)) {
    throw new UnsupportedRequestError(
      `the number ${text}: only plain decimals as JavaScript writes them are known`,
    );
  }
  return 1 + Math.ceil(text.length / 2);
}
