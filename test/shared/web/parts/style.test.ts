import { describe, expect, test } from '@jest/globals';
import { createPageStyle } from '../../../../shared/web/parts/style.ts';
import { contrastBetween } from '../../../contrast.ts';
import { createPublication } from '../../../factories/digests.ts';
import { createFakeWeb } from '../../../fakes/web.ts';
import { fc } from '../../../fast-check.ts';
import { createReader } from '../reader.ts';

const NIGHT = /@media \(prefers-color-scheme:dark\)\{:root\{([^}]*)\}\}/g;

/** The colours that a style sheet names, by day or by night. */
function coloursOf(css: string, mode: 'light' | 'dark'): Readonly<Record<string, string>> {
  const [screen = ''] = css.split('@media print');
  const night = [...screen.matchAll(NIGHT)].map(([, rules]) => rules).join(' ');
  const rules = mode === 'dark' ? night : screen.replaceAll(NIGHT, '');
  return Object.fromEntries(
    [...rules.matchAll(/--(\w+):(#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
  );
}

describe('the style of pages', () => {
  test('has enough contrast in light and dark mode with any accent colour', () => {
    const colour = fc
      .integer({ min: 0, max: 0xffffff })
      .map((value) => `#${value.toString(16).padStart(6, '0')}`);
    fc.assert(
      fc.property(colour, fc.option(colour, { nil: undefined }), (accentColour, accentColourDark) => {
        const css = createPageStyle({ accentColour, accentColourDark });
        expect(css).toContain('::placeholder{color:var(--faint);opacity:1;}');
        for (const mode of ['light', 'dark'] as const) {
          const { paper = '', ink = '', faint = '', accent = '' } = coloursOf(css, mode);
          for (const text of [ink, faint, accent])
            expect(contrastBetween(text, paper)).toBeGreaterThanOrEqual(4.5);
        }
      }),
    );
  });

  test('prints in black on white, without parts that only work on a screen', () => {
    const [, print = ''] = createPageStyle({ accentColour: '#9e1b1b' }).split('@media print');

    expect(print).toMatch(/--paper:#fff;--ink:#000;/);
    expect(print).toMatch(/form,button,nav,footer[^{]*\{display:none !important;\}/);
    expect(print).toContain('.bar:has(nav:last-child){border-bottom:0;}');
  });

  test.each([
    '/',
    '/docs',
    '/privacy',
    '/about/trending',
    '/manage-link',
    '/papers',
    '/papers/2026-02-30',
    '/nowhere',
  ])('has the one accent of the publication: %s', async (path) => {
    const publication = createPublication({ accentColour: '#0b6e4f', accentColourDark: '#5fd0a8' });
    const { html } = await createReader(createFakeWeb({ publication })).read(path);

    expect(coloursOf(html, 'light').accent).toBe('#0b6e4f');
    expect(coloursOf(html, 'dark').accent).toBe('#5fd0a8');
    expect(html.match(/--accent:/g)).toHaveLength(3);
  });
});
