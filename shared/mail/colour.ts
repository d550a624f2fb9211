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
 * The colour itself where text in it has the contrast asked for on the ground, else the nearest mix with black or white that
 * has it; black or white where even that is not enough.
 */
export function toReadable(colour: Colour, ground: Colour, minContrast: number = MIN_CONTRAST): Colour {
  const pole =
    contrastBetween('#000000', ground) > contrastBetween('#ffffff', ground) ? '#000000' : '#ffffff';
  for (let share = 0; share < 1; share += STEP) {
    const mixed = mix(colour, pole, share);
    if (contrastBetween(mixed, ground) >= minContrast) return mixed;
  }
  return pole;
}

/** `share` is how much of the second colour goes in, 0 to 1. */
function mix(one: Colour, other: Colour, share: number): Colour {
  const into = channelsOf(other);
  const mixed = channelsOf(one).map((channel, index) =>
    Math.round(channel + ((into[index] ?? 0) - channel) * share),
  );
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
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
