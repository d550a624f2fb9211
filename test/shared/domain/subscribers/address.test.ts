import { describe, expect, test } from '@jest/globals';
import {
  addressSchema,
  maskAddress,
  normaliseAddress,
  toMailbox,
} from '../../../../shared/domain/subscribers/address.ts';
import {
  explainedAddressSchema,
  typedAddressSchema,
} from '../../../../shared/domain/subscribers/typed-address.ts';
import { anyCharacter } from '../../../factories/texts.ts';
import { fc } from '../../../fast-check.ts';

const accepts = (text: string) => addressSchema.safeParse(text).success;

describe('an address', () => {
  test.each([
    'ada@example.org',
    'Ada.Lovelace+papers@Example.Org',
    "o'brien@example.org",
    'a@b.io',
    '!#$%&*/=?^_`{|}~-@example.org',
    `${'l'.repeat(64)}@example.org`,
    'ada@xn--bcher-kva.example',
    'ada@1and1.example.com',
  ])('accepts a real address: %s', (text) => {
    expect(accepts(text)).toBe(true);
    expect(typedAddressSchema.parse(text)).toBe(text);
  });

  test.each([
    ['', 'nothing'],
    ['ada', 'no domain'],
    ['@example.org', 'no local part'],
    ['ada@localhost', 'a domain of one label'],
    ['ada@127.0.0.1', 'an IP address'],
    ['ada@[127.0.0.1]', 'an address literal'],
    ['ada@2130706433.1', 'a number for a domain'],
    ['a..b@example.org', 'two dots'],
    ['.ada@example.org', 'a dot first'],
    ['ada.@example.org', 'a dot last'],
    ['"ada"@example.org', 'quotes'],
    ['ada(comment)@example.org', 'a comment'],
    ['ada@-example.org', 'a hyphen first'],
    ['ada@example-.org', 'a hyphen last'],
    ['ada@example..org', 'an empty label'],
    ['ädä@example.org', 'a local part beyond ASCII, which SES cannot mail'],
    ['ada@example.org\r\nBcc: eve@example.org', 'another header'],
    ['ada@example.org,eve@example.org', 'two addresses'],
    ['ada lovelace@example.org', 'a space'],
    ['ada@exa mple.org', 'a space in the domain'],
    ['ada@example.org, Ben <ben@example.org>', 'two addresses, one with a name'],
    ['Ada <ada@example.org>, Ben <ben@example.org>', 'two names'],
    ['ada@example.org <eve@example.org>', 'another address for a name'],
    ['ada@example.org..', 'two dots at the end'],
    ['mailto:ada@example.org,eve@example.org', 'two addresses in a link'],
    ['mailto:ada%ff@example.org%', 'a link that cannot be decoded'],
    ['ada\u0000@example.org', 'a control character'],
    [`${'l'.repeat(65)}@example.org`, 'a long local part'],
    [`ada@${'d'.repeat(64)}.org`, 'a long label'],
    [
      `ada@${'d'.repeat(60)}.${'d'.repeat(60)}.${'d'.repeat(60)}.${'d'.repeat(60)}.${'d'.repeat(20)}.org`,
      'a long domain',
    ],
  ])('refuses %j because of %s', (text) => {
    expect(accepts(text)).toBe(false);
    expect(typedAddressSchema.safeParse(text).success).toBe(false);
  });

  test.each([
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['ada@例え.テスト', 'ada@xn--r8jz45g.xn--zckzah'],
    ['ada@BÜCHER.example', 'ada@xn--bcher-kva.example'],
    ['ada@faß.example', 'ada@xn--fa-hia.example'],
  ])('changes the domain of %s to Punycode', (typed, expected) => {
    expect(typedAddressSchema.parse(typed)).toBe(expected);
  });

  test.each([
    'ada@ex%61mple.örg',
    'ada@exämple.org/evil',
    'ada@exämple.org:25',
    'ada@ex\u00admple.org@evil.org',
    'ada@１２７.0.0.1',
  ])('does not let the URL parser change %s', (typed) => {
    expect(typedAddressSchema.safeParse(typed).success).toBe(false);
  });

  test.each([
    'ada@example.org.',
    ' ada@example.org;',
    '\u00a0ada@example.org\r\n',
    'ada @ example.org',
    'mailto:ada@example.org',
    'MAILTO:ada%40example.org?subject=Hello%20there',
    'Ada Lovelace <ada@example.org>',
    '"Lovelace, Ada" < ada@example.org >;',
    "'ada@example.org' <ada@example.org>",
    '<mailto:ada@example.org>',
    'Ada <ada@example.org>.',
  ])('accepts pasted text: %j', (pasted) => {
    expect(accepts(pasted)).toBe(false);
    expect(typedAddressSchema.parse(pasted)).toBe('ada@example.org');
  });

  test('accepts invisible characters at any position', () => {
    const invisible = fc.constantFrom(
      ...['\u200b', '\u200c', '\u200d', '\u200e', '\u202a', '\u202c', '\u2060', '\u2066', '\ufeff', '\u00ad'],
      ...['\u034f', '\u115f', '\u3164', '\uffa0', '\ufe0f', '\u{e0061}', '\u{1d173}'],
    );
    const address = fc.constantFrom('ada@example.org', 'Ada <ada@example.org>', 'mailto:ada@example.org');
    fc.assert(
      fc.property(address, fc.array(fc.tuple(fc.nat(), invisible), { minLength: 1 }), (text, marks) => {
        const characters = [...text];
        for (const [place, mark] of marks) characters.splice(place % (characters.length + 1), 0, mark);

        expect(typedAddressSchema.parse(characters.join(''))).toBe('ada@example.org');
      }),
    );
  });

  test('keeps a joiner that is part of a name in another script', () => {
    const joined = typedAddressSchema.parse('ada@نامه\u200cای.example');

    expect(joined).toMatch(/^ada@xn--/);
    expect(joined).not.toBe(typedAddressSchema.parse('ada@نامهای.example'));
  });

  test.each([
    ['ada\u200b@example.org', 'an invisible character (U+200B)'],
    ['\ufeffada@example.org', 'an invisible character (U+FEFF)'],
    ['ada\u0000@example.org', 'an invisible character (U+0000)'],
    ['ada\n@example.org', 'an invisible character (U+000A)'],
    ['ada lovelace@example.org', 'a space'],
    ['ada@exa\u00a0mple.org', 'a space (U+00A0)'],
    ['\u0430da@example.org', '"\u0430" (U+0430)'],
    ['ada(home)@example.org', '"("'],
    ['"ada"@example.org', 'a quotation mark'],
  ])('names the invalid character in %j', (text, named) => {
    expect(explainedAddressSchema.safeParse(text).error?.issues[0]?.message).toBe(
      `it has ${named} in it; expected an email address like "ada@example.org"`,
    );
  });

  test.each([
    [`${'l'.repeat(65)}@example.org`, 'it has 65 characters before the "@", and 64 are allowed'],
    [`ada@${'d.'.repeat(124)}org`, 'it has 255 characters, and 254 are allowed'],
    ['a..b@example.org', 'before the "@", a dot is first, last or next to another'],
    ['.ada@example.org', 'before the "@", a dot is first, last or next to another'],
    ['ada@example..org', 'after the "@", a dot is first, last or next to another'],
    ['ada@localhost', 'its domain has no dot'],
  ])('says what is wrong with %s', (text, fault) => {
    expect(explainedAddressSchema.safeParse(text).error?.issues[0]?.message).toBe(
      `${fault}; expected an email address like "ada@example.org"`,
    );
  });

  test('never changes a plain ASCII address, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string(), fc.string({ unit: anyCharacter })), (text) => {
        const parsed = typedAddressSchema.safeParse(text);
        if (accepts(text) && /[^.,;]$/.test(text)) expect(parsed.data).toBe(text);
        if (parsed.success) expect(accepts(parsed.data)).toBe(true);
        expect(typeof toMailbox(text)).toBe('string');
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('one mailbox', () => {
  test.each([
    'ada.lovelace@gmail.com',
    'Ada.Lovelace@Gmail.com',
    'adalovelace+papers@gmail.com',
    'a.d.a.lovelace+x+y@googlemail.com',
    ' adalovelace@gmail.com ',
  ])('is the same for every spelling: %s', (address) => {
    expect(toMailbox(address)).toBe('adalovelace@gmail.com');
  });

  test.each([
    ['a.da+papers@proton.me', 'ada@proton.me'],
    ['Ada+papers@outlook.com', 'ada@outlook.com'],
    ['ada+papers@icloud.com', 'ada@icloud.com'],
    ['ada+papers@fastmail.com', 'ada@fastmail.com'],
    ['Ada+papers@company.example', 'ada@company.example'],
    ['a.da+x+y@company.example', 'a.da@company.example'],
  ])('has no tag, and no dots that its provider ignores: %s', (address, mailbox) => {
    expect(toMailbox(address)).toBe(mailbox);
  });

  test.each([
    ['jan.e@example.org', 'jane@example.org'],
    ['a.da@outlook.com', 'ada@outlook.com'],
    ['a.da@fastmail.com', 'ada@fastmail.com'],
    ['jan.e@gmail.com.example', 'jane@gmail.com.example'],
  ])('is not shared if the provider distinguishes the names: %s and %s', (a, b) => {
    expect(toMailbox(a)).not.toBe(toMailbox(b));
  });

  test('is not shared with another name or another domain', () => {
    const mailboxes = [
      'ada@example.org',
      'ben@example.org',
      'ada@example.com',
      '+ada@example.org',
      '+ben@example.org',
    ];

    expect(new Set(mailboxes.map(toMailbox)).size).toBe(mailboxes.length);
  });

  test('does not identify a subscriber: the address does', () => {
    expect(normaliseAddress(' A.da+Papers@Example.org ')).toBe('a.da+papers@example.org');
  });
});

test.each([
  ['demo@readers.example', 'd…o@readers.example'],
  ['al@example.org', 'a…@example.org'],
  ['a@example.org', 'a…@example.org'],
])('a masked address shows the ends of the name and the domain: %s', (address, masked) => {
  expect(maskAddress(address)).toBe(masked);
});
