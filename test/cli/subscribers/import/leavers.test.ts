import { describe, expect, test } from '@jest/globals';
import { CommandError } from '../../../../cli/deployment/errors.ts';
import { writeRecord } from '../../../../cli/subscribers/csv.ts';
import { profileColumns, toProfileRow } from '../../../../cli/subscribers/profile-row.ts';
import { endings, type Subscriber } from '../../../../shared/domain/subscribers/subscriber.ts';
import { toSubscriberId } from '../../../../shared/subscribers/subscriber-id.ts';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';
import { createDeployment, ID_KEY, NOW } from './run-import.ts';

const statuses = ['confirmed', 'paused', 'unconfirmed', 'unsubscribed', 'bounced', 'complained'] as const;

/** A deployment with one subscriber. */
async function createWithOne(status: Subscriber['status'], known: Partial<Subscriber> = {}) {
  const deployment = createDeployment();
  const address = 'ada@example.org';
  const id = toSubscriberId(address, ID_KEY);
  await deployment.subscribers.save(createSubscriber({ ...known, id, address, status }));
  return { ...deployment, loadAda: () => deployment.load(address) };
}

describe('an unread column about leaving', () => {
  test.each([
    ...['unsubscribe_date', 'Opt-Out', 'optedOutAt', 'Hard bounce reason', 'Complaint', 'Suppressed'],
    ...['Do not contact', 'DoNotEmail', 'Disabled', 'Deleted', 'Removed on', 'Blacklisted', 'DNC'],
    ...['Abgemeldet am', 'Abmeldedatum', 'GELÖSCHT', 'Geloescht', 'Beschwerde', 'Gesperrt', 'Unzustellbar'],
    ...['Désabonné', 'Date de désinscription', 'Rebond', 'Plainte', 'Supprimé', 'Ne pas contacter'],
    ...['Fecha de baja', 'Suscripción cancelada', 'Rebotado', 'Queja', 'Eliminado', 'No contactar'],
    ...['Disiscritto', 'Data cancellazione', 'Rimbalzato', 'Reclamo', 'Eliminato', 'Non contattare'],
    ...['Descadastrado', 'Inscrição cancelada', 'Devolvido', 'Reclamação', 'Excluído', 'Não contatar'],
    ...['Uitgeschreven op', 'Afgemeld', 'Geweigerd', 'Klacht', 'Verwijderd', 'Niet mailen'],
    ...['Avregistrerad', 'Afmeldt', 'Avmeldt', 'Wypisany', 'Дата отписки', 'Жалоба', 'Дата відписки'],
    ...[
      'Ημερομηνία διαγραφής: διαγράφηκε',
      'إلغاء الاشتراك',
      'הוסר בתאריך',
      '登録解除日',
      'バウンス数',
      '구독 취소 날짜',
    ],
    ...['退订时间', '取消訂閱日期', 'วันที่ยกเลิกการสมัคร'],
  ])('stops the import before it asks anybody: %s', async (name) => {
    const { run, requests } = createDeployment();

    const importing = run(`Email,${name},City\nada@example.org,x,Bern\n`);

    await expect(importing).rejects.toThrow(CommandError);
    await expect(importing).rejects.toThrow(`${JSON.stringify(name)} is not read`);
    expect(requests).toEqual([]);
  });

  test('can be ignored by name, as the message says', async () => {
    const { run, requests } = createDeployment();
    const file = 'Email,Spam score,Unsubscribe link\nada@example.org,3,https://example.org/u\n';

    await expect(run(file)).rejects.toThrow(
      'add --ignore-column "Spam score" --ignore-column "Unsubscribe link"',
    );
    await expect(run(file, { ignoredColumns: ['spam score'] })).rejects.toThrow('"Unsubscribe link" is not');
    expect(requests).toEqual([]);

    const ignoredColumns = ['Spam Score', 'unsubscribe link'];
    expect((await run(file, { ignoredColumns })).counts).toEqual({ asked: 1 });
    await expect(run(file, { ignoredColumns: ['Email'] })).rejects.toThrow(
      '--ignore-column is "Email": expected a column that is not read: "Spam score", "Unsubscribe link"',
    );
  });

  test('is found by its cells if its name does not help', async () => {
    const { run, requests } = createDeployment();
    const rows = ['Email;Stato', 'a@example.org;Iscritto', 'b@example.org;Disiscritto', ''];

    await expect(run(rows.join('\n'))).rejects.toThrow(
      '"Stato" is not read, but line 3 has "Disiscritto" there',
    );

    expect(requests).toEqual([]);
    expect((await run(rows.join('\n'), { ignoredColumns: ['Stato'] })).counts).toEqual({ asked: 2 });
  });

  test.each([
    ['is_subscribed', '0'],
    ['Opted in', 'no'],
    ['Active', 'FALSE'],
    ['enabled', 'n'],
    ['Newsletter', 'never'],
    ['Einwilligung', 'nein'],
    ['Abonné', 'faux'],
    ['Iscritto', 'no'],
    ['购买订阅', 'false'],
  ])('is found if it is about joining and has a "no": %s', async (name, no) => {
    const { run, requests } = createDeployment();
    const rows = [`Email,${name}`, 'a@example.org,', 'b@example.org,yes', `c@example.org,${no}`, ''];

    await expect(run(rows.join('\n'))).rejects.toThrow(`"${name}" is not read, but line 4 has "${no}" there`);

    expect(requests).toEqual([]);
    expect((await run(rows.slice(0, 3).join('\n'))).counts).toEqual({ asked: 2 });
  });

  test.each([
    ['Do not contact', 'yes'],
    ['Unsubscribed at', '2025-01-01'],
    ['Remark', 'unsubscribed'],
  ])('also stops the import of our own export: %s', async (name, cell) => {
    const { run, load } = createDeployment();
    const ada = createSubscriber({ address: 'ada@example.org', status: 'confirmed' });
    const [header, row] = [profileColumns, toProfileRow(ada)].map((cells) =>
      cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(','),
    );
    const file = `${header},${name}\n${row},${cell}\n`;

    const importing = run(file);

    await expect(importing).rejects.toThrow(`${JSON.stringify(name)} is not read`);
    await expect(importing).rejects.toThrow('import it with --as unsubscribed');
    expect(await load('ada@example.org')).toBeUndefined();
    expect((await run(file, { ignoredColumns: [name] })).counts).toEqual({ added: 1 });
  });

  test('does not matter in a file of leavers', async () => {
    const { run } = createDeployment();

    expect((await run('Email,Bounce type\nada@example.org,hard\n', { as: 'bounced' })).counts).toEqual({
      inactive: 1,
    });
  });
});

test('the columns that are read and those that are not are listed first', async () => {
  const { run, requests } = createDeployment();
  const printed: string[] = [];

  await expect(run('E-Mail,Vorname,Abgemeldet\nada@example.org,Ada,\n', {}, printed)).rejects.toThrow();

  expect(printed).toEqual([
    [
      'members.csv has 1 row.',
      'Columns that are read: "E-Mail"',
      'Columns that are not read: "Vorname", "Abgemeldet"',
    ].join('\n'),
  ]);
  expect(requests).toEqual([]);
});

test('a listmonk export prints what its status means', async () => {
  const { run } = createDeployment();
  const file = 'uuid,email,name,attributes,status,created_at,updated_at\n1,a@example.org,A,{},enabled,,\n';

  const { printed } = await run(file);

  expect(printed[0]).toContain(
    'Its "status" belongs to the account: a person who left one list is still "enabled"',
  );
});

describe('a row that says "left"', () => {
  test.each(statuses.flatMap((known) => endings.map((said) => [known, said] as const)))(
    'ends a subscriber who is %s, unless they are that or more already: %s',
    async (known, said) => {
      const { run, loadAda, requests } = await createWithOne(known);
      const before = await loadAda();
      const isTold = (endings as readonly string[]).indexOf(known) >= endings.indexOf(said);

      const { code, counts } = await run(`email,status\nADA@example.org,${said}\n`);

      expect({ code, counts }).toEqual({ code: 0, counts: isTold ? { known: 1 } : { ended: 1 } });
      const after = await loadAda();
      if (isTold) expect(after).toEqual(before);
      else expect(after).toMatchObject({ status: said, version: 2 });
      if (!isTold)
        expect(after?.statusChanges.at(-1)).toEqual({
          status: said,
          at: NOW,
          by: 'import',
          note: 'members.csv',
        });
      expect(after?.signUp).toBeUndefined();
      expect(requests).toEqual([]);
    },
  );

  test.each([
    { agreedAt: '2025-06-01T00:00:00.000Z', outcome: 'ended', status: 'unsubscribed' },
    { agreedAt: '2025-12-24T00:00:00.000Z', outcome: 'known', status: 'confirmed' },
  ] as const)(
    'counts in our own export, also if the query there cannot be read: $outcome after a consent of $agreedAt',
    async ({ agreedAt, outcome, status }) => {
      const consent = { at: agreedAt, from: '192.0.2.1', text: 'Send me papers.' };
      const { run, loadAda } = await createWithOne('confirmed', { consent });
      const left = { status: 'unsubscribed', at: '2025-12-01T00:00:00.000Z', by: 'link' } as const;
      const leaver = createSubscriber({
        address: 'ada@example.org',
        status: left.status,
        statusChanges: [left],
        subscriptions: [createSubscription({ query: '"open' })],
      });

      const { counts } = await run(writeRecord(profileColumns) + writeRecord(toProfileRow(leaver)));

      expect(counts).toEqual({ [outcome]: 1 });
      expect((await loadAda())?.status).toBe(status);
    },
  );

  test('of our own export keeps somebody who is unknown here from being mailed, and says what is lost', async () => {
    const { run, load } = createDeployment();
    const leaver = createSubscriber({
      address: 'ada@example.org',
      status: 'complained',
      subscriptions: [createSubscription({ query: '"open' })],
    });

    const { counts, reasons } = await run(writeRecord(profileColumns) + writeRecord(toProfileRow(leaver)));

    expect(counts).toEqual({ inactive: 1 });
    expect(reasons).toEqual([
      expect.stringMatching(/^line 2, inactive: only the status is imported: subscriptions is /),
    ]);
    expect(await load('ada@example.org')).toMatchObject({ status: 'complained' });
  });

  test('changes nothing in a dry run, which reports the same', async () => {
    const { run, loadAda } = await createWithOne('confirmed');

    const { counts } = await run('email,status\nada@example.org,unsubscribed\n', { isDryRun: true });

    expect(counts).toEqual({ ended: 1 });
    expect((await loadAda())?.status).toBe('confirmed');
  });

  test('does not end a subscriber who agreed here later', async () => {
    const consent = { at: '2025-06-01T00:00:00.000Z', from: '192.0.2.1', text: 'Send me papers.' };
    const { run, loadAda } = await createWithOne('confirmed', { consent });

    const { counts, reasons } = await run('Email,UNSUB_TIME\nada@example.org,2019-01-01 00:00:00\n');

    expect(counts).toEqual({ known: 1 });
    expect(reasons).toEqual([
      'line 2, known: they agreed again at 2025-06-01T00:00:00.000Z, after they left',
    ]);
    expect((await loadAda())?.status).toBe('confirmed');
    expect((await run('Email,UNSUB_TIME\nada@example.org,2025-12-01 00:00:00\n')).counts).toEqual({
      ended: 1,
    });
  });

  test.each(['NULL', '(null)', String.raw`\N`, 'N/A', 'none', '-', '0', '0000-00-00 00:00:00', '00/00/0000'])(
    'is none that has %s for "no value"',
    async (nothing) => {
      const { run, loadAda } = await createWithOne('confirmed');
      const columns = ['Unsubscribed at', 'Deleted at', 'UNSUB_REASON', 'Bounced at', 'CLEAN_CAMPAIGN_ID'];
      const file = [
        `Email,Status,${columns.join(',')}`,
        `ada@example.org,subscribed,${columns.map(() => nothing).join(',')}`,
        `bob@example.org,subscribed,${columns.map(() => nothing).join(',')}`,
      ];

      const { code, counts } = await run(file.join('\n'));

      expect({ code, counts }).toEqual({ code: 0, counts: { known: 1, asked: 1 } });
      expect((await loadAda())?.status).toBe('confirmed');
    },
  );

  test('is counted before anything changes', async () => {
    const { run, printed } = { ...(await createWithOne('confirmed')), printed: [] as string[] };
    const rows = ['a@example.org,unsubscribed', 'A@example.org,', 'b@example.org,cleaned', 'c@example.org,'];

    await run(['Email,Status', ...rows].join('\n'), { isDryRun: true }, printed);

    expect(printed[0]).toContain(
      'People who left, according to the file: 2 (1 unsubscribed, 1 bounced). Subscribers among them get nothing more.',
    );
  });

  test('ends a subscriber whom another process saves at the same moment', async () => {
    const { run, ports, loadAda, subscribers } = await createWithOne('confirmed');
    ports.profiles.loadMany = async () => new Map();

    expect((await run('email,status\nada@example.org,complained\n')).counts).toEqual({ ended: 1 });

    expect((await loadAda())?.status).toBe('complained');
    expect(await subscribers.load('nobody')).toBeUndefined();
  });
});

test('no row restores a subscriber who left, or changes one who did not', async () => {
  for (const status of statuses.filter((kind) => kind !== 'unconfirmed')) {
    const { run, loadAda, requests } = await createWithOne(status);
    const before = await loadAda();
    for (const said of ['active', 'pending', '']) {
      const file = `email,status,confirm_time,confirm_ip\nada@example.org,${said},2018-04-13 10:57:02,192.0.2.1`;
      expect((await run(file)).counts).toEqual({ known: 1 });
    }
    expect(await loadAda()).toEqual(before);
    expect(requests).toEqual([]);
  }
});

describe('a file of leavers (--as)', () => {
  test.each(endings)('makes everybody %s, whatever its columns say', async (as) => {
    const { run, load, requests } = await createWithOne('confirmed');
    const rows = [
      'email,status,confirm_time,confirm_ip,hour',
      'ada@example.org,active,2018-04-13 10:57:02,192.0.2.1,8',
      'bob@example.org,whatever,,,99',
      'cy@example.org,complained,,,',
      'dee,,,,',
    ];

    const { code, counts } = await run(rows.join('\n'), { as });

    expect({ code, counts }).toEqual({ code: 1, counts: { ended: 1, inactive: 2, refused: 1 } });
    expect((await load('ada@example.org'))?.status).toBe(as);
    expect((await load('bob@example.org'))?.status).toBe(as);
    expect((await load('cy@example.org'))?.status).toBe('complained');
    expect(requests).toEqual([]);
  });

  test('needs only addresses', async () => {
    const { run, load } = createDeployment();

    expect((await run('email\nada@example.org\nADA@example.org\n', { as: 'unsubscribed' })).counts).toEqual({
      inactive: 1,
      repeated: 1,
    });

    expect(await load('ada@example.org')).toMatchObject({
      status: 'unsubscribed',
      consent: { text: 'Mailed nothing: imported as "unsubscribed".' },
    });
  });
});

test('if two columns hold the same field, the one that says "left" counts', async () => {
  const { run, requests } = createDeployment();
  const rows = [
    'email,Status,status,Subscribed,Subscribed to emails',
    'a@example.org,active,unsubscribed,,',
    'b@example.org,,,yes,no',
    'c@example.org,active,active,yes,yes',
  ];

  expect((await run(rows.join('\n'))).counts).toEqual({ asked: 1, inactive: 2 });

  expect(requests.map(({ address }) => address)).toEqual(['c@example.org']);
});

describe('a file in another script', () => {
  test.each([
    ['Адрес электронной почты,Статус', 'Отписан', 'unsubscribed'],
    ['Е-пошта,Статус', 'Заблоковані', 'complained'],
    ['メールアドレス,ステータス', 'バウンス', 'bounced'],
    ['이메일 주소,상태', '구독 해지됨', 'unsubscribed'],
    ['电子邮件地址,状态', '退订', 'unsubscribed'],
    ['البريد الإلكتروني,الحالة', 'ملغي الاشتراك', 'unsubscribed'],
    ['כתובת אימייל,סטטוס', 'לא נרשם', 'unsubscribed'],
    ['อีเมล,สถานะ', 'ยกเลิกการสมัคร', 'unsubscribed'],
  ])('ends a subscriber who left elsewhere: %s, %s', async (header, word, status) => {
    const { run, loadAda } = await createWithOne('confirmed');

    const { counts } = await run(`${header}\nada@example.org,${word}\n`);

    expect(counts).toEqual({ ended: 1 });
    expect((await loadAda())?.status).toBe(status);
  });
});
