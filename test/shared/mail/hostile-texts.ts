import { anyCharacter } from '../../factories/texts.ts';
import { fc } from '../../fast-check.ts';

const NASTY = [
  'a\r\nBcc: eve@example.com\r\n\r\n<p>body</p>',
  'a\nBcc: eve@example.com',
  '<script>alert(1)</script>',
  '</td></tr></table></style></title><img src=x onerror=alert(1)>',
  '"><a href="javascript:alert(1)">x</a>',
  '<!-- --> ]]> <![endif]--> &lt; &amp;amp; &#x3c;b&#x3e;',
  `"quoted", 'single' \\ back\\slash, <angle@example.com>, a@b.example`,
  '=?UTF-8?B?PHNjcmlwdD4=?= =?utf-8?q?=0d=0aBcc:_e?=',
  '\u202egnirts desrever\u202c \u2066isolated',
  'مرحبا بالعالم שלום',
  '👩‍👩‍👧‍👦 🏳️‍🌈 é̂̃',
  '\ud800 lone \udc00',
  '\u0000\u0007\u001b[31m\u007f\u0085',
  '\u2028line\u2029paragraph',
  'x'.repeat(2000),
  '"'.repeat(2000),
  `e${'\u0301'.repeat(2000)}`,
  '漢字'.repeat(1000),
  '-----_NmP-boundary-Part_1--',
  '.',
  ' ',
];

/** Texts that try to end a header, open a tag, change the reading direction, or break the layout. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: anyCharacter, maxLength: 60 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
    .map((units) => String.fromCharCode(...units)),
  fc.tuple(fc.constantFrom(...NASTY), fc.constantFrom(...NASTY)).map((pair) => pair.join(' ')),
);
