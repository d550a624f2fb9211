import { parse } from '@shuding/opentype.js';
import { oncePerKey } from '../../domain/once.ts';
import { type CardFont, cardFonts, type ReadAsset, toCoverageAsset, toFontAsset } from './card-assets.ts';

/** A font file as satori takes it. */
interface LoadedFont {
  readonly name: string;
  readonly data: Buffer;
  readonly weight: 400 | 700;
  readonly style: 'normal';
}

/** Texts that can be drawn, and the fonts for it. */
interface DrawableTexts {
  readonly texts: readonly string[];
  /** Best first. There is at least one. */
  readonly fonts: readonly LoadedFont[];
}

/** Returns texts as the fonts can draw them: `ⁿ` becomes `n`, and emoji are left out. */
export type PrepareTexts = (texts: readonly string[]) => Promise<DrawableTexts>;

/** A file of a font, and the ranges of code points that its package claims for it. It may lack some of them. */
interface FontFile {
  readonly font: CardFont;
  readonly subset: string;
  readonly ranges: readonly (readonly [first: number, last: number])[];
}

interface OpenFile {
  readonly fonts: readonly LoadedFont[];
  readonly has: (character: string) => boolean;
}

/** The characters to draw with the mathematics font. Its package claims only Latin ones. */
const MATHEMATICS: FontFile['ranges'] = [
  [0x2000, 0x2bff],
  [0x1d400, 0x1d7ff],
];

/** Opens the fonts. It reads a file when a text first needs it, because Chinese alone has a hundred files. */
export async function openCardFonts(readAsset: ReadAsset): Promise<PrepareTexts> {
  const files = (await Promise.all(cardFonts.map((font: CardFont) => listFiles(font, readAsset)))).flat();
  const open = oncePerKey((file: FontFile) => openFile(file, readAsset));
  const findFile = async (character: string): Promise<FontFile | undefined> => {
    const codePoint = character.codePointAt(0) ?? 0;
    for (const file of files) {
      const isClaimed = file.ranges.some(([first, last]) => first <= codePoint && codePoint <= last);
      if (isClaimed && (await open(file)).has(character)) return file;
    }
    return undefined;
  };

  return async (texts) => {
    const needed = new Set<FontFile>();
    const drawn = new Map<string, string>();
    // An empty card needs a font too, so one letter is always drawn.
    for (const character of new Set(['A', ...texts.join('').normalize('NFC')])) {
      let text = '';
      for (const part of (await findFile(character)) ? character : character.normalize('NFKC')) {
        const file = await findFile(part);
        if (!file) continue;
        needed.add(file);
        text += part;
      }
      drawn.set(character, text);
    }
    const toDrawable = (text: string) =>
      [...text.normalize('NFC')].map((character) => drawn.get(character) ?? '').join('');
    const fonts = await Promise.all(files.filter((file) => needed.has(file)).map(open));
    return {
      texts: texts.map((text) => toDrawable(text).replace(/\s+/g, ' ').trim()),
      fonts: fonts.flatMap((file) => file.fonts),
    };
  };
}

async function listFiles(font: CardFont, readAsset: ReadAsset): Promise<readonly FontFile[]> {
  if (font.name === 'noto-sans-math') return [{ font, subset: 'latin', ranges: MATHEMATICS }];
  const claims: Record<string, string> = JSON.parse(String(await readAsset(toCoverageAsset(font))));
  return Object.entries(claims).map(([subset, text]) => ({ font, subset, ranges: parseRanges(text) }));
}

/** Reads `U+0000-00FF,U+0131`. */
function parseRanges(text: string): FontFile['ranges'] {
  return text.split(',').map((range) => {
    const [first = Number.NaN, last = first] = range
      .replace('U+', '')
      .split('-')
      .map((digits) => Number.parseInt(digits, 16));
    return [first, last];
  });
}

async function openFile({ font, subset }: FontFile, readAsset: ReadAsset): Promise<OpenFile> {
  const fonts = await Promise.all(
    font.weights.map(async (weight) => ({
      name: `${font.name} ${subset.replace(/\W/g, '')}`,
      data: await readAsset(toFontAsset(font, subset, weight)),
      weight,
      style: 'normal' as const,
    })),
  );
  // All weights cover the same characters.
  const [{ data } = { data: Buffer.alloc(0) }] = fonts;
  const { buffer, byteOffset, byteLength } = new Uint8Array(data);
  const parsed = parse(buffer.slice(byteOffset, byteOffset + byteLength));
  return { fonts, has: (character) => parsed.charToGlyphIndex(character) !== 0 };
}
