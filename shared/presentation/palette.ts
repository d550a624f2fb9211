import type { Publication } from './publication.ts';
import { toReadable } from './readable-colour.ts';

/** A colour as `#rrggbb`, in small or capital letters. */
type Colour = string;

/** The colours of light or dark mode. Text colours have a contrast of at least 4.5 on the ground. */
export interface Palette {
  readonly ground: Colour;
  /** Titles and sentences. */
  readonly ink: Colour;
  /** Secondary text: the meta line, the footer. */
  readonly dim: Colour;
  /** Hairlines. */
  readonly rule: Colour;
  readonly accent: Colour;
  /** The ground of words that a query found. */
  readonly mark: Colour;
}

const LIGHT = {
  ground: '#ffffff',
  ink: '#1c1a17',
  dim: '#605c55',
  rule: '#d9d5cc',
  mark: '#f6ecc4',
} as const;
const DARK = { ground: '#171614', ink: '#ece8e1', dim: '#a9a399', rule: '#3b3833', mark: '#51461f' } as const;

/** The contrast that WCAG level AA requires of text of any size. */
const MIN_CONTRAST = 4.5;

/** With less contrast, a lightened dark red looks muddy on black. */
const DARK_ACCENT_CONTRAST = 6;

/** The colours that the operator chooses. */
export type AccentColours = Pick<Publication, 'accentColour' | 'accentColourDark'>;

/**
 * Returns a publication's accent colour for light and dark mode. A colour that is hard to read on its ground becomes darker
 * or lighter. Without a colour for dark mode, that of light mode is used.
 */
export function toAccents(
  { accentColour, accentColourDark = accentColour }: AccentColours,
  grounds: { readonly light: Colour; readonly dark: Colour },
): { readonly light: Colour; readonly dark: Colour } {
  return {
    light: toReadable(accentColour, grounds.light, MIN_CONTRAST),
    dark: toReadable(accentColourDark, grounds.dark, DARK_ACCENT_CONTRAST),
  };
}

/** Returns the colours of a publication's mails for light and dark mode. */
export function toPalettes(colours: AccentColours): { readonly light: Palette; readonly dark: Palette } {
  const accents = toAccents(colours, { light: LIGHT.ground, dark: DARK.ground });
  return { light: { ...LIGHT, accent: accents.light }, dark: { ...DARK, accent: accents.dark } };
}
