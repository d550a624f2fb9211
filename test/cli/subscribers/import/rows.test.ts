import { expect, test } from '@jest/globals';
import { toSubscriberId } from '../../../../shared/subscribers/subscriber-id.ts';
import { createSubscriber } from '../../../factories/subscribers.ts';
import { createDeployment, ID_KEY } from './run-import.ts';

test('rows that are wrong are told by line and reason, and cost nobody else anything', async () => {
  const { run } = createDeployment();
  const rows = [
    'email,status,confirm_time,confirm_ip,hour,subscriptions',
    'ada,,,,,',
    ',active,,,,',
    'b@example.org,,13/04/2018,192.0.2.1,,',
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

  const { code, printed, counts } = await run(rows.join('\n'));

  expect({ code, counts }).toEqual({ code: 1, counts: { asked: 1, refused: 12 } });
  expect(printed.slice(0, -1)).toEqual([
    'line 2, refused: address is "ada": expected an e-mail address like "ada@example.org"',
    'line 3, refused: address is blank: expected a value',
    'line 4, refused: "13/04/2018" is no time: expected one like "2018-04-13 10:57:02", in UTC, or "2018-04-13T10:57:02Z"',
    'line 5, refused: "2030-01-01 00:00:00" is still to come: expected a time before now',
    'line 6, refused: "somewhere" is no IP address: expected the one that confirmed',
    'line 7, refused: hour is "24": Too big: expected number to be <=23',
    'line 8, refused: subscriptions is "{": expected JSON',
    expect.stringMatching(
      /^line 9, refused: subscriptions is .*: at 0\.query: at character 1: found a quotation mark/,
    ),
    'line 10, refused: its status is "paused", and no consent is told: expected when and from where they confirmed',
    'line 11, refused: it has 1 cells: expected 2 at least, as the first line does',
    'line 12, refused: it has 7 cells: expected 6, as the first line has',
    expect.stringMatching(/^line 13, refused: a quotation mark is never closed/),
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

  const { code, printed, counts } = await run(rows.join('\n'));

  expect({ code, counts }).toEqual({ code: 0, counts: { asked: 1, kept: 1, repeated: 3 } });
  expect(printed.slice(0, -1)).toEqual([
    'line 3, repeated: bob@example.org is bounced by another line, which counts',
    'line 4, repeated: ada@example.ORG is in line 2 already',
    'line 5, repeated: bob@EXAMPLE.org is bounced by another line, which counts',
  ]);
  expect(requests.map(({ address }) => address)).toEqual(['Ada@Example.org']);
  expect((await load('bob@example.org'))?.status).toBe('bounced');
});

test('rows of who is known change nothing, in whatever status they are', async () => {
  const { run, subscribers, requests } = createDeployment();
  const statuses = ['confirmed', 'paused', 'unconfirmed', 'unsubscribed', 'bounced', 'complained'] as const;
  for (const status of statuses) {
    const id = toSubscriberId(`${status}@x.org`, ID_KEY);
    const known = await subscribers.save(createSubscriber({ id, status }));
    for (const said of ['active', 'unsubscribed', 'bounced', 'blocklisted']) {
      const file = `email,status,confirm_time,confirm_ip\n${status}@x.org,${said},2018-04-13 10:57:02,192.0.2.1`;
      expect((await run(file)).counts).toEqual({ known: 1 });
      expect(await subscribers.load(known.id)).toEqual(known);
    }
  }
  expect(requests).toEqual([]);
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
