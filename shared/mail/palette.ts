import { type Colour, toReadable } from './colour.ts';
import type { Publication } from './publication.ts';

/** The colours of one mode. Text colours have a contrast of at least 4.5 on the ground. */
export interface Palette {
  readonly ground: Colour;
  /** Titles and sentences. */
  readonly ink: Colour;
  /** What is said beside: the meta line, the footer. */
  readonly dim: Colour;
  /** Hairlines. */
  readonly rule: Colour;
  readonly accent: Colour;
}

const LIGHT = { ground: '#ffffff', ink: '#1c1a17', dim: '#605c55', rule: '#d9d5cc' } as const;
const DARK = { ground: '#171614', ink: '#ece8e1', dim: '#a9a399', rule: '#3b3833' } as const;

/** A dark red lightened no further than it must be looks muddy on black. */
const DARK_ACCENT_CONTRAST = 6;

/** The colours that a publication chooses. */
export type AccentColours = Pick<Publication, 'accentColour' | 'accentColourDark'>;

/**
 * The accent of a publication by day and by night. It is the publication's own as far as it can be read on these grounds;
 * without one for dark mode, the same colour is lightened until it can.
 */
export function toAccents(
  { accentColour, accentColourDark = accentColour }: AccentColours,
  grounds: { readonly light: Colour; readonly dark: Colour },
): { readonly light: Colour; readonly dark: Colour } {
  return {
    light: toReadable(accentColour, grounds.light),
    dark: toReadable(accentColourDark, grounds.dark, DARK_ACCENT_CONTRAST),
  };
}

/** The colours of a publication's mails by day and by night. */
export function toPalettes(colours: AccentColours): { readonly light: Palette; readonly dark: Palette } {
  const accents = toAccents(colours, { light: LIGHT.ground, dark: DARK.ground });
  return { light: { ...LIGHT, accent: accents.light }, dark: { ...DARK, accent: accents.dark } };
}
