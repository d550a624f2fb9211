import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { addressSchema, toMailbox } from '../../../../shared/domain/subscribers/address.ts';
import { typedAddressSchema } from '../../../../shared/domain/subscribers/typed-address.ts';

/** A public collection of addresses for testing validators. A copy may be next to the repository. */
const FILE = fileURLToPath(
  new URL('../../../../../shared/recordings/emails/isemail_tests.xml', import.meta.url),
);
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Valid addresses. The domain may not exist. */
const USUAL = ['ISEMAIL_VALID_CATEGORY', 'ISEMAIL_DNSWARN'];

interface Recorded {
  readonly address: string;
  readonly category: string;
}

function readRecorded(): readonly Recorded[] {
  const text = readFileSync(FILE, 'utf8');
  const tests = text.matchAll(/<test id[\s\S]*?<\/test>/g);
  return [...tests].map(([entry]) => ({
    address: decode(/<address>([^<]*)</.exec(entry)?.[1] ?? ''),
    category: /<category>(\w+)</.exec(entry)?.[1] ?? '',
  }));
}

/** Signs from U+2400 on stand for the control characters that XML cannot hold. */
function decode(text: string): string {
  return text
    .replaceAll(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replaceAll(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole)
    .replaceAll(/[\u2400-\u241f\u2421]/g, (sign) =>
      String.fromCharCode(sign === '\u2421' ? 127 : sign.charCodeAt(0) - 0x2400),
    );
}

const isThere = existsSync(FILE);
if (!isThere) process.stdout.write(`skipped: there are no recorded addresses at ${FILE}\n`);

(isThere ? describe : describe.skip)('recorded addresses', () => {
  const recorded = isThere ? readRecorded() : [];

  test('have the recorded number', () => {
    expect(recorded.length).toBeGreaterThanOrEqual(160);
  });

  test('are parsed without an error, and lose only what surrounds them', () => {
    for (const { address } of recorded) {
      const parsed = typedAddressSchema.safeParse(address);
      if (parsed.success) expect(address.replaceAll(/\s|\.$/g, '')).toBe(parsed.data);
      expect(toMailbox(address)).toContain('@');
    }
  });

  test('are accepted if they are real, and refused if they are wrong', () => {
    const isTaken = ({ address }: Recorded) => addressSchema.safeParse(address).success;
    const isUsual = ({ category }: Recorded) => USUAL.includes(category);

    expect(recorded.filter((entry) => isTaken(entry) && !isUsual(entry))).toEqual([]);
    // Only a top-level domain, one of a single letter, and an address longer than mail servers accept.
    const refused = recorded
      .filter((entry) => isUsual(entry) && !isTaken(entry))
      .map(({ address }) => address);
    expect(refused.map((address) => address.slice(0, 12))).toEqual([
      'test@io',
      'test@iana.a',
      'a@a.b.c.d.e.',
    ]);
  });
});
