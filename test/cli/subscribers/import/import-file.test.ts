import { describe, expect, test } from '@jest/globals';
import { isUnfinished } from '../../../../cli/command.ts';
import { CommandError, InterruptedError } from '../../../../cli/deployment/errors.ts';
import { ConflictError } from '../../../../shared/domain/errors.ts';
import { subscriberSchema } from '../../../../shared/domain/subscribers/subscriber.ts';
import { webRequestSchema } from '../../../../shared/ports/queues.ts';
import { toSubscriberId } from '../../../../shared/subscribers/subscriber-id.ts';
import { createTextFile } from '../text-file.ts';
import { createDeployment, ID_KEY, NOW } from './run-import.ts';

const ALL_LISTS = ['hf-daily'];
const MAILCHIMP = [
  '"Email Address","First Name","Last Name",MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,TIMEZONE,NOTES',
  'ada@example.org,Ada,L,2,"2018-04-13 10:55:00",192.0.2.1,"2018-04-13 10:57:02",192.0.2.2,America/New_york,',
  'bob@example.org,Bob,,2,,,"2018-04-13 10:57:02",,Europe/Berlin,',
  'cy@example.org,Cy,,2,,,,,Mars/Olympus,"met, once"',
  '',
].join('\r\n');

describe('a Mailchimp export', () => {
  test('adds people with a proven consent, and keeps the proof', async () => {
    const { run, load } = createDeployment();

    expect(await run(MAILCHIMP)).toMatchObject({ code: 0, counts: { added: 1, asked: 2 } });

    expect(subscriberSchema.parse(await load('ada@example.org'))).toEqual({
      id: toSubscriberId('ada@example.org', ID_KEY),
      address: 'ada@example.org',
      status: 'confirmed',
      timeZone: 'America/New_York',
      hour: 7,
      weekday: 1,
      format: 'html',
      subscriptions: [
        { id: 's1', lists: ALL_LISTS, query: '', cadence: 'weekly', maxPapers: 10, sort: 'trending' },
      ],
      consent: {
        at: '2018-04-13T10:57:02.000Z',
        from: '192.0.2.2',
        text: 'Confirmed elsewhere, according to members.csv.',
        requestedAt: '2018-04-13T10:55:00.000Z',
        requestedFrom: '192.0.2.1',
      },
      linksSince: '2026-01-05T07:59:00.000Z',
      statusChanges: [{ status: 'confirmed', at: NOW, by: 'import', note: 'members.csv' }],
      softBounces: 0,
      version: 1,
    });
  });

  test('asks the others by mail, and stores nothing of them', async () => {
    const { run, load, requests } = createDeployment();

    const { reasons } = await run(MAILCHIMP, { consentText: 'Send me papers.' });

    expect(requests.map((request) => webRequestSchema.parse(request))).toEqual([
      {
        kind: 'sign-up',
        isImported: true,
        id: `import-${toSubscriberId('bob@example.org', ID_KEY)}`,
        address: 'bob@example.org',
        signUp: {
          at: NOW,
          from: 'members.csv',
          text: 'Send me papers.',
          timeZone: 'Europe/Berlin',
          hour: 7,
          subscriptions: [
            { id: 's1', lists: ALL_LISTS, query: '', cadence: 'weekly', maxPapers: 10, sort: 'trending' },
          ],
        },
      },
      expect.objectContaining({
        address: 'cy@example.org',
        signUp: expect.objectContaining({ timeZone: 'UTC' }),
      }),
    ]);
    expect(await load('bob@example.org')).toBeUndefined();
    expect(reasons[0]).toBe('line 4, asked: the time zone "Mars/Olympus" is unknown, so UTC is used');
  });

  test('replaces unknown time zones, and reports them', async () => {
    const { run, requests } = createDeployment();
    const zones = ['PST', 'ist', 'GMT+2', '+05:30', 'SystemV/PST8PDT', 'Asia/Calcutta', 'europe/kiev', 'CET'];
    const rows = zones.map((zone, n) => `r${n}@example.org,${zone}`);

    const { reasons } = await run(`Email Address,TIMEZONE\n${rows.join('\n')}\n`);

    expect(requests).toMatchObject(
      ['UTC', 'UTC', 'UTC', 'UTC', 'UTC', 'Asia/Calcutta', 'Europe/Kiev', 'CET'].map((timeZone) => ({
        signUp: { timeZone },
      })),
    );
    expect(reasons).toEqual(
      zones
        .slice(0, 5)
        .map((zone, n) => `line ${n + 2}, asked: the time zone "${zone}" is unknown, so UTC is used`),
    );
  });

  test('mails nobody who unsubscribed or bounced', async () => {
    const { run, load, requests } = createDeployment();
    const left =
      'Email Address,CONFIRM_TIME,CONFIRM_IP,UNSUB_TIME\na@example.org,2018-04-13 10:57:02,192.0.2.2,2019-01-01 00:00:00\n';
    const cleaned = 'Email Address,CONFIRM_TIME,CONFIRM_IP,CLEAN_TIME\nb@example.org,,,2019-01-01 00:00:00\n';

    expect((await run(left)).counts).toEqual({ inactive: 1 });
    expect((await run(cleaned)).counts).toEqual({ inactive: 1 });

    expect((await load('a@example.org'))?.status).toBe('unsubscribed');
    expect((await load('b@example.org'))?.status).toBe('bounced');
    expect(requests).toEqual([]);
  });

  test('may have a postal address beside the email address', async () => {
    const { run, requests } = createDeployment();

    await run('Address,Email Address\n"1 Main St",ada@example.org\n');

    expect(requests.map(({ address }) => address)).toEqual(['ada@example.org']);
  });
});

describe('a listmonk export', () => {
  const LISTMONK = [
    'uuid,email,name,attributes,status,created_at,updated_at',
    '1f,ada@example.org,Ada,"{""city"": ""London, UK"", ""n"": [1]}",enabled,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z',
    '2f,bob@EXAMPLE.org,Bob,{},blocklisted,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z',
    '3f,cy@example.org,Cy,{},disabled,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z',
    '4f,dee@example.org,Dee,{},retired,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z',
  ].join('\n');

  test('asks enabled people, and stores blocklisted and disabled ones as having left', async () => {
    const { run, load, requests, cohorts } = createDeployment();

    const { code, reasons, counts } = await run(LISTMONK);

    expect(counts).toEqual({ asked: 1, inactive: 2, refused: 1 });
    expect(code).toBe(1);
    expect(requests.map(({ address }) => address)).toEqual(['ada@example.org']);
    expect(await load('bob@example.org')).toMatchObject({
      address: 'bob@EXAMPLE.org',
      status: 'complained',
      consent: { at: NOW, from: 'members.csv', text: 'Mailed nothing: imported as "blocklisted".' },
    });
    expect((await load('cy@example.org'))?.status).toBe('unsubscribed');
    expect(await cohorts.loadAll()).toEqual([]);
    expect(reasons).toEqual([
      expect.stringMatching(/^line 5, refused: its status is "retired": expected a word like subscribed,/),
    ]);
  });
});

describe('a file', () => {
  test('without addresses is refused with the names of its columns', async () => {
    const { run } = createDeployment();

    await expect(run('Name;Phone\nAda;1\n')).rejects.toThrow(CommandError);
    await expect(run('Name;Phone\nAda;1\n')).rejects.toThrow(
      /^members\.csv has no column of addresses\. Its first line names "Name", "Phone": expected one like "Email Address"\. If one of them holds addresses, name it with --address-column\.$/,
    );
    await expect(run('\n\n')).rejects.toThrow(
      'members.csv is empty. Give a file with a first line that names the columns',
    );
  });

  test('without rows is imported to its end', async () => {
    const { run } = createDeployment();

    const { code, printed } = await run('email,name\n');

    expect(code).toBe(0);
    expect(printed.at(-1)).toMatch(/^members\.csv: 0 rows\n/);
  });

  test('imported again changes nothing, and repeats requests with the same id', async () => {
    const { run, requests, load } = createDeployment();
    await run(MAILCHIMP);
    const ada = await load('ada@example.org');

    expect((await run(MAILCHIMP)).counts).toEqual({ known: 1, asked: 2 });

    expect(await load('ada@example.org')).toEqual(ada);
    expect(new Set(requests.map(({ id }) => id)).size).toBe(2);
  });

  test('changes nothing in a dry run, which prints the same report', async () => {
    const dry = createDeployment();
    const real = createDeployment();

    const { code, printed } = await dry.run(MAILCHIMP, { isDryRun: true });
    const done = await real.run(MAILCHIMP);

    expect(dry.requests).toEqual([]);
    expect(await dry.load('ada@example.org')).toBeUndefined();
    expect({
      code,
      printed: printed.map((text) => text.replace(', a dry run that changed nothing', '')),
    }).toEqual({
      code: done.code,
      printed: done.printed,
    });
    expect(printed.at(-1)).toMatch(/^members\.csv, a dry run that changed nothing: 3 rows\n/);
  });

  test('asks at most --ask-at-most people, and the others in another run', async () => {
    const { run, requests, subscribers } = createDeployment();
    const people = Array.from({ length: 25 }, (_, n) => `p${n}@example.org`);
    const file = ['email', ...people].join('\n');

    expect((await run(file, { maxAsked: 10 })).counts).toEqual({ asked: 10, waiting: 15 });
    for (const { address, signUp } of requests.flatMap((request) =>
      request.kind === 'sign-up' ? request : [],
    )) {
      const { at, from, text, ...choices } = signUp;
      await subscribers.save({
        id: toSubscriberId(address, ID_KEY),
        address,
        status: 'unconfirmed',
        weekday: 1,
        format: 'html',
        ...choices,
        consent: { at, from, text },
        statusChanges: [],
        softBounces: 0,
        version: 0,
      });
    }

    expect((await run(file, { maxAsked: 10 })).counts).toEqual({ known: 10, asked: 10, waiting: 5 });
  });

  test('says how far it came after an error', async () => {
    const { ports, run } = createDeployment();
    const people = Array.from({ length: 200 }, (_, n) => `p${n}@example.org,unsubscribed`);
    let saved = 0;
    const { save } = ports.subscribers;
    const printed: string[] = [];
    ports.subscribers.save = async (subscriber) => {
      saved += 1;
      if (saved > 100) throw new Error('the line is cut');
      return save(subscriber);
    };

    const file = ['email,status', ...people].join('\n');
    const error = await run(file, {}, printed).catch((thrown: unknown) => thrown);

    expect(error).toEqual(new Error('the line is cut'));
    expect(isUnfinished(error)).toBe(true);

    expect(printed.at(-1)).toMatch(/^members\.csv, stopped before its end: \d+ rows\n/);
    ports.subscribers.save = save;
    expect((await run(file)).counts).toEqual({ known: 100, inactive: 100 });
  });

  test('says how far it came after an interruption, and continues in another run', async () => {
    const { ports, run } = createDeployment();
    const people = Array.from({ length: 200 }, (_, n) => `p${n}@example.org,unsubscribed`);
    const file = ['email,status', ...people].join('\n');
    const { save } = ports.subscribers;
    const interruption = new AbortController();
    let saved = 0;
    ports.subscribers.save = async (subscriber) => {
      saved += 1;
      if (saved === 100) interruption.abort();
      return save(subscriber);
    };

    const first = await run(file, { interruption: interruption.signal });

    expect(first.code).toBe(130);
    expect(first.printed.at(-1)).toMatch(/^members\.csv, stopped before its end: \d+ rows\n/);
    expect(saved).toBeLessThan(200);
    const { known = 0, inactive = 0 } = (await run(file)).counts;
    expect([known + inactive, saved]).toEqual([200, 200]);
  });

  test('imports nothing after an interruption while it is read', async () => {
    const { run } = createDeployment();
    const file = 'email,status\nada@example.org,unsubscribed';

    const ended = run(file, { interruption: AbortSignal.abort() });
    await expect(ended).rejects.toThrow(InterruptedError);
    await expect(ended).rejects.toThrow('Nothing was imported: import it again');

    expect((await run(file)).counts).toEqual({ inactive: 1 });
  });

  test('survives another import of the same people at the same time', async () => {
    const { ports, run } = createDeployment();
    const { save } = ports.subscribers;
    ports.subscribers.save = async (subscriber) => {
      await save(subscriber);
      throw new ConflictError('saved already');
    };

    expect((await run(MAILCHIMP)).counts).toEqual({ known: 1, asked: 2 });
  });

  test('can be read in small pieces', async () => {
    const { run } = createDeployment();

    expect((await run(createTextFile(MAILCHIMP, 'members.csv', 3))).counts).toEqual({ added: 1, asked: 2 });
  });
});
