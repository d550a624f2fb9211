import { describe, expect, test } from '@jest/globals';
import { type Colord, colord, extend } from 'colord';
import a11y from 'colord/plugins/a11y';
import { toReadable } from '../../../shared/presentation/readable-colour.ts';
import { fc } from '../../fast-check.ts';

extend([a11y]);

const colour = fc.integer({ min: 0, max: 0xffffff }).map((code) => `#${code.toString(16).padStart(6, '0')}`);
const ground = fc.constantFrom('#ffffff', '#171614', '#faf8f4', '#000000');
const contrast = fc.constantFrom(1, 3, 4.5, 6, 7);

describe('a readable colour', () => {
  test.each([
    ['#9e1b1b', '#ffffff', '#9e1b1b'],
    ['#9E1B1B', '#ffffff', '#9e1b1b'],
    ['#ffffff', '#ffffff', '#757575'],
    ['#000000', '#000000', '#757575'],
  ])('for %s on %s is %s', (own, on, readable) => {
    expect(toReadable(own, on, 4.5)).toBe(readable);
  });

  test('has the contrast, as another implementation measures it', () => {
    fc.assert(
      fc.property(colour, ground, contrast, (own, on, least) => {
        expect(colord(toReadable(own, on, least)).contrast(on)).toBeGreaterThanOrEqual(least);
      }),
    );
  });

  test('is a step of lightness that another implementation also takes', () => {
    fc.assert(
      fc.property(colour, ground, contrast, (own, on, least) => {
        const direction = colord(on).isLight() ? -1 : 1;
        const steps = Array.from({ length: 51 }, (_, n) => colord(own).lighten(direction * 0.02 * n));
        const readable = colord(toReadable(own, on, least));
        const at = steps.findIndex((step) => isSame(step, readable));

        expect(at).toBeGreaterThanOrEqual(0);
        // Two roundings of one step may differ, and so may their contrast.
        expect(steps.slice(0, at).every((step) => step.contrast(on) < least + 0.1)).toBe(true);
      }),
    );
  });
});

/** Whether two colours differ by rounding alone. */
function isSame(a: Colord, b: Colord): boolean {
  const [from, to] = [a.toRgb(), b.toRgb()];
  return Math.max(Math.abs(from.r - to.r), Math.abs(from.g - to.g), Math.abs(from.b - to.b)) <= 1;
}
