import { describe, expect, test } from '@jest/globals';
import ipaddr from 'ipaddr.js';
import { createIpRange, findIpBytes, toIpAddress } from '../../../shared/subscribers/ip-address.ts';
import { fc } from '../../fast-check.ts';

const mapped = fc.ipV4().map((address) => `::ffff:${address}`);
const sparse = fc
  .array(fc.constantFrom('0', '0000', '1', 'AbCd'), { minLength: 8, maxLength: 8 })
  .map((groups) => groups.join(':'));
/** IPv6 without its deprecated form `::203.0.113.7`, which the other implementation reads as IPv4. The table below has that form. */
const ipV6 = fc.ipV6().filter((text) => !/^::\d+\./.test(text));
const address = fc.oneof(fc.ipV4(), ipV6, mapped, sparse);

describe('an address', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:DB8:0:0::7', '2001:db8::7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['::ffff:0.0.0.0', '0.0.0.0'],
    ['::203.0.113.7', '::cb00:7107'],
    ['::', '::'],
    ['fe80::1%eth0', 'fe80::1'],
    ['', undefined],
    ['1', undefined],
    ['0x7f.1', undefined],
    ['203.0.113.07', undefined],
    ['203.0.113.7/24', undefined],
    ['[2001:db8::7]', undefined],
    ['2001:db8::7\n', undefined],
  ])('%j is %j in its usual form', (text, usual) => {
    expect(toIpAddress(text)).toBe(usual);
    expect(findIpBytes(text) === undefined).toBe(usual === undefined);
  });

  test('has the form and the bytes that another implementation finds', () => {
    fc.assert(
      fc.property(address, (text) => {
        expect(toIpAddress(text)).toBe(ipaddr.process(text).toString());
        expect(findIpBytes(text)).toEqual(ipaddr.process(text).toByteArray());
      }),
    );
  });
});

describe('a range', () => {
  test('has the addresses that another implementation finds in it', () => {
    const network = fc.oneof(
      fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })),
      fc.tuple(fc.oneof(ipV6, mapped), fc.integer({ min: 0, max: 128 })),
    );
    fc.assert(
      fc.property(network, address, fc.nat(127), ([start, bits], other, flipped) => {
        const range = `${start}/${bits}`;
        const near = flipBit(start, flipped);
        for (const tested of [start, near, other]) {
          const judged =
            ipaddr.subnetMatch(ipaddr.process(tested), { in: [ipaddr.parseCIDR(range)] }) === 'in';
          expect([range, tested, createIpRange(range)(tested)]).toEqual([range, tested, judged]);
        }
      }),
    );
  });

  test('has nothing that is no address', () => {
    expect(createIpRange('0.0.0.0/0')('unknown')).toBe(false);
  });
});

/** Returns an address that differs in one bit. */
function flipBit(text: string, bit: number): string {
  const bytes = ipaddr.parse(text).toByteArray();
  const at = bit % (bytes.length * 8);
  bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (0x80 >> (at % 8));
  return ipaddr.fromByteArray(bytes).toString();
}
