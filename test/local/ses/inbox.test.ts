import { createHash } from 'node:crypto';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Hono } from 'hono';
import { createManualClock } from '../../../local/manual-clock.ts';
import { createInbox } from '../../../local/ses/inbox/inbox.tsx';
import { FIT_SCRIPT } from '../../../local/ses/inbox/pages.tsx';
import { openMessageStore } from '../../../local/ses/message-store.ts';
import { makeFolder, START, startSes, toBytes, toHtmlMessage, toMessage } from './ses-fixture.ts';

const HOSTILE = `</iframe><script>alert(1)</script>" onload="alert(2)`;

async function fetchText(url: string): Promise<string> {
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  return answer.text();
}

describe('the list', () => {
  test('says when it is empty', async () => {
    const ses = await startSes();

    expect(await fetchText(ses.server.inboxUrl)).toContain(
      'No messages yet. They appear here as soon as they are sent.',
    );
  });

  test('shows the newest first, with recipients, time and size', async () => {
    const ses = await startSes();
    const older = await ses.send({ RawMessage: { Data: toHtmlMessage('The older', '<p>x') } });
    ses.clock.moveBy(3_600_000);
    const newer = await ses.send({
      Destinations: ['ada@example.net', 'grace@example.net'],
      RawMessage: {
        Data: toBytes(toMessage(['From: daily@example.org', 'Subject: The newer'], 'x'.repeat(5000))),
      },
    });

    const page = await fetchText(ses.server.inboxUrl);

    expect(page.startsWith('<!doctype html><html lang="en">')).toBe(true);
    expect(page).toContain('2 messages');
    expect(page.indexOf(`href="/inbox/${newer}">The newer`)).toBeGreaterThan(0);
    expect(page.indexOf(`href="/inbox/${older}">The older`)).toBeGreaterThan(page.indexOf('The newer'));
    expect(page).toContain('ada@example.net, grace@example.net');
    expect(page).toContain('<time datetime="2026-01-05T09:00:00.000Z">Mon 5 Jan, 09:00 UTC</time>');
    expect(page).toContain('5 KB');
  });

  test('filters by a part of a recipient, in any case', async () => {
    const ses = await startSes();
    await ses.send({ Destinations: ['Ada@example.net'], RawMessage: { Data: toHtmlMessage('For Ada', '') } });
    await ses.send({
      Destinations: ['grace@example.net'],
      RawMessage: { Data: toHtmlMessage('For Grace', '') },
    });

    const page = await fetchText(`${ses.server.inboxUrl}?to=aDa@`);

    expect(page).toContain('For Ada');
    expect(page).not.toContain('For Grace');
    expect(page).toContain('1 message to “aDa@”');
    expect(page).toContain('value="aDa@"');
    expect(await fetchText(`${ses.server.inboxUrl}?to=nobody`)).toContain(
      'Enter another address, or show all messages.',
    );
  });

  test('has pages that keep the filter and neither lose nor repeat a message', async () => {
    const folder = await makeFolder();
    const store = await openMessageStore(folder);
    const recipients = Array.from({ length: 205 }, (_, n) =>
      n % 41 === 0 ? 'grace@example.net' : 'ada@example.net',
    );
    for (const [n, recipient] of recipients.entries()) {
      await store.save(
        {
          messageId: `${n}`,
          acceptedAt: START,
          source: 'a@b.c',
          destinations: [recipient],
          tags: [],
          subject: `S${n}`,
        },
        toBytes('x'),
      );
    }
    const ses = await startSes({ folder });

    const seen: string[] = [];
    let url: string | undefined = `${ses.server.inboxUrl}?to=ada`;
    for (let pages = 0; url && pages < 10; pages++) {
      const page = await fetchText(url);
      seen.push(...[...page.matchAll(/href="\/inbox\/(\d+)"/g)].map(([, id = '']) => id));
      const href = /href="([^"]+)" rel="next"/.exec(page)?.[1]?.replaceAll('&amp;', '&');
      url = href && new URL(href, ses.server.inboxUrl).href;
    }

    const wanted = recipients.flatMap((recipient, n) => (recipient === 'ada@example.net' ? [`${n}`] : []));
    expect(wanted).toHaveLength(200);
    expect(seen).toEqual(wanted.reverse());
  });
});

describe('a message', () => {
  test('has four views, each linked from the others', async () => {
    const ses = await startSes();
    const messageId = await ses.send({
      RawMessage: { Data: toHtmlMessage('Five papers', '<h1 class="x">Hello</h1>') },
    });
    const url = `${ses.server.inboxUrl}/${messageId}`;

    const html = await fetchText(url);
    const text = await fetchText(`${url}/text`);
    const headers = await fetchText(`${url}/headers`);
    const raw = await fetch(`${url}/raw`);

    for (const page of [html, text, headers]) {
      expect(page).toContain('<h1>Five papers</h1>');
      for (const view of ['', '/text', '/headers', '/raw'])
        expect(page).toContain(`href="/inbox/${messageId}${view}"`);
      expect(page.match(/aria-current="page"/g)).toHaveLength(1);
    }
    expect(html).toContain(
      'srcdoc="&lt;base target=&quot;_blank&quot;&gt;&lt;h1 class=&quot;x&quot;&gt;Hello&lt;/h1&gt;',
    );
    expect(html).toContain('sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"');
    expect(text).toContain('<pre>The text part: &lt;b&gt;not bold&lt;/b&gt;');
    expect(headers).toContain(`<dt>Message-ID</dt><dd>&lt;${messageId}@email.amazonses.com&gt;</dd>`);
    expect(raw.headers.get('content-type')).toBe('message/rfc822');
    expect(raw.headers.get('content-disposition')).toBe(`attachment; filename="${messageId}.eml"`);
    expect(await raw.text()).toBe(await ses.raw(messageId));
  });

  test('opens its links in new tabs and stays in standards mode', async () => {
    const ses = await startSes();
    const messageId = await ses.send({
      RawMessage: {
        Data: toHtmlMessage('x', '<!doctype html><html><head lang="en"><title>t</title></head><header>h'),
      },
    });

    expect(await fetchText(`${ses.server.inboxUrl}/${messageId}`)).toContain(
      'srcdoc="&lt;!doctype html&gt;&lt;html&gt;&lt;head lang=&quot;en&quot;&gt;&lt;base target=&quot;_blank&quot;&gt;&lt;title',
    );
  });

  test('without an HTML part says so', async () => {
    const ses = await startSes();
    const messageId = await ses.send();

    expect(await fetchText(`${ses.server.inboxUrl}/${messageId}`)).toContain('This mail is plain text only.');
    expect(await fetchText(`${ses.server.inboxUrl}/${messageId}/text`)).toContain('<pre>Good morning.');
  });

  test.each(['', '/text', '/headers', '/raw', '/no-such-view'])(
    'that does not exist gets a page with status 404 (%s)',
    async (view) => {
      const ses = await startSes();

      const answer = await fetch(`${ses.server.inboxUrl}/0100-unknown${view}`);

      expect(answer.status).toBe(404);
      expect(await answer.text()).toContain('There is no such message. <a href="/inbox">');
    },
  );

  test.each(['', '/text', '/headers'])('puts none of its markup into the page (%s)', async (view) => {
    const ses = await startSes();
    const messageId = await ses.send({
      Destinations: ['ada@example.net'],
      RawMessage: { Data: toHtmlMessage(HOSTILE, `<p>${HOSTILE}</p>`) },
    });

    const page = await fetchText(`${ses.server.inboxUrl}/${messageId}${view}`);

    expect(page).toContain(
      '&lt;/iframe&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&quot;alert(2)',
    );
    expect(page.replace(`<script>${FIT_SCRIPT}</script>`, '')).not.toContain('<script');
    expect(page).not.toContain('" onload=');
    expect(page.match(/<\/iframe>/g) ?? []).toHaveLength(view === '' ? 1 : 0);
  });

  test('puts none of its markup into the list, nor does the filter', async () => {
    const ses = await startSes();
    await ses.send({ RawMessage: { Data: toHtmlMessage(HOSTILE, '') } });

    const page = await fetchText(`${ses.server.inboxUrl}?to=${encodeURIComponent('"><script>')}`);
    const all = await fetchText(ses.server.inboxUrl);

    expect(all).toContain('&lt;script&gt;alert(1)');
    expect(page).toContain('value="&quot;&gt;&lt;script&gt;"');
    expect(page + all).not.toContain('<script');
  });

  test('has a policy that allows only its own script, and is never cached', async () => {
    const ses = await startSes();
    const messageId = await ses.send();

    const { headers } = await fetch(`${ses.server.inboxUrl}/${messageId}`);
    const hash = createHash('sha256').update(FIT_SCRIPT).digest('base64');

    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; img-src data: https:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
    );
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });
});

test('links follow the path at which the inbox is mounted', async () => {
  const store = await openMessageStore(await makeFolder());
  await store.save(
    { messageId: 'abc', acceptedAt: START, source: 'a@b.c', destinations: ['d@e.f'], tags: [], subject: '' },
    toBytes('Subject:\r\n\r\nx'),
  );
  const inbox = createInbox({ store, path: '/local/mail', clock: createManualClock(START) });
  const app = new Hono().route('/local/mail', inbox);

  const page = await (await app.request('/local/mail')).text();

  expect(page).toContain('<a href="/local/mail/abc">No subject</a>');
  expect(page).toContain('action="/local/mail"');
  expect((await app.request('/local/mail/abc')).status).toBe(200);
});

describe('the folder', () => {
  const draft = { acceptedAt: START, source: 'a@b.c', destinations: ['d@e.f'], tags: [], subject: 's' };

  test('has two files for each message, and ignores a message without its JSON', async () => {
    const folder = await makeFolder();
    const store = await openMessageStore(join(folder, 'new'));
    await store.save({ ...draft, messageId: 'aa' }, toBytes('one'));
    await store.save({ ...draft, messageId: 'bb' }, toBytes('two'));

    expect((await readdir(join(folder, 'new'))).sort()).toEqual([
      '000001-aa.eml',
      '000001-aa.json',
      '000002-bb.eml',
      '000002-bb.json',
    ]);
    await rm(join(folder, 'new', '000001-aa.json'));
    const reopened = await openMessageStore(join(folder, 'new'));

    expect(reopened.list().map(({ messageId }) => messageId)).toEqual(['bb']);
  });

  test('keeps the order of messages that are saved in parallel', async () => {
    const store = await openMessageStore(await makeFolder());

    const saved = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        store.save({ ...draft, messageId: `${n}` }, new Uint8Array(n % 3 ? 10 : 900_000)),
      ),
    );

    expect(saved).toHaveLength(20);
    expect(store.list()).toEqual(saved);
  });

  test('leaves out and names each file that is not a message, or whose message is gone', async () => {
    const folder = await makeFolder();
    const store = await openMessageStore(folder);
    for (const messageId of ['aa', 'bb', 'cc']) await store.save({ ...draft, messageId }, toBytes('one'));
    await writeFile(join(folder, '000001-aa.json'), '{"number":1,"mess');
    await rm(join(folder, '000002-bb.eml'));
    await writeFile(join(folder, 'notes.json'), '{"number":1}');
    const lines: string[] = [];

    const reopened = await openMessageStore(folder, (line) => lines.push(line));

    expect(reopened.list().map(({ messageId }) => messageId)).toEqual(['cc']);
    expect(lines.sort()).toEqual(
      ['000001-aa.json', '000002-bb.json', 'notes.json'].map(
        (name) => `${join(folder, name)} is not a stored mail, or its .eml is missing. It is left out`,
      ),
    );
    expect(await readdir(folder)).toHaveLength(6);
  });
});
