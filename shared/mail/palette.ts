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

/**
 * The colours of a publication by day and by night. The accent is the publication's own as far as it can be read; without
 * one for dark mode, the same colour is lightened until it can.
 */
export function toPalettes(publication: Pick<Publication, 'accentColour' | 'accentColourDark'>): {
  readonly light: Palette;
  readonly dark: Palette;
} {
  const { accentColour, accentColourDark = accentColour } = publication;
  return {
    light: { ...LIGHT, accent: toReadable(accentColour, LIGHT.ground) },
    dark: { ...DARK, accent: toReadable(accentColourDark, DARK.ground, DARK_ACCENT_CONTRAST) },
  };
}
