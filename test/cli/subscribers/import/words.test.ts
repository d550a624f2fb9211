import { describe, expect, test } from '@jest/globals';
import type { StatusColumn } from '../../../../cli/subscribers/import/columns.ts';
import { readStatus } from '../../../../cli/subscribers/import/status.ts';
import { dateOrderOf, parseTime } from '../../../../cli/subscribers/import/times.ts';
import { findEndingIn, readEnding } from '../../../../cli/subscribers/import/words.ts';
import { NOW } from './run-import.ts';

const statusOf = (cells: Readonly<Record<string, string>>) =>
  readStatus(Object.entries(cells).map(([column, text]) => ({ column: column as StatusColumn, text })));

describe('a status', () => {
  test.each([
    [{}, 'subscribed'],
    [{ status: 'Active' }, 'subscribed'],
    [{ status: 'enabled' }, 'subscribed'],
    [{ status: 'Pending' }, 'unconfirmed'],
    [{ status: 'Подтверждён' }, 'subscribed'],
    [{ status: '未確認' }, 'unconfirmed'],
    [{ status: '구독됨' }, 'subscribed'],
    [{ status: 'Opted-Out' }, 'unsubscribed'],
    [{ status: 'unreachable' }, 'bounced'],
    [{ status: 'hard_bounced' }, 'bounced'],
    [{ status: 'BLOCKLISTED' }, 'complained'],
    [{ isSubscribed: 'TRUE' }, 'subscribed'],
    [{ isSubscribed: 'false' }, 'unsubscribed'],
    [{ status: 'active', unsubscribedAt: '2020-01-01' }, 'unsubscribed'],
    [{ status: 'active', unsubscribedAt: '03/04/2018' }, 'unsubscribed'],
    [{ status: 'active', unsubscribedAt: 'Opted out' }, 'unsubscribed'],
    [{ status: 'active', unsubscribedAt: 'x' }, 'unsubscribed'],
    [{ status: 'active', unsubscribedBy: 'Too many mails' }, 'unsubscribed'],
    [{ status: 'active', bouncedAt: 'no' }, 'subscribed'],
    [{ status: 'unsubscribed', bouncedAt: 'whatever' }, 'unsubscribed'],
    [{ status: 'active', subscriberStatus: 'cleaned' }, 'bounced'],
    [{ status: 'unsubscribed', complainedAt: 'yes' }, 'complained'],
    [{ status: 'whatever', unsubscribedAt: '2020-01-01' }, 'unsubscribed'],
  ])('%j is %s', (cells, status) => {
    expect(statusOf(cells)).toMatchObject({ status });
  });

  test.each([[{ status: 'retired' }], [{ isSubscribed: 'maybe' }]])('%j is invalid', (cells) => {
    expect(statusOf(cells)).toMatchObject({
      fault: expect.stringMatching(/^its status is "(retired|maybe)": expected/),
    });
  });

  test.each(['Monday', '2018-13-40', '1523617022', 'Ada', '✓'])(
    'is unclear if a column of times holds %s',
    (unsubscribedAt) => {
      expect(statusOf({ status: 'active', unsubscribedAt })).toEqual({
        fault: `a column that says when people left has "${unsubscribedAt}": expected a time, yes, no, or a blank cell`,
      });
    },
  );
});

describe('a word', () => {
  test.each([
    ['Abgemeldet', 'unsubscribed'],
    ['gelöscht', 'unsubscribed'],
    ['désabonnée', 'unsubscribed'],
    ['dado de baja', 'unsubscribed'],
    ['Cancelada', 'unsubscribed'],
    ['Disiscritta', 'unsubscribed'],
    ['descadastrado', 'unsubscribed'],
    ['uitgeschreven', 'unsubscribed'],
    ['BEREINIGT', 'bounced'],
    ['nettoyé', 'bounced'],
    ['rebotado', 'bounced'],
    ['Geweigerd', 'bounced'],
    ['Reclamação', 'complained'],
    ['gesperrt', 'complained'],
    ['Отписан', 'unsubscribed'],
    ['Заблокирован', 'complained'],
    ['Недоставлено', 'bounced'],
    ['Відписані', 'unsubscribed'],
    ['Заблоковані', 'complained'],
    ['Деактивиран', 'unsubscribed'],
    ['Μη εγγεγραμμένο', 'unsubscribed'],
    ['Αποκλεισμένο', 'complained'],
    ['ملغي الاشتراك', 'unsubscribed'],
    ['إلغاء الاشتراك', 'unsubscribed'],
    ['محظور', 'complained'],
    ['לא נרשם', 'unsubscribed'],
    ['ברשימת החסימה', 'complained'],
    ['登録解除', 'unsubscribed'],
    ['ハードバウンス', 'bounced'],
    ['ﾊﾞｳﾝｽ', 'bounced'],
    ['ブロックリスト対象', 'complained'],
    ['구독 해지됨', 'unsubscribed'],
    ['차단됨', 'complained'],
    ['소프트 바운스', 'bounced'],
    ['退订', 'unsubscribed'],
    ['取消訂閱', 'unsubscribed'],
    ['硬退信', 'bounced'],
    ['列入黑名单', 'complained'],
    ['ยกเลิกการสมัคร', 'unsubscribed'],
    ['ถูกตีกลับ', 'bounced'],
  ] as const)('%s means %s, in a cell and in the name of a column', (word, ending) => {
    expect(readEnding(word)).toBe(ending);
    expect(findEndingIn(word)).toBe(ending);
    expect(findEndingIn(`Date (${word})`)).toBe(ending);
  });

  test.each([
    ...['First Name', 'Company', 'Notes', 'Tags', 'MEMBER_RATING', 'LAST_CHANGED', 'GMTOFF', 'Vorname'],
    ...['Postleitzahl', 'Entfernung', 'Trabajo', 'Código postal', 'Prénom', 'Ville', 'Città', 'Woonplaats'],
    ...[
      'created_at',
      'attributes',
      'complimentary_plan',
      'tiers',
      'External ID',
      'Retirement',
      'Date of birth',
    ],
    ...[
      'Подписан',
      'Имя',
      'Дата рождения',
      'Возраст',
      'Підписані',
      'Εγγεγραμμένο',
      'Όνομα',
      'مشترك',
      'الاسم',
    ],
    ...[
      'נרשם',
      'שם פרטי',
      '加入済み',
      '購読中',
      '氏名',
      '구독됨',
      '이름',
      '订阅',
      '已確認',
      '姓名',
      'สมัครแล้ว',
      'ชื่อ',
    ],
    ...['Abonné', 'Iscritto', 'Suscrito', 'Klagenfurt', 'Ada Lovelace', 'ada@example.org', '42', ''],
  ])('%j is not about leaving', (text) => {
    expect(findEndingIn(text)).toBeUndefined();
    expect(readEnding(text)).toBeUndefined();
  });
});

describe('a time', () => {
  test.each([
    ['2018-04-13 10:57:02', '2018-04-13T10:57:02.000Z'],
    ['2018-04-13 10:57', '2018-04-13T10:57:00.000Z'],
    ['2018-04-13T10:57:02.123456Z', '2018-04-13T10:57:02.123Z'],
    ['2018-04-13 10:57:02 UTC', '2018-04-13T10:57:02.000Z'],
    ['2018-04-13 10:57:02+02', '2018-04-13T08:57:02.000Z'],
    ['2018-04-13T10:57:02+0530', '2018-04-13T05:27:02.000Z'],
    ['2018-04-13T10:57:02-05:30', '2018-04-13T16:27:02.000Z'],
    ['2018/4/13 9:57', '2018-04-13T09:57:00.000Z'],
    ['2018-04-13', '2018-04-13T00:00:00.000Z'],
    ['43203.4562731481', '2018-04-13T10:57:02.000Z'],
    ['43203,4562731481', '2018-04-13T10:57:02.000Z'],
    ['43203', '2018-04-13T00:00:00.000Z'],
    ['13.04.2018 10:57', '2018-04-13T10:57:00.000Z'],
    ['03.04.2018 10:57:02', '2018-04-03T10:57:02.000Z'],
    ['13.4.18, 10.57', '2018-04-13T10:57:00.000Z'],
    ['13/04/2018 10:57', '2018-04-13T10:57:00.000Z'],
    ['4/13/2018 10:57:02 PM', '2018-04-13T22:57:02.000Z'],
    ['4/13/2018 12:00 AM', '2018-04-13T00:00:00.000Z'],
    ['13-04-2018', '2018-04-13T00:00:00.000Z'],
    ['04/04/2018', '2018-04-04T00:00:00.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(parseTime(text, NOW, undefined)).toBe(instant);
  });

  test.each([
    ...['', 'yesterday', '13/04', '2018-02-30 10:00:00', '2018-13-01 10:00:00', '2018-04-13 25:00:00'],
    ...['0000-00-00 00:00:00', '1523617022', '31.04.2018', '13/13/2018', '12', '43203.4.5', '4/13-2018'],
  ])('%j is invalid', (text) => {
    expect(() => parseTime(text, NOW, undefined)).toThrow(
      'is not a time: expected one like "2018-04-13 10:57:02"',
    );
  });

  test('can have the day or the month first, as the file shows or the operator says', () => {
    expect(dateOrderOf('13/04/2018 10:57')).toBe('day-first');
    expect(dateOrderOf('04-13-2018')).toBe('month-first');
    for (const text of ['03/04/2018', '2018-04-13', '13.04.2018', '43203', ''])
      expect(dateOrderOf(text)).toBeUndefined();

    expect(parseTime('03/04/2018', NOW, 'day-first')).toBe('2018-04-03T00:00:00.000Z');
    expect(parseTime('03/04/2018', NOW, 'month-first')).toBe('2018-03-04T00:00:00.000Z');
    expect(() => parseTime('03/04/2018', NOW, undefined)).toThrow(
      '"03/04/2018" can be two dates, and the file does not show which. Add --dates day-first or --dates month-first',
    );
  });
});
