import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Email } from 'postal-mime';
import { createApiHandler } from '../../functions/api/handler.ts';
import { type Cadence, LOOK_BACK_DAYS } from '../../shared/domain/subscribers/cadence.ts';
import type { Subscriber } from '../../shared/domain/subscribers/subscriber.ts';
import { upgradeQuery } from '../../shared/domain/subscribers/upgrade-query.ts';
import { addDays, daysFrom, utcDayOf } from '../../shared/domain/time/time.ts';
import { composeAccountMail } from '../../shared/mail/compose-account-mail.ts';
import { composeDigestMail } from '../../shared/mail/compose-digest-mail.ts';
import { sendBatch } from '../../shared/pipeline/sending/send-batch.ts';
import type { AccountMailKind } from '../../shared/ports/mail.ts';
import type { DigestsMessage, WebRequest } from '../../shared/ports/queues.ts';
import { answerRequest } from '../../shared/subscribers/answer-request.ts';
import { toSubscriberId } from '../../shared/subscribers/subscriber-id.ts';
import { createSubscriberLinks } from '../../shared/web/links.ts';
import { publicRoutes } from '../../shared/web/public-routes.ts';
import { createMoved, createSignUp } from '../factories/account-mails.ts';
import { callApi } from '../factories/call-api.ts';
import { createFacts, createListing } from '../factories/papers.ts';
import { createSubscriber, createSubscription } from '../factories/subscribers.ts';
import { createFakeMailer, createFakeQueue } from '../fakes/outside.ts';
import { createFakeMeter, createFakeSendRateLimiter } from '../fakes/sending.ts';
import { createFakeWeb, type FakeWeb } from '../fakes/web.ts';
import { readMessage } from '../shared/mail/read-message.ts';
import { type Anchor, anchorsOf } from '../shared/web/reader.ts';

/** A Thursday, and the first of a month. */
const NOW = '2026-01-01T07:00:00.000Z';
const ADDRESS = 'ada@readers.example';
const PAPERS_A_DAY = 8;

const PERIODS: Readonly<Record<Cadence, string>> = {
  instant: '2026-01-01T07:00Z',
  daily: '2026-01-01',
  weekly: '2026-W01',
  monthly: '2026-01',
};

let web: FakeWeb;
let handler: ReturnType<typeof createApiHandler>;
/** The title of every stored paper, by its day. */
let titles: Map<string, string[]>;
let ids: string[];

beforeEach(async () => {
  web = createFakeWeb({ lists: ['hf-daily'] });
  web.clock.moveTo(NOW);
  handler = createApiHandler(web.ports);
  titles = new Map();
  ids = [];
  const today = utcDayOf(NOW);
  for (const [position, day] of daysFrom(addDays(today, -40), today).entries()) {
    for (let n = 0; n < PAPERS_A_DAY; n += 1) {
      const id = `25${String(position).padStart(2, '0')}.${String(n).padStart(5, '0')}`;
      const title = `${n % 2 ? 'Agents' : 'Kernels'} ${day} no ${n}`;
      const links =
        n % 3 ? {} : { repositoryUrl: `https://code.example/${id}`, projectUrl: `https://${n}.example/` };
      await web.repositories.papers.save(
        createFacts({ id, title, upvotes: n % 5, comments: 0, ...links }),
        NOW,
      );
      await web.repositories.listings.save(createListing({ day, paperId: id, firstSeenAt: NOW }));
      ids.push(id);
      titles.set(day, [...(titles.get(day) ?? []), title]);
    }
  }
});

/** Sends a subscriber's digest as the pipeline does, and reads the mail. */
async function mailDigest(
  cadence: Cadence,
  subscriptions: Parameters<typeof createSubscription>[0][],
  format = 'html',
) {
  const subscriber = await web.repositories.subscribers.save(
    createSubscriber({
      id: 'ada',
      address: ADDRESS,
      format: format as Subscriber['format'],
      subscriptions: subscriptions.map((subscription, position) =>
        createSubscription({ id: `s${position}`, cadence, ...subscription }),
      ),
    }),
  );
  const mailer = createFakeMailer();
  const cohort = cadence === 'instant' ? 'instant#hf-daily' : `${cadence}#Europe/Berlin#08`;
  const edition = { cadence, period: PERIODS[cadence], cohort };
  await web.repositories.editions.saveBatch(edition, 0, [subscriber.id]);
  const message: DigestsMessage = { edition, batch: 0, subscriberIds: [subscriber.id], queuedAt: NOW };
  const result = await sendBatch(
    {
      ...web.ports,
      ...web.repositories,
      compose: async (digest) => composeDigestMail(digest, web.ports.publication, links()),
      mailer,
      rateLimiter: createFakeSendRateLimiter(),
      meter: createFakeMeter(),
      digestsQueue: createFakeQueue<DigestsMessage>(),
      whenUncertain: 'at-most-once',
    },
    message,
  );
  expect(result).toEqual({ kind: 'done', counts: { sent: 1 } });
  const [mail] = mailer.sent;
  if (!mail) throw new Error('no mail was sent');
  return readMessage(mail);
}

const links = () =>
  createSubscriberLinks(web.ports.publication.publicUrl, web.keys.linkKeys, web.clock.now());

/** Follows one of our links to its page, through redirects. */
async function follow(url: string, method = 'GET', body?: string) {
  let at = new URL(url);
  for (let hop = 0; hop < 3; hop += 1) {
    expect(at.origin).toBe(web.ports.publication.publicUrl);
    // CloudFront drops the parameters that it does not know.
    if (at.pathname.startsWith('/papers'))
      expect(publicRoutes.papers.parameters).toEqual(expect.arrayContaining([...at.searchParams.keys()]));
    const answer = await callApi(handler, at, { method, ...(body && { body }) });
    if (answer.status < 300 || answer.status > 399) return answer;
    at = new URL(answer.headers.location ?? '', at);
  }
  throw new Error(`${url} redirects in a circle`);
}

/** Returns all titles on a page of papers and its following pages. */
async function readTitles(url: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (let next: string | undefined = url; next; ) {
    const { status, body } = await follow(next);
    expect(status).toBe(200);
    expect(Buffer.byteLength(body)).toBeLessThan(50_000);
    const shown = [...body.matchAll(/<h2><a[^>]*>(.*?)<\/a>/g)];
    found.push(...shown.map(([, title = '']) => title.replace(/<\/?mark>/g, '')));
    const [, pages = ''] = /<nav[^>]*aria-label="Pages">(.*?)<\/nav>/s.exec(body) ?? [];
    const [, more] = /<a href="([^"]*)" rel="next">/.exec(pages) ?? [];
    next = more && new URL(more.replaceAll('&amp;', '&'), url).href;
  }
  return found;
}

/** Returns every link of a mail with its text. In the text part, the text of a link is the line before it. */
async function linksOf({ html = '', text = '' }: Pick<Email, 'html' | 'text'>): Promise<readonly Anchor[]> {
  const lines = text.split(/\r?\n/);
  const inText = lines.flatMap((line, index) => {
    const [url] = /^\s*(https?:\/\/\S+)$/.exec(line)?.slice(1) ?? [];
    return url ? [{ href: url, text: (lines[index - 1] ?? '').trim().replace(/:$/, '') }] : [];
  });
  return [...(await anchorsOf(html)), ...inText];
}

/** Checks one of our links by its text. A link with an unknown text fails. */
async function keepsPromise({ text, href }: Anchor, expected: { readonly all: readonly string[] }) {
  if (/See (?:it|them) on the web$/.test(text)) {
    const mailed = await titlesOfMailed();
    const others = expected.all.filter((title) => !mailed.has(title));
    expect(text.endsWith('See it on the web')).toBe(others.length === 1);
    expect([...(await readTitles(href))].sort()).toEqual(others.sort());
    return;
  }
  switch (text) {
    case 'See all papers from these days':
    case 'All papers from these days':
      expect(await readTitles(href)).toEqual(expect.arrayContaining([...expected.all]));
      return;
    case 'How papers are sorted': {
      const { status, body } = await follow(href);
      expect({ status, explains: body.includes('<h1>How papers are sorted</h1>') }).toEqual({
        status: 200,
        explains: true,
      });
      return;
    }
    case 'Unsubscribe': {
      const { status, body } = await follow(href);
      expect({ status, isForm: body.includes('<form method="post"') }).toEqual({ status: 200, isForm: true });
      expect(body).toMatch(/<h1>[^<]*[Uu]nsubscribe/);
      return;
    }
    case 'Mute a paper or an author':
      await mutesEach(href);
      return;
    case 'Your subscriptions':
    case 'Manage your subscriptions': {
      const { status, body } = await follow(href);
      expect({ status, names: body.includes(ADDRESS) }).toEqual({ status: 200, names: true });
      return;
    }
    case 'Export or erase your data': {
      const { status, body } = await follow(href);
      expect({ status, names: body.includes(ADDRESS) }).toEqual({ status: 200, names: true });
      expect(body).toContain('Erase everything');
      return;
    }
    case 'Confirm your subscription': {
      const { status, body } = await follow(href);
      expect({ status, isForm: body.includes('<form method="post"') }).toEqual({ status: 200, isForm: true });
      expect(body).toContain('<h1>Confirm your subscription</h1>');
      return;
    }
    default:
      throw new Error(`add a check for the link “${text}” to ${href}`);
  }
}

/** Returns the titles of the papers that Ada's digest has. */
async function titlesOfMailed(): Promise<ReadonlySet<string>> {
  const { paperIds = [] } = (await web.repositories.history.loadAll('ada'))[0]?.delivery ?? {};
  return new Set((await web.repositories.papers.loadMany(paperIds)).map(({ title }) => title));
}

/** Checks that the page lists the papers of the digest, and that each leads to a page with a button. */
async function mutesEach(href: string) {
  const { status, body } = await follow(href);
  const listed = (await anchorsOf(body)).filter((anchor) => anchor.href.startsWith('?paper='));
  const { paperIds = [] } = (await web.repositories.history.loadAll('ada'))[0]?.delivery ?? {};
  expect(status).toBe(200);
  expect(listed.map((anchor) => anchor.href)).toEqual(paperIds.map((id) => `?paper=${id}`));
  expect(listed.length).toBeGreaterThan(0);
  const [first] = listed;
  const paper = await follow(new URL(first?.href ?? '', href).href);
  expect(paper.body).toContain(first?.text);
  expect(paper.body).toContain('Mute this paper</button>');
  expect((await web.repositories.subscribers.load('ada'))?.mutedPapers).toBeUndefined();
}

/** Checks every link of a mail: our own by their text, others with the facts of the stored papers. */
async function checkLinks(found: readonly Anchor[], all: readonly string[]): Promise<void> {
  const stored = await web.repositories.papers.loadMany(ids);
  const facts = new Set(
    stored.flatMap(({ id, repositoryUrl = '', projectUrl = '' }) => [
      `https://huggingface.co/papers/${id}`,
      `https://arxiv.org/abs/${id}`,
      repositoryUrl,
      projectUrl,
    ]),
  );
  expect(found.length).toBeGreaterThan(0);
  for (const link of found) {
    if (link.href.startsWith(web.ports.publication.publicUrl)) await keepsPromise(link, { all });
    else expect({ ...link, isKnown: facts.has(link.href) }).toEqual({ ...link, isKnown: true });
  }
}

const windowOf = (cadence: Cadence) =>
  daysFrom(addDays(utcDayOf(NOW), -LOOK_BACK_DAYS[cadence]), utcDayOf(NOW)).flatMap(
    (day) => titles.get(day) ?? [],
  );

const CADENCES = Object.keys(PERIODS) as Cadence[];

describe.each(CADENCES)('a %s digest', (cadence) => {
  test('with every paper has links that lead to what their text says, and shows every paper that it left out', async () => {
    const all = windowOf(cadence);
    const { parsed } = await mailDigest(cadence, [{ query: '', maxPapers: 10 }]);

    expect(parsed.html).toContain(`${all.length - 10} more papers matched`);
    await checkLinks(await linksOf(parsed), all);
  });

  test('of a query has links that lead to what their text says, and shows every paper that it left out', async () => {
    const all = windowOf(cadence).filter((title) => title.startsWith('Agents'));
    const { parsed } = await mailDigest(cadence, [{ query: 'agents "no"', maxPapers: 3 }]);

    expect(parsed.html).toContain(`${all.length - 3} more papers matched`);
    await checkLinks(await linksOf(parsed), all);
  });

  test('with every match has no link to more', async () => {
    const day = utcDayOf(NOW);
    const { parsed } = await mailDigest(cadence, [{ query: `"${day} no 1"`, maxPapers: 10 }]);
    const found = await linksOf(parsed);

    expect(parsed.html).not.toContain('matched. ');
    expect(found.some(({ text }) => /See /.test(text))).toBe(false);
    await checkLinks(found, [`Agents ${day} no 1`]);
  });

  test('in plain text has links that lead to what their text says', async () => {
    const { parsed } = await mailDigest(cadence, [{ query: '', maxPapers: 1 }], 'text');

    expect(parsed.html).toBeUndefined();
    await checkLinks(await linksOf(parsed), windowOf(cadence));
  });

  test('has headers with the correct links', async () => {
    const { valuesOf } = await mailDigest(cadence, [{ query: '', maxPapers: 1 }]);
    const urlsOf = (name: string) =>
      [...(valuesOf(name)[0] ?? '').matchAll(/<([^>]*)>/g)].map(([, url = '']) => url);
    const ours = (name: string) => urlsOf(name).find((url) => url.startsWith('https:')) ?? '';

    expect(await readTitles(ours('list-archive'))).toEqual(
      expect.arrayContaining(titles.get(utcDayOf(NOW)) ?? []),
    );
    for (const url of urlsOf('list-help').filter((link) => !link.startsWith('mailto:'))) {
      expect((await follow(url)).body).toMatch(/subscription/i);
    }
    expect((await follow(ours('list-unsubscribe'))).body).toMatch(/<h1>[^<]*[Uu]nsubscribe/);
    expect((await web.repositories.subscribers.load('ada'))?.status).toBe('confirmed');
    const posted = await follow(ours('list-unsubscribe'), 'POST', 'List-Unsubscribe=One-Click');
    expect(posted.status).toBe(200);
    expect((await web.repositories.subscribers.load('ada'))?.status).toBe('unsubscribed');
  });
});

test('a link that its query would make too long for mail programs leads to every paper of the same days', async () => {
  const query = Array.from({ length: 40 }, () => 'агенты')
    .join(' ')
    .slice(0, 279);
  await web.repositories.papers.save(createFacts({ id: '2599.00001', title: 'Ж агенты', abstract: '' }), NOW);
  await web.repositories.papers.save(createFacts({ id: '2599.00002', title: 'Д агенты' }), NOW);
  for (const paperId of ['2599.00001', '2599.00002']) {
    await web.repositories.listings.save(createListing({ day: utcDayOf(NOW), paperId, firstSeenAt: NOW }));
  }

  const { parsed } = await mailDigest('daily', [{ query, maxPapers: 1 }]);
  const more = (await linksOf(parsed)).filter(({ text }) => text.includes('See all papers from these days'));

  expect(more).toHaveLength(2);
  for (const { href } of more) {
    expect(href.length).toBeLessThan(700);
    expect(await readTitles(href)).toEqual(expect.arrayContaining(['Ж агенты', 'Д агенты']));
  }
});

test('each section of a digest links to its own matches that are not in the mail', async () => {
  const { parsed } = await mailDigest('daily', [
    { query: 'agents', maxPapers: 1 },
    { query: 'kernels', maxPapers: 1 },
  ]);
  const more = (await anchorsOf(parsed.html ?? '')).filter(({ text }) => text.startsWith('See the'));

  const [agents = [], kernels = []] = await Promise.all(more.map(({ href }) => readTitles(href)));
  expect(agents).toHaveLength(15);
  expect(agents.every((title) => title.startsWith('Agents'))).toBe(true);
  expect(kernels).toHaveLength(15);
  expect(kernels.every((title) => title.startsWith('Kernels'))).toBe(true);
});

test('a stored query of the first language still links to its own matches', async () => {
  for (const n of [1, 2, 3]) {
    const paperId = `2599.0000${n}`;
    await web.repositories.papers.save(
      createFacts({ id: paperId, title: `C or not ${n}`, abstract: '' }),
      NOW,
    );
    await web.repositories.listings.save(createListing({ day: utcDayOf(NOW), paperId, firstSeenAt: NOW }));
  }

  const { parsed } = await mailDigest('daily', [{ query: upgradeQuery('C++ or'), maxPapers: 1 }]);

  expect(parsed.html).toContain('2 more papers matched');
  await checkLinks(
    (await linksOf(parsed)).filter(({ href }) => href.includes('q=')),
    ['C or not 1', 'C or not 2', 'C or not 3'],
  );
});

test('no link to papers identifies the reader', async () => {
  const { parsed } = await mailDigest('weekly', [{ query: 'agents', maxPapers: 1 }]);
  const papers = (await linksOf(parsed)).filter(({ href }) => href.includes('/papers/2026'));

  const [mailed = ''] = (await web.repositories.history.loadAll('ada'))[0]?.delivery?.paperIds ?? [];
  expect(new Set(papers.map(({ href }) => href))).toEqual(
    new Set([
      `https://daily.example.org/papers/2026-01-01?lists=hf-daily&q=agents&days=10&until=${NOW}&without=${mailed}`,
      'https://daily.example.org/papers/2026-01-01?lists=hf-daily&days=10',
    ]),
  );
});

/** How each kind of mail is caused. A new kind does not compile without a case here. */
const ASKED: Readonly<
  Record<AccountMailKind, { readonly known?: Partial<Subscriber>; readonly request: WebRequest }>
> = {
  confirm: { request: { kind: 'sign-up', id: 'r1', address: ADDRESS, signUp: createSignUp({ at: NOW }) } },
  'already-subscribed': {
    known: { status: 'confirmed' },
    request: { kind: 'sign-up', id: 'r1', address: ADDRESS, signUp: createSignUp({ at: NOW }) },
  },
  'manage-link': {
    known: { status: 'unsubscribed' },
    request: { kind: 'manage-link', id: 'r1', address: ADDRESS },
  },
  'data-link': {
    known: { status: 'paused' },
    request: { kind: 'data-link', id: 'r1', address: ADDRESS },
  },
  moved: { known: createMoved(), request: { kind: 'moved', id: 'r1', address: ADDRESS } },
};

describe.each(Object.entries(ASKED))('a mail of the kind %s', (kind, { known, request }) => {
  test.each(['html', 'text'] as const)(
    'as %s has links that lead to what their text says',
    async (format) => {
      const { idKey } = await web.ports.keyring.load();
      const id = toSubscriberId(ADDRESS, idKey);
      if (known)
        await web.repositories.subscribers.save(createSubscriber({ ...known, id, address: ADDRESS, format }));
      const mailer = createFakeMailer();
      const answer = await answerRequest(
        {
          ...web.ports,
          mailer,
          compose: (digest, subscriber) =>
            composeAccountMail({ kind: digest, subscriber, composedAt: NOW }, web.ports.publication, links()),
        },
        request,
      );
      expect(answer).toEqual({ kind: 'answered', mail: kind });
      const [mail] = mailer.sent;
      if (!mail) throw new Error('no mail was sent');
      const { parsed, headers } = await readMessage(mail);

      await checkLinks(await linksOf(parsed), []);
      expect(headers.filter(({ name }) => name.startsWith('list-'))).toEqual([]);
    },
  );
});
