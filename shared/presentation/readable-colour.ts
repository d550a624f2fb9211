// Written by hand, because colord adds 7 KB to three functions. It judges this code in a test (ADR 29).

/** Red, green and blue, each from 0 to 1. */
type Rgb = readonly [red: number, green: number, blue: number];

const LIGHTNESS_STEP = 0.02;

/**
 * Returns a colour, or the nearest darker or lighter one with at least a contrast to a ground. All are written as `#rrggbb`. Hue and
 * saturation stay, because mixing in white or black would make the colour dull.
 *
 * @see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
 */
export function toReadable(colour: string, ground: string, minContrast: number): string {
  const own = parseHex(colour);
  const luminance = luminanceOf(parseHex(ground));
  const direction = luminance > 0.5 ? -1 : 1;
  let readable = printHex(own);
  for (let moved = 0; moved < 1 && contrastOf(luminance, readable) < minContrast; ) {
    moved += LIGHTNESS_STEP;
    readable = printHex(lighten(own, direction * moved));
  }
  return readable;
}

/** Takes the colour as text, because the text is rounded to the colour that a reader sees. */
function contrastOf(luminance: number, colour: string): number {
  const ownLuminance = luminanceOf(parseHex(colour));
  return (Math.max(luminance, ownLuminance) + 0.05) / (Math.min(luminance, ownLuminance) + 0.05);
}

function luminanceOf(colour: Rgb): number {
  const [red, green, blue] = mapRgb(colour, (part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Changes the lightness of a colour in HSL, which is from 0 for black to 1 for white. */
function lighten(colour: Rgb, change: number): Rgb {
  const [max, min] = [Math.max(...colour), Math.min(...colour)];
  const lightness = (max + min) / 2;
  const room = Math.min(lightness, 1 - lightness);
  const lighter = Math.min(Math.max(lightness + change, 0), 1);
  // Hue and saturation are in the distances of the parts from the lightness. They grow and shrink with the room that it leaves.
  const scale = room === 0 ? 0 : Math.min(lighter, 1 - lighter) / room;
  return mapRgb(colour, (part) => lighter + (part - lightness) * scale);
}

function parseHex(hex: string): Rgb {
  return mapRgb([1, 3, 5], (at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
}

function printHex(colour: Rgb): string {
  const parts = mapRgb(colour, (part) => Math.round(part * 255));
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function mapRgb([red, green, blue]: Rgb, toPart: (part: number) => number): Rgb {
  return [toPart(red), toPart(green), toPart(blue)];
}
