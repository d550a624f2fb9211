import { expect, test } from '@jest/globals';
import { toStoredSubscriptions } from '../../../../shared/domain/subscribers/stored-subscriber.ts';
import { createSubscription } from '../../../factories/subscribers.ts';
import { createDeployment } from './run-import.ts';

test('wrong rows are refused with line and reason, and the others are imported', async () => {
  const { run } = createDeployment();
  const rows = [
    'email,status,confirm_time,confirm_ip,hour,subscriptions',
    'ada,,,,,',
    ',active,,,,',
    'b@example.org,,13/04,192.0.2.1,,',
    'c@example.org,,2030-01-01 00:00:00,192.0.2.1,,',
    'd@example.org,,2018-04-13 10:57:02,somewhere,,',
    'e@example.org,,,,24,',
    'f@example.org,,,,,{',
    'g@example.org,,,,,"[{""id"":""s1"",""lists"":[""hf-daily""],""query"":""\\""open"",""cadence"":""daily""}]"',
    'h@example.org,paused,,,,',
    'i@example.org',
    'j@example.org,,,,,,more',
    'k@example.org,"open,,,,',
    'l@example.org,,,,,,,,',
  ];

  const { code, reasons, counts } = await run(rows.join('\n'));

  expect({ code, counts }).toEqual({ code: 1, counts: { asked: 1, refused: 12 } });
  expect(reasons).toEqual([
    'line 2, refused: address is "ada": expected an email address like "ada@example.org"',
    'line 3, refused: address is blank: expected a value',
    'line 4, refused: "13/04" is not a time: expected one like "2018-04-13 10:57:02", in UTC, or "2018-04-13T10:57:02Z"',
    'line 5, refused: "2030-01-01 00:00:00" is in the future: expected a time in the past',
    'line 6, refused: "somewhere" is not an IP address: expected the one that confirmed',
    'line 7, refused: hour is "24": expected a whole number from 0 to 23',
    'line 8, refused: subscriptions is "{": expected JSON',
    expect.stringMatching(
      /^line 9, refused: subscriptions is .*: at 0\.query: at character 1: this quotation mark/,
    ),
    'line 10, refused: its status is "paused", and it has no proof of consent: expected when and from where they confirmed',
    'line 11, refused: it has 1 cell: expected at least 2, as in the first line',
    'line 12, refused: it has 7 cells: expected 6, as in the first line',
    expect.stringMatching(/^line 13, refused: a quotation mark is not closed/),
  ]);
});

test('rows of one address count once, and one that says "left" decides', async () => {
  const { run, load, requests } = createDeployment();
  const rows = [
    'email,status',
    'Ada@Example.org,active',
    'bob@example.org,active',
    'ada@example.ORG,active',
    'bob@EXAMPLE.org,unsubscribed',
    'bob@example.org,bounced',
  ];

  const { code, reasons, counts } = await run(rows.join('\n'));

  expect({ code, counts }).toEqual({ code: 0, counts: { asked: 1, inactive: 1, repeated: 3 } });
  expect(reasons).toEqual([
    'line 3, repeated: another line says that bob@example.org is bounced, and that line counts',
    'line 4, repeated: line 2 already has ada@example.ORG',
    'line 5, repeated: another line says that bob@EXAMPLE.org is bounced, and that line counts',
  ]);
  expect(requests.map(({ address }) => address)).toEqual(['Ada@Example.org']);
  expect((await load('bob@example.org'))?.status).toBe('bounced');
});

test('the domain of an address in another script becomes Punycode', async () => {
  const { run, requests } = createDeployment();

  await run('email\nada@bücher.example\n');

  expect(requests.map(({ address }) => address)).toEqual(['ada@xn--bcher-kva.example']);
});

test('queries that may not mean what their writer thinks are imported, with the advice of the pages', async () => {
  const { run, requests } = createDeployment();
  const rows = [
    ['a@example.org', 'PST', ['agents', 'a b OR c']],
    ['b@example.org', 'UTC', ['author:Kaiming He cat:cs.XX list:arxiv/hep-th']],
    ['c@example.org', 'UTC', ['(a b) OR c']],
  ] as const;
  const lines = rows.map(([address, zone, queries]) => {
    const subscriptions = queries.map((query, n) => createSubscription({ id: `s${n + 1}`, query }));
    return `${address},${zone},"${JSON.stringify(toStoredSubscriptions(subscriptions)).replaceAll('"', '""')}"`;
  });

  const { reasons } = await run(`email,timezone,subscriptions\n${lines.join('\n')}\n`);

  expect(reasons).toEqual([
    'line 2, asked: the time zone "PST" is unknown, so UTC is used; about the query "a b OR c": We read this as: (a b) OR c',
    'line 3, asked: about the query "author:Kaiming He cat:cs.XX list:arxiv/hep-th": For the whole name, write author:"Kaiming He". arXiv has no category cs.XX. Did you mean cs.AI, cs.AR or cs.CC? "arxiv/hep-th" is not a list here. Did you mean arxiv/cs.CL, arxiv/math.NA or arxiv/stat.ML?',
  ]);
  expect(requests).toHaveLength(3);
});

test.each([
  ['Ada <ada@example.org>', 'ada@example.org'],
  ['mailto:ada@example.org', 'ada@example.org'],
  [' ada@example.org. ', 'ada@example.org'],
  ['\u200bada@example.org', 'ada@example.org'],
  ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
])('the address "%s" is parsed as on the page', async (address, understood) => {
  const { run, requests } = createDeployment();

  await run(`email\n${address}\n`);

  expect(requests).toMatchObject([{ address: understood }]);
});

test.each([
  ...['Email', 'E-Mail', 'e_mail', 'Emailadresse', 'E-Mail-Adresse', 'EMAIL ADRESSE', 'Adresse e-mail'],
  ...['Adresse électronique', 'Courriel', 'Correo electrónico', 'Dirección de correo electrónico'],
  ...['Indirizzo e-mail', 'Endereço de e-mail', 'E-mailadres', 'E-postadress', 'Adres e-mail'],
])('the column of addresses can be called %s, beside a postal one', async (name) => {
  const { run, requests } = createDeployment();

  await run(`Address,${name},Adresse\n1 Main St,ada@example.org,Hauptstr. 1\n`);

  expect(requests.map(({ address }) => address)).toEqual(['ada@example.org']);
});

test('--address-column takes precedence over a column with a known name', async () => {
  const { run, requests } = createDeployment();
  const file = 'Kontakt,Email,e-mail\nada@example.org,old@example.org,older@example.org\n';

  await run(file, { addressColumn: 'kontakt' });
  await run(file, { addressColumn: 'e-mail' });

  expect(requests.map(({ address }) => address)).toEqual(['ada@example.org', 'older@example.org']);
  await expect(run(file, { addressColumn: 'Adresse' })).rejects.toThrow(
    'members.csv: --address-column is "Adresse": expected one of "Kontakt", "Email", "e-mail"',
  );
});

test('dates of Excel are read in the order that the whole file shows', async () => {
  const { run, load } = createDeployment();
  const rows = [
    'sep=;',
    'E-Mail-Adresse;CONFIRM_TIME;CONFIRM_IP',
    'a@example.org;43203,4562731481;192.0.2.1',
    'b@example.org;03/04/2018 10:57;192.0.2.1',
    'c@example.org;13/04/2018 10:57;192.0.2.1',
  ];

  const { counts, reasons } = await run(rows.join('\r\n'));

  expect({ counts, reasons }).toEqual({ counts: { added: 3 }, reasons: [] });
  expect((await load('a@example.org'))?.consent.at).toBe('2018-04-13T10:57:02.000Z');
  expect((await load('b@example.org'))?.consent.at).toBe('2018-04-03T10:57:00.000Z');

  const open = await run(rows.slice(0, 4).join('\n'), { isDryRun: true });
  expect(open.reasons).toEqual([
    expect.stringMatching(/^line 4, refused: "03\/04\/2018 10:57" can be two dates/),
  ]);
  const dryRun = await run(rows.slice(0, 4).join('\n'), { isDryRun: true, dateOrder: 'month-first' });
  expect(dryRun.counts).toEqual({ known: 2 });
});

test('bytes that are not UTF-8 are reported by line, and only rows with such cells are refused', async () => {
  const { run, requests } = createDeployment();
  const rows = [
    'email,name,status',
    'a@example.org,Zo\ufffd,',
    'b\ufffd@example.org,Bo,',
    'c@example.org,Cy,',
  ];

  const { printed, reasons } = await run(rows.join('\n'));

  expect(printed[0]).toContain('Not UTF-8: 2 rows (line 2, 3).');
  expect(reasons).toEqual([
    'line 3, refused: address is "b\ufffd@example.org", which is not UTF-8: expected a file in UTF-8',
  ]);
  expect(requests.map(({ address }) => address)).toEqual(['a@example.org', 'c@example.org']);
  await expect(run('email,D\ufffdsinscrit\nd@example.org,\n')).rejects.toThrow(
    'members.csv: some names of columns are not UTF-8: "email", "D\ufffdsinscrit"',
  );
});
