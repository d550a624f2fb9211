import { describe, expect, test } from '@jest/globals';
import { splitMessage, toDeliveredMessage, valuesOf } from '../../../local/ses/message.ts';
import { fc } from '../../fast-check.ts';
import { toBytes } from './ses-fixture.ts';

const OWN = `Message-ID: <m1@email.amazonses.com>\r\nDate: Mon, 05 Jan 2026 08:00:00 +0000\r\n`;

function deliver(raw: Uint8Array): Buffer {
  return Buffer.from(toDeliveredMessage(splitMessage(raw), 'm1', '2026-01-05T08:00:00.000Z'));
}

describe('splitting a message', () => {
  test('keeps every byte', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc
            .array(fc.constantFrom('a', ':', ' ', '\t', '\r', '\n', '\r\n', 'Bcc: '))
            .map((parts) => toBytes(parts.join(''))),
        ),
        (raw) => {
          const { fields, rest } = splitMessage(raw);

          const joined = Buffer.concat([
            Buffer.from(fields.map(({ source }) => source).join(''), 'latin1'),
            rest,
          ]);

          expect(joined.equals(raw)).toBe(true);
        },
      ),
    );
  });

  test('finds folded and repeated fields in any case, and none in the body', () => {
    const { fields } = splitMessage(toBytes('X-A: one\r\n two\r\nx-a:  grün \r\n\r\nX-A: body'));

    expect(valuesOf(fields, 'X-a')).toEqual(['one two', 'grün']);
  });
});

describe('the delivered message', () => {
  test('keeps other fields and every byte of the body', () => {
    const line = fc.stringMatching(/^X-[A-Za-z]{1,8}: [ -~]{0,20}$/);
    fc.assert(
      fc.property(fc.array(line), fc.uint8Array(), (lines, body) => {
        const head = lines.map((text) => `${text}\r\n`).join('');
        const raw = Buffer.concat([
          Buffer.from(`Bcc: x@example.net\r\nDate: d\r\n${head}MESSAGE-ID: m\r\n\r\n`),
          body,
        ]);

        expect(deliver(raw).equals(Buffer.concat([Buffer.from(`${head}${OWN}\r\n`), body]))).toBe(true);
      }),
    );
  });

  test('ends lines as the message does', () => {
    expect(deliver(toBytes('From: a\nDate: d\n\nbody\n')).toString()).toBe(
      `From: a\n${OWN.replaceAll('\r', '')}\nbody\n`,
    );
  });

  test('has a whole header if the message ends within it', () => {
    expect(deliver(toBytes('From: a\r\nTo: b')).toString()).toBe(`From: a\r\nTo: b\r\n${OWN}`);
  });
});
