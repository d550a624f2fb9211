import { fc } from '../fast-check.ts';

/**
 * Any character of Unicode, for `fc.string({ unit: anyCharacter })`. The library's `binary` unit is the same set, but takes a second
 * to create, because it lists all characters.
 */
export const anyCharacter: fc.Arbitrary<string> = fc
  .integer({ min: 0, max: 0x10_ffff - 0x800 })
  .map((n) => String.fromCodePoint(n < 0xd800 ? n : n + 0x800));
