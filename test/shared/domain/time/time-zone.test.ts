import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import { deliveryTimesBetween } from '../../../../shared/domain/digests/delivery-times.ts';
import { localDayOf } from '../../../../shared/domain/time/time.ts';
import { listTimeZones, timeZoneSchema } from '../../../../shared/domain/time/time-zone.ts';
import { toTimeZoneText, toTodaysName } from '../../../../shared/domain/time/time-zone-names.ts';
import { toSchedule } from '../../../../shared/presentation/subscription-wording.ts';
import { fc } from '../../../fast-check.ts';

interface CldrZone {
  readonly _alias?: string;
  readonly _iana?: string;
}

const require = createRequire(import.meta.url);
/** CLDR names every zone of the IANA database, the current name of each and all former ones. */
const { keyword } = require('cldr-bcp47/bcp47/timezone.json');
const cldrZones = Object.entries<CldrZone>(keyword.u.tz)
  .filter(([key, { _alias }]) => _alias && key !== 'unk')
  .map(([key, { _alias = '', _iana }]) => {
    const names = _alias.split(' ');
    return { key, names, today: _iana ?? names[0] ?? '' };
  });

/** IANA dropped this name in 2017, because no place ever used it. */
const NEVER_A_PLACE = 'Canada/East-Saskatchewan';
const ianaNames = cldrZones.flatMap(({ names }) => names).filter((name) => name !== NEVER_A_PLACE);

/** Names that say more to a reader than the place that IANA links them to. */
const WITHOUT_PLACE = 'CET EET EST HST MET MST WET CST6CDT EST5EDT MST7MDT PST8PDT'.split(' ');
const SHORT_NAMES: Readonly<Record<string, string>> = { utc: 'UTC', gmt: 'GMT' };

/** Names of ICU that are not in the IANA database, or mean several zones. */
const ABBREVIATIONS = [
  ...[
    'ACT',
    'AET',
    'AGT',
    'ART',
    'AST',
    'BET',
    'BST',
    'CAT',
    'CNT',
    'CST',
    'CTT',
    'EAT',
    'ECT',
    'IET',
    'IST',
  ],
  ...[
    'JST',
    'MIT',
    'NET',
    'NST',
    'PLT',
    'PNT',
    'PRT',
    'PST',
    'SST',
    'VST',
    'CEST',
    'EDT',
    'PDT',
    'ist',
    'Pst',
  ],
];
const OFFSETS = ['+02:00', '-0330', '+02', 'GMT+2', 'gmt-5', 'UTC+2', 'UTC +02:00', 'Z+1', '\u22125'];
const NO_ZONES = ['', ' ', 'Mars/Olympus', 'Factory', 'Etc/Unknown', 'Z', 'Europe/Berlin ', 'Europe//Berlin'];
const NO_NAMES = ['2020-01-01T00:00[Europe/Berlin]', 'daily#UTC#09', 'x'.repeat(65), '__proto__'];

const accepts = (name: string) => timeZoneSchema.safeParse(name).success;
const refusalOf = (name: string) => timeZoneSchema.safeParse(name).error?.issues[0]?.message;
const planADay = (zone: string) =>
  deliveryTimesBetween(zone, '2026-01-05T00:00:00.000Z', '2026-01-06T00:00:00.000Z');

describe('a time zone', () => {
  test('is accepted, planned and shown for every IANA name, current or former', () => {
    expect(ianaNames.length).toBeGreaterThan(590);
    for (const name of ianaNames) {
      expect([name, refusalOf(name)]).toEqual([name, undefined]);
      expect(timeZoneSchema.parse(name)).toBe(name);
      expect(planADay(name)).toHaveLength(24);
      expect(localDayOf('2026-01-05T12:00:00.000Z', name)).toMatch(/^2026-01-0[56]$/);
      expect(toTimeZoneText(name)).toMatch(/^[\w/ +-]+$/);
    }
  });

  test('has the same name in any case', () => {
    for (const name of ianaNames) {
      expect(timeZoneSchema.parse(name.toLowerCase())).toBe(name);
      expect(timeZoneSchema.parse(name.toUpperCase())).toBe(name);
    }
  });

  test.each(ABBREVIATIONS)('is not the abbreviation %s', (name) => {
    expect(refusalOf(name)).toMatch(
      /^a time zone is an IANA name like .*\. An abbreviation can mean several/,
    );
  });

  test.each(OFFSETS)('is not the offset %s', (name) => {
    expect(refusalOf(name)).toMatch(
      /^a time zone is an IANA name like .*\. An offset does not follow summer time$/,
    );
  });

  test.each(['SystemV/PST8PDT', 'systemv/ast4'])('is not %s, which ignores summer time', (name) => {
    expect(refusalOf(name)).toMatch(/^a time zone is an IANA name like .*\. SystemV zones are not in the/);
  });

  test.each([...NO_ZONES, ...NO_NAMES])('is not %j', (name) => {
    expect(refusalOf(name)).toMatch(/^a time zone is an IANA name like "Europe\/Berlin"/);
  });

  test('never makes the planner throw after it was accepted', () => {
    const everyName = [...ianaNames, ...ABBREVIATIONS, ...OFFSETS, ...NO_ZONES, ...NO_NAMES];
    const inAnyCase = fc
      .tuple(fc.constantFrom(...everyName, 'SystemV/CST6', 'US/Pacific-New'), fc.array(fc.boolean()))
      .map(([name, capitals]) =>
        [...name].map((sign, n) => (capitals[n] ? sign.toUpperCase() : sign)).join(''),
      );
    fc.assert(
      fc.property(fc.oneof(inAnyCase, fc.string(), fc.stringMatching(/^[A-Za-z]{3}$/)), (name) => {
        if (accepts(name)) expect(planADay(name)).toHaveLength(24);
        // A stored zone is shown, even if it is no longer valid.
        expect(toSchedule('daily', { hour: 8, weekday: 1, timeZone: name })).toContain('every day at 08:00');
        expect(localDayOf('2026-01-05T12:00:00.000Z', name)).toMatch(/^2026-01-0[56]$/);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the current name of a zone', () => {
  test('is the one in CLDR', () => {
    for (const { key, names, today } of cldrZones) {
      for (const name of names) {
        const expected = WITHOUT_PLACE.includes(name) ? name : (SHORT_NAMES[key] ?? today);
        if (name !== NEVER_A_PLACE) expect([name, toTodaysName(name)]).toEqual([name, expected]);
      }
    }
  });

  test.each([
    ['Asia/Calcutta', 'Asia/Kolkata'],
    ['europe/kiev', 'Europe/Kyiv'],
    ['Asia/Saigon', 'Asia/Ho Chi Minh'],
    ['us/pacific', 'America/Los Angeles'],
    ['america/new_york', 'America/New York'],
    ['CET', 'CET'],
    ['Etc/GMT+2', 'Etc/GMT+2'],
    ['IST', 'IST'],
    ['constructor', 'constructor'],
  ])('of %s is shown as %s', (name, shown) => {
    expect(toTimeZoneText(name)).toBe(shown);
  });
});

describe('the zones of a form', () => {
  const offered = listTimeZones();

  test('have current names, each once, and are all valid', () => {
    expect(offered[0]).toBe('UTC');
    expect(new Set(offered).size).toBe(offered.length);
    for (const zone of offered) expect([zone, toTodaysName(zone), accepts(zone)]).toEqual([zone, zone, true]);
  });

  test('include every zone of the runtime, and renamed ones', () => {
    for (const zone of Intl.supportedValuesOf('timeZone')) expect(offered).toContain(toTodaysName(zone));
    for (const zone of [
      ...['Asia/Kolkata', 'Europe/Kyiv', 'Asia/Kathmandu', 'Asia/Ho_Chi_Minh', 'Asia/Yangon'],
      ...['America/Nuuk', 'Pacific/Kanton', 'America/Argentina/Buenos_Aires'],
    ])
      expect(offered).toContain(zone);
  });
});
