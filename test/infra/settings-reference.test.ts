import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { settingsExamples } from '../../infra/settings/examples.ts';
import { parseSettings } from '../../infra/settings/parse-settings.ts';
import { groupsOf } from '../../infra/settings/reference.ts';
import { settingsSchema } from '../../infra/settings/schema.ts';
import { toSettingsPage } from '../../infra/settings/settings-page.ts';

const settingsOf = (schema: z.ZodType) => groupsOf(schema).flatMap(({ settings }) => settings);

/** Returns the names of all values in an object, `publication.name`, and of the objects that hold them. */
const namesIn = (value: object, prefix = ''): readonly string[] =>
  Object.entries(value).flatMap(([key, inner]) => {
    const name = `${prefix}${key}`;
    return typeof inner === 'object' && !Array.isArray(inner)
      ? [name, ...namesIn(inner, `${name}.`)]
      : [name];
  });

test('docs/settings.md is current (run npm run docs if this fails)', async () => {
  expect(await readFile('docs/settings.md', 'utf8')).toBe(toSettingsPage());
});

describe('every setting', () => {
  test('has a description', () => {
    expect(settingsOf(settingsSchema).filter(({ description }) => description === '')).toEqual([]);
    expect(groupsOf(settingsSchema).filter(({ description }) => description === '')).toEqual([]);
  });

  test('is required or states its default', () => {
    expect(settingsOf(settingsSchema).filter(({ fallback }) => fallback === undefined)).toEqual([]);
  });

  test('describes its values in words', () => {
    const plain = settingsOf(settingsSchema).filter(({ values }) => values === '' || values === 'text');

    expect(plain).toEqual([]);
  });

  test('is reported if it has no description or default', () => {
    const schema = z.object({ a: z.string(), b: z.object({ c: z.int().optional() }).describe('B.') });

    expect(settingsOf(schema)).toEqual([
      { name: 'a', values: 'text', fallback: '**required**', description: '' },
      {
        name: 'b.c',
        values: expect.stringMatching(/^whole number/),
        fallback: undefined,
        description: '',
      },
    ]);
  });
});

describe('the reference', () => {
  const find = (name: string) => settingsOf(settingsSchema).find((setting) => setting.name === name);

  test.each([
    ['stage', '`"dev"`, `"prod"`', '**required**'],
    ['account', 'AWS account id', 'any'],
    ['region', 'AWS region', expect.stringContaining('AWS_REGION')],
    ['publication.fromAddress', 'email address', '**required**'],
    ['publication.replyTo', 'email address', '`fromAddress`'],
    ['publication.accentColour', 'colour', '`"#9e1b1b"`'],
    ['sender.identity', 'email address or host name', '`publication.fromAddress`'],
    ['site.certificateArn', 'ARN', '**required**'],
    ['lists.hf-daily.minutes', 'list of 1 to 12, each a whole number, 0 to 59', '`[10, 25, 40, 55]`'],
    ['sending.accountRatePerSec', 'number, 1 to 5,000', '`14`'],
    ['eventTracking', '`true`, `false`', expect.stringContaining('at-least-once')],
  ])('describes the values and the default of %s', (name, values, fallback) => {
    expect(find(name)).toMatchObject({ values, fallback });
  });
});

describe('the examples', () => {
  const { dev, prod } = settingsExamples;
  const prodWith = (originSecret: string) => ({
    ...prod,
    site: { ...prod.site, cloudFront: { ...prod.site.cloudFront, originSecret } },
  });

  test('are valid, once the secret is replaced', () => {
    expect(parseSettings(dev)).toMatchObject({ stage: 'dev' });
    expect(parseSettings(prodWith('a-secret-of-at-least-32-characters'))).toMatchObject({ stage: 'prod' });
  });

  test.each([prod.site.cloudFront.originSecret, 'replace-this-by-your-own-long-random-text'])(
    'have a secret that is refused, because everybody knows it: %s',
    (secret) => {
      expect(() => parseSettings(prodWith(secret))).toThrow(
        `- site.cloudFront.originSecret is "${secret}": expected a random text of your own, such as from "openssl rand -hex 32". The text of the example is public`,
      );
    },
  );

  test('for prod have every setting except publicUrl, which site replaces', () => {
    const missing = settingsOf(settingsSchema)
      .map(({ name }) => name)
      .filter((name) => !namesIn(settingsExamples.prod).includes(name));

    expect(missing).toEqual(['publication.publicUrl']);
  });
});
