import { expect, test } from '@jest/globals';
import { createDeployment } from './run-import.ts';

test('rows that are wrong are told by line and reason, and cost nobody else anything', async () => {
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
    'line 2, refused: address is "ada": expected an e-mail address like "ada@example.org"',
    'line 3, refused: address is blank: expected a value',
    'line 4, refused: "13/04" is no time: expected one like "2018-04-13 10:57:02", in UTC, or "2018-04-13T10:57:02Z"',
    'line 5, refused: "2030-01-01 00:00:00" is still to come: expected a time before now',
    'line 6, refused: "somewhere" is no IP address: expected the one that confirmed',
    'line 7, refused: hour is "24": Too big: expected number to be <=23',
    'line 8, refused: subscriptions is "{": expected JSON',
    expect.stringMatching(
      /^line 9, refused: subscriptions is .*: at 0\.query: at character 1: found a quotation mark/,
    ),
    'line 10, refused: its status is "paused", and it has no proof of consent: expected when and from where they confirmed',
    'line 11, refused: it has 1 cells: expected 2 at least, as the first line does',
    'line 12, refused: it has 7 cells: expected 6, as the first line has',
    expect.stringMatching(/^line 13, refused: a quotation mark is not closed/),
  ]);
});

test('rows of one address, however it is written, count once, and who left by any of them stays away', async () => {
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

  expect({ code, counts }).toEqual({ code: 0, counts: { asked: 1, kept: 1, repeated: 3 } });
  expect(reasons).toEqual([
    'line 3, repeated: bob@example.org is bounced by another line, which counts',
    'line 4, repeated: ada@example.ORG is in line 2 already',
    'line 5, repeated: bob@EXAMPLE.org is bounced by another line, which counts',
  ]);
  expect(requests.map(({ address }) => address)).toEqual(['Ada@Example.org']);
  expect((await load('bob@example.org'))?.status).toBe('bounced');
});

test('rows with an address in another script are Punycode', async () => {
  const { run, requests } = createDeployment();

  await run('email\nada@bücher.example\n');

  expect(requests.map(({ address }) => address)).toEqual(['ada@xn--bcher-kva.example']);
});

test.each([
  ['Ada <ada@example.org>', 'ada@example.org'],
  ['mailto:ada@example.org', 'ada@example.org'],
  [' ada@example.org. ', 'ada@example.org'],
  ['\u200bada@example.org', 'ada@example.org'],
  ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
])('the address "%s" is understood as every other entry understands it', async (address, understood) => {
  const { run, requests } = createDeployment();

  await run(`email\n${address}\n`);

  expect(requests).toMatchObject([{ address: understood }]);
});

test.each([
  ...['Email', 'E-Mail', 'e_mail', 'Emailadresse', 'E-Mail-Adresse', 'EMAIL ADRESSE', 'Adresse e-mail'],
  ...['Adresse électronique', 'Courriel', 'Correo electrónico', 'Dirección de correo electrónico'],
  ...['Indirizzo e-mail', 'Endereço de e-mail', 'E-mailadres', 'E-postadress', 'Adres e-mail'],
])('a column of addresses may be called %s, beside a postal one', async (name) => {
  const { run, requests } = createDeployment();

  await run(`Address,${name},Adresse\n1 Main St,ada@example.org,Hauptstr. 1\n`);

  expect(requests.map(({ address }) => address)).toEqual(['ada@example.org']);
});

test('the column of addresses may be named, also if another one looks like it', async () => {
  const { run, requests } = createDeployment();
  const file = 'Kontakt,Email,e-mail\nada@example.org,old@example.org,older@example.org\n';

  await run(file, { addressColumn: 'kontakt' });
  await run(file, { addressColumn: 'e-mail' });

  expect(requests.map(({ address }) => address)).toEqual(['ada@example.org', 'older@example.org']);
  await expect(run(file, { addressColumn: 'Adresse' })).rejects.toThrow(
    'members.csv: --address-column is "Adresse": expected one of "Kontakt", "Email", "e-mail"',
  );
});

test('dates are read as Excel leaves them, in the order that the whole file shows', async () => {
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
    expect.stringMatching(/^line 4, refused: "03\/04\/2018 10:57" may be two dates/),
  ]);
  const told = await run(rows.slice(0, 4).join('\n'), { isDryRun: true, dateOrder: 'month-first' });
  expect(told.counts).toEqual({ known: 2 });
});

test('bytes that are not UTF-8 are named by their lines, and cost the rows whose cells are read', async () => {
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
    'members.csv: the names of its columns are not all UTF-8: "email", "D\ufffdsinscrit"',
  );
});
