import { beforeEach, describe, expect, test } from '@jest/globals';
import { arxivCategoryIds } from '../../../../shared/domain/lists/arxiv-categories.ts';
import { MS_PER_DAY } from '../../../../shared/domain/time/time.ts';
import { HONEYPOT } from '../../../../shared/web/parts/bot-checks.tsx';
import { FETCH_SITE_HEADER, TIME_ZONE_HEADER } from '../../../../shared/web/public-routes.ts';
import { STAMP } from '../../../../shared/web/sign-up/sign-up-page.tsx';
import { createSubscriber } from '../../../factories/subscribers.ts';
import { createFakeTelemetry } from '../../../fakes/outside.ts';
import { createFakeWeb } from '../../../fakes/web.ts';
import { formOf } from '../form-of.ts';
import { createReader } from '../reader.ts';

let reader: ReturnType<typeof createReader>;

beforeEach(() => {
  reader = createReader();
});

const stampOf = (html: string) => new RegExp(`name="${STAMP}" value="([^"]+)"`).exec(html)?.[1] ?? '';

/** Fills in the form as a person does, who takes a while. */
async function signUp(typed: Readonly<Record<string, string | readonly string[]>> = {}, afterMs = 10_000) {
  const { html } = await reader.read('/sign-up');
  reader.clock.moveBy(afterMs);
  return reader.read('/sign-up', {
    address: 'ada@example.org',
    lists: 'hf-daily',
    query: '',
    cadence: 'daily',
    timeZone: 'Europe/Berlin',
    hour: '7',
    [STAMP]: stampOf(html),
    [HONEYPOT]: '',
    ...typed,
  });
}

describe('signing up', () => {
  test('queues the request, with the words of the consent', async () => {
    const { status, text } = await signUp({ query: 'agents', cadence: 'weekly' });

    expect([status, text]).toEqual([200, expect.stringContaining('Check your email')]);
    expect(reader.requested).toEqual([
      {
        kind: 'sign-up',
        id: expect.any(String),
        address: 'ada@example.org',
        signUp: {
          at: reader.clock.now(),
          from: '192.0.2.1',
          timeZone: 'Europe/Berlin',
          hour: 7,
          text: 'Send me digests of Papers & More at this address until I unsubscribe.',
          subscriptions: [
            {
              id: 's1',
              lists: ['hf-daily'],
              query: 'agents',
              queryVersion: 2,
              cadence: 'weekly',
              maxPapers: 10,
              sort: 'trending',
            },
          ],
        },
      },
    ]);
    expect((await reader.read('/sign-up')).text).toContain(
      '“Send me digests of Papers & More at this address',
    );
  });

  test.each([
    'Ada <ada@example.org>',
    'mailto:ada@example.org',
    ' ada@example.org.',
    '\u200bada@example.org',
  ])('understands an address as people paste it: %j', async (address) => {
    const { status } = await signUp({ address });

    expect(status).toBe(200);
    expect(reader.requested).toMatchObject([{ address: 'ada@example.org' }]);
  });

  test('offers current names of time zones, and turns off auto-correction of queries and addresses', async () => {
    const { html } = await reader.read('/sign-up');

    for (const zone of ['Asia/Kolkata', 'Europe/Kyiv', 'Asia/Kathmandu', 'Asia/Ho_Chi_Minh', 'UTC'])
      expect(html).toContain(`<option value="${zone}"`);
    for (const zone of ['Asia/Calcutta', 'Europe/Kiev', 'Asia/Katmandu', 'Asia/Saigon'])
      expect(html).not.toContain(zone);
    expect(html).toMatch(/<optgroup label="Asia">.*>Ho Chi Minh<\/option>.*<optgroup label="Atlantic">/s);
    for (const name of ['query', 'address']) {
      const field = new RegExp(`<input[^>]* name="${name}"[^>]*>`).exec(html)?.[0];
      expect(field).toContain('spellcheck="false"');
      expect(field).toContain('autocapitalize="off"');
    }
  });

  test('answers the same for every address, except for the address itself', async () => {
    const statuses = ['confirmed', 'unsubscribed', 'bounced', 'complained'] as const;
    for (const status of statuses)
      await reader.repositories.subscribers.save(createSubscriber({ id: status, status }));

    const answers = new Set<string>();
    for (const name of [...statuses, 'nobody']) {
      const address = `${name}@example.org`;
      const { html } = await signUp({ address });
      expect(html.split(address)).toHaveLength(2);
      answers.add(html.replace(address, 'the address'));
    }

    expect(answers.size).toBe(1);
  });

  test('says what to do if no mail comes: where to look, how long to wait, and where to write', async () => {
    const { text, html } = await signUp();

    expect(text).toContain('No email after a few minutes? Look in your spam folder.');
    expect(text).toContain('After 3 emails that are not confirmed, we send no more for 30 days.');
    expect(html).toMatch(/write to <a href="mailto:[^"]+@[^"]+">/);
  });

  test.each([
    ['address', 'ada@', 'Enter an email address, such as ada@example.org.'],
    ['query', 'agents or audio', 'Keywords, at character 8: "or" is not in capitals. Write OR in capitals.'],
    ['query', 'autor:He', 'Keywords, at character 1: "autor:" is not a field. Write author:'],
    ['query', 'list:hf', 'Keywords, at character 1: There is no list "hf". Write list:hf-daily.'],
    [
      'query',
      `${'a'.repeat(501)}`,
      'Keywords, at character 501: The query has more than 500 characters. Shorten it',
    ],
    ['timeZone', 'Mars/Olympus', 'Choose a time zone from the list'],
    ['timeZone', 'IST', 'Choose a time zone from the list'],
    ['hour', '24', 'Choose an hour from 00:00 to 23:00.'],
    ['cadence', 'hourly', 'Choose how often emails come.'],
    ['lists', 'arxiv/evil.com', 'Choose at least one list.'],
  ])(
    'says what is wrong with the %s, keeps what was typed, and asks for nothing',
    async (field, typed, fault) => {
      const { status, text, html } = await signUp({ [field]: typed });

      expect([status, text]).toEqual([422, expect.stringContaining(fault)]);
      expect(html).toContain(`href="#${field}"`);
      expect(html).toContain('value="ada@');
      expect(reader.requested).toEqual([]);
    },
  );

  test.each([
    ['eve@readers', 'The part after the @ needs a dot, as in example.org.'],
    ['a..b@example.org', 'The part before the @ cannot start or end with a dot, or have two in a row.'],
    ['ada@.example.org', 'The part after the @ cannot start or end with a dot, or have two in a row.'],
    [`${'l'.repeat(65)}@a.org`, 'The part before the @ can have 64 characters. Yours has 65.'],
    [`ada@${'d.'.repeat(124)}org`, 'An email address can have 254 characters. Yours has 255.'],
    ['"ada"@example.org', 'An email address cannot contain a quotation mark. Enter an email address'],
  ])('gives the reason why %s is no address', async (address, reason) => {
    expect((await signUp({ address })).text).toContain(reason);
  });

  test('by a bot that fills in the hidden field gets the same answer, and queues nothing', async () => {
    const genuine = await signUp();
    const program = await signUp({ [HONEYPOT]: 'https://evil.example' });

    expect(program.html).toBe(genuine.html);
    expect(reader.requested).toHaveLength(1);
  });

  test.each([
    ['sign-up', '/sign-up'],
    ['manage-link', '/manage-link'],
  ])(
    'with the hidden field filled in is logged and counted, without what was typed: %s',
    async (form, path) => {
      const logged: unknown[] = [];
      const telemetry = {
        ...createFakeTelemetry(),
        info: (sentence: string, fields: unknown) => logged.push({ sentence, fields }),
      };
      reader = createReader(createFakeWeb({ telemetry }));

      await reader.read(path, { address: 'ada@example.org', [HONEYPOT]: '' });
      expect(telemetry.counts.size).toBe(0);
      const { html } = await reader.read(path);
      await reader.read(path, { address: 'ada@example.org', [HONEYPOT]: 'https://ada.example' });

      expect(telemetry.counts).toEqual(new Map([['FormsTrapped', 1]]));
      expect(logged).toEqual([{ sentence: expect.stringContaining('hidden field'), fields: { form } }]);
      for (const optOut of [
        'data-1p-ignore="true"',
        'data-lpignore="true"',
        'data-bwignore="true"',
        'data-form-type="other"',
      ])
        expect(html).toMatch(new RegExp(`<input id="${HONEYPOT}"[^>]* ${optOut}`));
    },
  );

  test('in less than three seconds asks to press the button again, which then works', async () => {
    const hasty = await signUp({}, 500);
    expect([hasty.status, reader.requested.length]).toEqual([422, 0]);
    expect(hasty.text).toContain('as quick as a program');
    reader.clock.moveBy(3_000);

    const again = await signUp({ [STAMP]: stampOf(hasty.html) });

    expect([again.status, reader.requested.length]).toEqual([200, 1]);
  });

  test.each([
    ['a day later', MS_PER_DAY + 1, {}],
    ['with a stamp of its own making', 10_000, { [STAMP]: '1767600000000.AAAA' }],
    ['without a stamp', 10_000, { [STAMP]: '' }],
  ])('%s gets the form again, filled in', async (_, afterMs, typed) => {
    const { status, html } = await signUp(typed, afterMs);

    expect([status, reader.requested.length]).toEqual([422, 0]);
    expect(html).toContain('value="ada@example.org"');
    expect(stampOf(html)).not.toBe('');
  });

  test('says when the next digest comes with the usual choices, in the time zone of the reader if it is known', async () => {
    const unknown = await reader.read('/sign-up');
    const known = await reader.read('/sign-up?timeZone=Asia/Tokyo');

    expect(unknown.text).toContain('Next digest: Tuesday 6 January, 08:00 (UTC).');
    expect(unknown.html).toContain('<span data-next="daily" data-hour="8">');
    expect(known.text).toContain('Next digest: Tuesday 6 January, 08:00 (Asia/Tokyo).');
    expect(known.html).not.toContain('<span data-next');
    expect((await signUp({ address: 'nobody', cadence: 'weekly' })).text).not.toContain('Next digest');
  });

  test('too often from one network is refused, and says when to try again', async () => {
    for (let n = 0; n < 30; n += 1) await signUp({}, 4_000);

    const { status, headers } = await signUp({}, 4_000);

    expect([status, headers.get('retry-after')]).toEqual([429, '3600']);
  });

  test('says on which day a weekly or monthly digest comes', async () => {
    const { text } = await reader.read('/sign-up');

    expect(text).toContain('Weekly emails come on Monday.');
    expect(text).toContain('Every month, on the first');
  });

  test('offers the lists if there are several', async () => {
    reader = createReader(createFakeWeb({ lists: ['hf-daily', 'arxiv/cs.CL'] }));

    await signUp({ lists: ['arxiv/cs.CL', 'arxiv/cs.CL'] });

    const { text } = await reader.read('/sign-up');
    expect(text).toContain('Computation and Language cs.CL');
    expect(text).toContain('Choose lists, topics and an hour. We email you the new papers that match,');
    expect(reader.requested).toMatchObject([{ signUp: { subscriptions: [{ lists: ['arxiv/cs.CL'] }] } }]);
  });
});

describe('the banner of a page of papers', () => {
  const OWN = { [FETCH_SITE_HEADER]: 'same-origin' };

  /** Sends the form of the banner as a browser does. */
  async function subscribe(
    path: string,
    typed: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = OWN,
  ) {
    const { html } = await reader.read(path);
    const body = new URLSearchParams({ ...formOf(html), address: 'ada@example.org', ...typed });
    const answer = await reader.app.request('/sign-up', { method: 'POST', body, headers });
    return { status: answer.status, html: await answer.text() };
  }

  test('subscribes with an address alone, and takes the usual choices', async () => {
    const { status, html } = await subscribe('/');

    expect([status, html]).toEqual([200, expect.stringContaining('Check your email')]);
    expect(html).toContain('ada@example.org');
    expect(reader.requested).toMatchObject([
      {
        kind: 'sign-up',
        address: 'ada@example.org',
        signUp: {
          timeZone: 'UTC',
          hour: 8,
          text: expect.stringContaining('until I unsubscribe'),
          subscriptions: [{ lists: ['hf-daily'], query: '', cadence: 'daily', maxPapers: 10 }],
        },
      },
    ]);
  });

  test('subscribes to the query and the lists of its page', async () => {
    reader = createReader(createFakeWeb({ lists: ['hf-daily', 'arxiv/cs.CL'] }));
    const query = '"language models" -survey';

    await subscribe(`/papers/2026-01-05?lists=arxiv/cs.CL&q=${encodeURIComponent(query)}`);

    expect(reader.requested).toMatchObject([
      { signUp: { subscriptions: [{ lists: ['arxiv/cs.CL'], query }] } },
    ]);
  });

  test('of a search follows every list that was searched, up to as many as a reader can follow', async () => {
    const listsIn = async (lists: readonly string[], path: string) => {
      const { html } = await createReader(createFakeWeb({ lists })).read(path);
      return [...html.matchAll(/name="lists" value="([^"]+)"/g)].map(([, list]) => list);
    };
    const two = ['hf-daily', 'arxiv/cs.CL'];

    expect(await listsIn(two, '/search?q=agents')).toEqual(two);
    expect(await listsIn(two, '/papers/2026-01-05?q=agents')).toEqual(two);
    expect(await listsIn(two, '/search?q=agents&list=arxiv/cs.CL')).toEqual(['arxiv/cs.CL']);
    expect(
      await listsIn(
        arxivCategoryIds.map((id) => `arxiv/${id}`),
        '/search?q=agents',
      ),
    ).toEqual([]);
  });

  test.each([
    ['/', 'Get new papers from Hugging Face Daily Papers in your email inbox'],
    ['/papers/2026-01-05', 'Get new papers from Hugging Face Daily Papers in your email inbox'],
    ['/papers/week/2026-W02', 'Get new papers from Hugging Face Daily Papers in your email inbox'],
    ['/papers/2026-01-05?lists=arxiv/cs.CL', 'Get new papers from arXiv cs.CL in your email inbox'],
    ['/status?list=arxiv/cs.CL', 'Get new papers from arXiv cs.CL in your email inbox'],
    ['/papers/2026-01-05?q=agents', 'Get new papers that match agents in your email inbox'],
  ])('of %s says which papers it subscribes to', async (path, heading) => {
    reader = createReader(createFakeWeb({ lists: ['hf-daily', 'arxiv/cs.CL'] }));

    expect((await reader.read(path)).text.replace(/\s+/g, ' ')).toContain(heading);
  });

  test('takes the time zone that the script fills in, or the one that the platform knows', async () => {
    await subscribe('/', { timeZone: 'Asia/Tokyo' });
    await subscribe('/', {}, { ...OWN, [TIME_ZONE_HEADER]: 'America/New_York' });
    await subscribe('/', {}, { ...OWN, [TIME_ZONE_HEADER]: 'Mars/Olympus' });

    expect(reader.requested).toMatchObject(
      ['Asia/Tokyo', 'America/New_York', 'UTC'].map((timeZone) => ({ signUp: { timeZone } })),
    );
  });

  test.each([
    ['the address of its links', 'https://daily.example.org'],
    ['the address that was asked for', 'http://localhost'],
  ])('subscribes in a browser that names only the origin: %s', async (_, origin) => {
    const { status } = await subscribe('/', {}, { origin });

    expect([status, reader.requested.length]).toEqual([200, 1]);
    const { headers } = await reader.read('/');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect((await reader.read('/confirm/token')).headers.get('referrer-policy')).toBe('no-referrer');
  });

  test.each([
    ['another site', { [FETCH_SITE_HEADER]: 'cross-site' }],
    [
      'another site that forges the origin',
      { [FETCH_SITE_HEADER]: 'cross-site', origin: 'http://localhost' },
    ],
    ['another origin', { origin: 'https://evil.example' }],
    ['an origin that is hidden', { origin: 'null' }],
    ['a browser that does not say where the form was', {}],
  ])('of %s gets the full form instead, filled in, with the reason', async (_, headers) => {
    const { status, html } = await subscribe('/papers/2026-01-05?q=agents', {}, headers);

    expect([status, reader.requested.length]).toEqual([422, 0]);
    expect(html).toContain('value="ada@example.org"');
    expect(html).toContain('value="agents"');
    expect(html).toContain('We cannot tell whether you pressed the button on one of our own pages');
    expect(stampOf(html)).not.toBe('');
  });

  test('without an address says so in the full form', async () => {
    const { status, html } = await subscribe('/', { address: '' });

    expect([status, reader.requested.length]).toEqual([422, 0]);
    expect(html).toContain('href="#address"');
  });

  test('leads to the full form, which has the query and the lists', async () => {
    reader = createReader(createFakeWeb({ lists: ['hf-daily', 'arxiv/cs.CL'] }));
    const { html } = await reader.read('/papers/2026-01-05?lists=arxiv/cs.CL&q=agents');

    const href = /href="(\/sign-up\?[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';

    expect(href).toBe('/sign-up?q=agents&lists=arxiv/cs.CL');
    const form = (await reader.read(`${href}&timeZone=Asia/Calcutta`)).html;
    expect(formOf(form)).toMatchObject({ query: 'agents', timeZone: 'Asia/Kolkata' });
    expect(form).toContain('value="arxiv/cs.CL" checked');
    expect(form).not.toContain('value="hf-daily" checked');
  });
});

describe('asking for a link', () => {
  test('answers the same for every address, and queues the request', async () => {
    await reader.repositories.subscribers.save(createSubscriber({ id: 'ada' }));

    const known = await reader.read('/manage-link', { address: 'ada@example.org' });
    const unknown = await reader.read('/manage-link', { address: 'nobody@example.org' });

    expect(unknown.html.replace('nobody@', 'ada@')).toBe(known.html);
    expect(reader.requested).toEqual([
      { kind: 'manage-link', id: expect.any(String), address: 'ada@example.org' },
      { kind: 'manage-link', id: expect.any(String), address: 'nobody@example.org' },
    ]);
  });

  test('has another answer than a sign-up', async () => {
    const ask = () => reader.read('/manage-link', { address: 'ada@example.org' });

    const { text } = await ask();
    for (let n = 0; n < 30; n += 1) await ask();
    const refused = await ask();

    expect(text).toContain(
      'If ada@example.org has a subscription, an email with a link to it is on its way.',
    );
    expect([refused.status, refused.text]).toEqual([429, expect.stringContaining('Too many requests')]);
    for (const words of [text, refused.text])
      expect(words).not.toMatch(/sign-up|confirm|add you|without an answer/);
  });

  test('says what is wrong with an address', async () => {
    const { status, text } = await reader.read('/manage-link', { address: 'ada' });

    expect([status, text]).toEqual([422, expect.stringContaining('Enter an email address')]);
  });
});
