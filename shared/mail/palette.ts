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

/** A colour as `#rrggbb`, in small or capital letters. */
export type Colour = string;

/** The contrast that text of any size needs for level AA. */
const MIN_CONTRAST = 4.5;

const STEP = 0.05;

/**
 * The contrast of two colours, from 1 (none) to 21 (black on white).
 *
 * @see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
 */
export function contrastBetween(one: Colour, other: Colour): number {
  const [darker = 0, lighter = 0] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/**
 * The colour itself where text in it has the contrast asked for on the ground. Otherwise the nearest darker or lighter one of
 * the same hue and saturation; black or white where no other is enough. To mix white into it would make it dull.
 */
function toReadable(colour: Colour, ground: Colour, minContrast: number = MIN_CONTRAST): Colour {
  const isDarker = contrastBetween('#000000', ground) > contrastBetween('#ffffff', ground);
  if (contrastBetween(colour, ground) >= minContrast) return colour.toLowerCase();
  for (let share = STEP; share < 1; share += STEP) {
    const moved = moveLightness(colour, isDarker ? 0 : 1, share);
    if (contrastBetween(moved, ground) >= minContrast) return moved;
  }
  return isDarker ? '#000000' : '#ffffff';
}

/**
 * The colour with its lightness moved by a share of the way to another, 0 to 1, its hue and saturation kept.
 *
 * @see https://www.w3.org/TR/css-color-4/#hsl-to-rgb
 */
function moveLightness(colour: Colour, to: number, share: number): Colour {
  const channels = channelsOf(colour).map((channel) => channel / 255);
  const highest = Math.max(...channels);
  const lowest = Math.min(...channels);
  const lightness = (highest + lowest) / 2;
  const moved = lightness + (to - lightness) * share;
  // Half the distance of the outer channels: saturation times its largest value at this lightness.
  const range = (light: number) => Math.min(light, 1 - light);
  const scale = range(lightness) === 0 ? 0 : range(moved) / range(lightness);
  return toColour(channels.map((channel) => moved + (channel - lightness) * scale));
}

/** The colour of red, green and blue from 0 to 1. */
function toColour(channels: readonly number[]): Colour {
  const digits = channels.map((channel) =>
    Math.round(channel * 255)
      .toString(16)
      .padStart(2, '0'),
  );
  return `#${digits.join('')}`;
}

function luminanceOf(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = channelsOf(colour).map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Red, green and blue, 0 to 255. */
function channelsOf(colour: Colour): readonly number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
