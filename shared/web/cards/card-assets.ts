import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** Reads a file of a package: `@fontsource/source-serif-4/files/source-serif-4-latin-700-normal.woff`. */
export type ReadAsset = (path: string) => Promise<Buffer>;

/** The drawing library, compiled to WebAssembly. */
export const RESVG_WASM = '@resvg/resvg-wasm/index_bg.wasm';

/** A font in files that each cover some characters. All have free licences, and npm brings them. */
export interface CardFont {
  /** `@fontsource/<font>`. */
  readonly name: string;
  readonly weights: readonly (400 | 700)[];
}

/** The fonts, best first. Together they cover Latin, Greek, Cyrillic, Chinese, Japanese, and mathematics. */
export const cardFonts = [
  { name: 'source-serif-4', weights: [400, 700] },
  { name: 'noto-sans-math', weights: [400] },
  { name: 'noto-serif-sc', weights: [700] },
] as const satisfies readonly CardFont[];

/** Returns the path of the list of a font's files, with the characters that each covers. */
export function toCoverageAsset({ name }: CardFont): string {
  return `@fontsource/${name}/unicode.json`;
}

/** Returns the path of a file of a font. Fonts with many files number them: `[4]`. */
export function toFontAsset({ name }: CardFont, subset: string, weight: number): string {
  return `@fontsource/${name}/files/${name}-${subset.replace(/^\[(\d+)\]$/, '$1')}-${weight}-normal.woff`;
}

/** Returns the path of every file that drawing may read. The bundle of the function gets a copy of each. */
export async function listCardAssets(readAsset: ReadAsset): Promise<readonly string[]> {
  const fonts = await Promise.all(
    cardFonts.map(async (font: CardFont) => {
      const coverage = toCoverageAsset(font);
      const subsets = Object.keys(JSON.parse(String(await readAsset(coverage))));
      return [
        coverage,
        ...subsets.flatMap((subset) => font.weights.map((weight) => toFontAsset(font, subset, weight))),
      ];
    }),
  );
  return [RESVG_WASM, ...fonts.flat()];
}

const { resolve } = createRequire(import.meta.url);

/** Reads the files of packages that npm installed. */
export const readInstalledAsset: ReadAsset = (path) => readFile(resolve(path));
