declare module '@shuding/opentype.js' {
  interface Font {
    /** Returns the number of the glyph for a character, 0 if there is none. */
    charToGlyphIndex(character: string): number;
  }

  /** Reads a font. The package has no types of its own. */
  export function parse(bytes: ArrayBuffer): Font;
}
