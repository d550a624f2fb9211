import type { AttributeMap, AttributeValue } from './attribute-value.ts';
import { attributeOf } from './attribute-value.ts';

const FIRST_SURROGATE = 0xd800;
const LAST_SURROGATE = 0xdfff;

/** Returns a number below 0 if `a` comes first in the order of UTF-8 bytes. That is the order of code points, unlike JavaScript's. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x !== y) return rankOf(x) - rankOf(y);
  }
  return a.length - b.length;
}

/** Compares two strings or two numbers as `sort` expects. Undefined for values of different types or without an order. */
export function compareValues(a: AttributeValue, b: AttributeValue): number | undefined {
  if (a.S !== undefined && b.S !== undefined) return compareStrings(a.S, b.S);
  if (a.N !== undefined && b.N !== undefined) return Number(a.N) - Number(b.N);
  return undefined;
}

/** Returns whether two values are the same. The order of names in a map does not count. */
export function areEqual(a: AttributeValue, b: AttributeValue): boolean {
  if (a.L && b.L) {
    const elements = b.L;
    return (
      a.L.length === elements.length &&
      a.L.every((element, at) => {
        const elementOfB = elements[at];
        return elementOfB !== undefined && areEqual(element, elementOfB);
      })
    );
  }
  if (a.M && b.M) return areMapsEqual(a.M, b.M);
  if (a.SS && b.SS) return a.SS.length === b.SS.length && new Set([...a.SS, ...b.SS]).size === a.SS.length;
  return (
    a.S === b.S &&
    a.B === b.B &&
    a.N === b.N &&
    a.BOOL === b.BOOL &&
    a.NULL === b.NULL &&
    !a.SS === !b.SS &&
    !a.L === !b.L &&
    !a.M === !b.M
  );
}

function areMapsEqual(a: AttributeMap, b: AttributeMap): boolean {
  const entries = Object.entries(a);
  return (
    entries.length === Object.keys(b).length &&
    entries.every(([name, value]) => {
      const valueOfB = attributeOf(b, name);
      return valueOfB !== undefined && areEqual(value, valueOfB);
    })
  );
}

/** Code points above U+FFFF sort last, although their surrogates are below U+E000. */
function rankOf(codeUnit: number): number {
  return codeUnit >= FIRST_SURROGATE && codeUnit <= LAST_SURROGATE ? codeUnit + 0x10000 : codeUnit;
}
