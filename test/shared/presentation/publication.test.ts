import { describe, expect, test } from '@jest/globals';
import { toPalettes } from '../../../shared/presentation/palette.ts';
import { publicationSchema } from '../../../shared/presentation/publication.ts';
import { contrastBetween } from '../../contrast.ts';
import { fc } from '../../fast-check.ts';

const MINIMAL = {
  fromAddress: 'papers@example.org',
  publicUrl: 'https://daily.example.org',
  listId: 'daily.example.org',
};

const isValid = (fields: Readonly<Record<string, unknown>>) =>
  publicationSchema.safeParse({ ...MINIMAL, ...fields }).success;

describe('a publication', () => {
  test('needs a sender, a URL and a list id, and has a default name and colour', () => {
    expect(publicationSchema.parse(MINIMAL)).toEqual({
      ...MINIMAL,
      name: 'Broadsheet',
      accentColour: '#9e1b1b',
    });
  });

  test.each([
    'name',
    'fromAddress',
    'replyTo',
    'publicUrl',
    'listId',
    'postalAddress',
    'unsubscribeMailto',
    'accentColour',
  ])('refuses a line break in %s', (field) => {
    const value = { ...MINIMAL, name: 'The Paper', accentColour: '#123456', postalAddress: '1 Road' }[field];
    expect(isValid({ [field]: value ?? 'stop@example.org' })).toBe(true);
    expect(isValid({ [field]: `${value ?? 'stop@example.org'}\r\nBcc: eve@example.com` })).toBe(false);
    expect(isValid({ [field]: `x\nBcc: eve@example.com${value}` })).toBe(false);
  });

  test.each([
    [{ name: '  ' }],
    [{ name: '\u200b\u2060' }],
    [{ name: '\u3164' }],
    [{ postalAddress: '\u00ad' }],
    [{ name: 'x'.repeat(61) }],
    [{ publicUrl: 'http://daily.example.org' }],
    [{ publicUrl: 'javascript:alert(1)' }],
    [{ publicUrl: 'not a url' }],
    [{ listId: 'Daily Papers' }],
    [{ listId: 'localhost' }],
    [{ accentColour: 'red' }],
    [{ accentColourDark: '#fff' }],
  ])('refuses %j', (fields) => {
    expect(isValid(fields)).toBe(false);
  });

  test('accepts plain HTTP for this machine', () => {
    expect(isValid({ publicUrl: 'http://localhost:8080' })).toBe(true);
    expect(isValid({ publicUrl: 'http://127.0.0.1:8080' })).toBe(true);
  });
});

describe('the palettes', () => {
  test('are readable in light and dark mode with any accent colour', () => {
    const colour = fc
      .integer({ min: 0, max: 0xffffff })
      .map((value) => `#${value.toString(16).padStart(6, '0')}`);
    fc.assert(
      fc.property(colour, fc.option(colour, { nil: undefined }), (accentColour, accentColourDark) => {
        for (const { ground, ink, dim, accent } of Object.values(
          toPalettes({ accentColour, accentColourDark }),
        )) {
          for (const text of [ink, dim, accent]) {
            expect(contrastBetween(text, ground)).toBeGreaterThanOrEqual(4.5);
          }
        }
      }),
    );
  });

  test('keep a readable accent colour', () => {
    const { light, dark } = toPalettes({ accentColour: '#9e1b1b', accentColourDark: '#ffaaaa' });
    expect([light.accent, dark.accent]).toEqual(['#9e1b1b', '#ffaaaa']);
  });

  test('lighten an accent colour for dark mode without making it dull', () => {
    const { dark } = toPalettes({ accentColour: '#9e1b1b' });
    expect(dark.accent).toBe('#e77575');
  });
});
