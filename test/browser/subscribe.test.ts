import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { arxivCategoryIds } from '../../shared/domain/lists/arxiv-categories.ts';
import { periodOf } from '../../shared/domain/subscribers/cadence.ts';
import { createFakeWeb } from '../fakes/web.ts';
import { createReader } from '../shared/web/reader.ts';
import {
  findAccessibilityFaults,
  findLayoutFaults,
  findZoomFaults,
  launchChromium,
  openCheckableContext,
} from './chromium.ts';
import { type Copy, killCopies, openMailTo, startCopy } from './copy.ts';

/** The form refuses to be sent immediately. */
const AS_A_PERSON_MS = 3_100;

const DEMO = 'demo@readers.example';

let browser: Browser;
let folder: string;
let copy: Copy;

beforeAll(async () => {
  browser = await launchChromium();
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-subscribe-'));
  copy = await startCopy(folder);
});

afterAll(async () => {
  expect(await copy?.stop()).toBe(0);
  killCopies();
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/** The widths of a phone and of a desktop. */
const WIDTHS = [360, 1280];

/** Returns a page and `look`, which checks its heading, accessibility and layout at each width. */
async function openPage() {
  const context = await openCheckableContext(browser);
  const page = await context.newPage();
  const look = async (heading: string) => {
    expect(await page.locator('h1').innerText()).toBe(heading);
    expect({ heading, faults: await findAccessibilityFaults(page) }).toEqual({ heading, faults: [] });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      expect({ heading, width, faults: await findZoomFaults(page) }).toEqual({ heading, width, faults: [] });
      expect({ heading, width, faults: await findLayoutFaults(page) }).toEqual({
        heading,
        width,
        faults: [],
      });
    }
  };
  return { page, look, close: () => context.close() };
}

/**
 * More papers of the sample match than a digest holds. Those of Hugging Face are of today and yesterday. Those of arXiv may be too old for a
 * digest, such as after a holiday.
 */
const QUERY = 'model list:hf-daily';

/** Walks from the front page to both pages of a day, a paper, its author and a search. Returns how many papers the search finds. */
async function walkToSearch(page: Page, look: (heading: string) => Promise<void>): Promise<number> {
  // The demo subscriber's mail is sent when the sample is stored.
  await openMailTo(page, copy.url, DEMO);
  await page.goto(copy.url);
  await look('Today’s papers');
  await page.click('text=/^All .* from this day$/');
  const day = await page.locator('h1').innerText();
  expect(day).toMatch(/^[A-Z][a-z]+day \d+ [A-Z][a-z]+ \d{4}$/);
  await look(day);
  await page.click('text=Page 2');
  // On a day of arXiv the sample has more pages.
  await page.getByText(/, page 2 of \d+$/).waitFor();
  await look(day);
  await page.click('text=Page 1');
  const first = page.locator('ol.cards h2 a').first();
  const title = await first.innerText();
  await first.click();
  await look(title);
  const author = page.locator('a[href^="/authors/"]').first();
  const name = await author.innerText();
  await author.click();
  await look(name);
  expect(await titlesOn(page)).toContain(title);
  await page.click('nav >> text=Search');
  await page.fill('#q', QUERY);
  await page.press('#q', 'Enter');
  await page.locator('ol.cards').waitFor();
  await look('Search');
  return Number(/(\d+) papers match/.exec(await page.locator('main').innerText())?.[1]);
}

const titlesOn = (page: Page) => page.locator('ol.cards h2').allInnerTexts();

/** Returns the titles on a page of papers and the pages that follow it. */
async function readTitles(page: Page, look: (heading: string) => Promise<void>): Promise<readonly string[]> {
  await look(await page.locator('h1').innerText());
  const titles = await titlesOn(page);
  const next = page.locator('nav[aria-label=Pages] a[rel=next]');
  while ((await next.count()) > 0) {
    await next.click();
    titles.push(...(await titlesOn(page)));
  }
  return titles;
}

async function confirm(page: Page, address: string, look: (heading: string) => Promise<void>) {
  await openMailTo(page, copy.url, address, 'Confirm');
  const link = page.frameLocator('main > iframe').locator('a[href*="/confirm/"]').first();
  await page.goto((await link.getAttribute('href')) ?? '');
  await look('Confirm your subscription');
  await page.click('text=Change your choices first');
  await look('Confirm your subscription');
  await page.click('text=Yes, subscribe me');
  await look('You are subscribed');
}

async function countMails(page: Page, address: string): Promise<number> {
  await page.goto(`${copy.url}/inbox`);
  return page.locator('ol.messages li', { hasText: address }).count();
}

async function sendNow(page: Page, address: string) {
  await page.goto(`${copy.url}/send-now`);
  await page.fill('#subscriber', address);
  await page.click('text=Send now');
}

describe('a reader', () => {
  test('finds papers, subscribes to a search, confirms, chooses, gets a digest, reads the others and unsubscribes', async () => {
    const address = 'ada@readers.example';
    const { page, look, close } = await openPage();
    const found = await walkToSearch(page, look);
    await page.fill('#address', address);
    await page.click('text="Subscribe"');
    await look('Check your email');
    await confirm(page, address, look);

    await page.click('text=Change or preview your subscriptions');
    await look('Your subscriptions');
    await page.click('a[href="?edit=address#address"]');
    await look('Your subscriptions');
    await page.click('a[href="?edit=delivery#when"]');
    expect(await findLayoutFaults(page)).toEqual([]);
    await page.click('a[href^="?edit=s1"]');
    await page.click('text=Preview');
    await look('Your subscriptions');
    const before = await page.locator('#preview').innerText();
    await page.fill('#query', 'reasoning');
    await page.click('text=Preview');
    const after = await page.locator('#preview').innerText();
    expect([before, after]).toEqual([
      expect.stringMatching(/papers? from the last 7 days/),
      expect.stringContaining('“reasoning”'),
    ]);
    expect(after).not.toBe(before);
    await page.fill('#query', QUERY);
    await page.click('text="Save"');
    expect(await page.locator('[role=status]').innerText()).toBe('Saved.');

    await sendNow(page, address);
    await page.waitForURL('**/inbox/*');
    const digest = page.frameLocator('main > iframe');
    const mailed = await digest.locator('h3').allInnerTexts();
    const more = digest.locator('a', { hasText: 'See them on the web' });
    const words = await more.locator('xpath=..').innerText();

    const mute = await digest.locator('a[href*="/mute/"]').getAttribute('href');
    const manage = await digest.locator('a[href*="/manage/"]').first().getAttribute('href');
    const unsubscribe = await digest.locator('a[href*="/unsubscribe/"]').first().getAttribute('href');
    await page.goto((await more.getAttribute('href')) ?? '');
    const others = await readTitles(page, look);
    expect(words).toBe(`${others.length} more papers matched. See them on the web`);
    expect(mailed).toHaveLength(10);
    expect(new Set([...mailed, ...others]).size).toBe(found);
    expect(mailed.length + others.length).toBe(found);
    await sendNow(page, address);
    await look('Today’s digest was already sent');
    await page.goto(mute ?? '');
    await look('Mute a paper or an author');
    await page.locator('a[href^="?paper="]').first().click();
    await look('Mute this paper or an author');
    await page.click('text="Mute this paper"');
    expect(await page.locator('[role=status]').innerText()).toContain('This paper is muted.');
    await page.click('text="Mute this author"');
    await look('Mute this paper or an author');
    await page.goto(`${manage}?edit=muted`);
    await look('Your subscriptions');
    await page.locator('button[name="unmute-paper"]').click();
    expect(await page.locator('[role=status]').innerText()).toBe('The paper is no longer muted.');

    // Another cadence has its own digest, which would be sent if unsubscribing had no effect.
    await page.goto(`${manage}?edit=s1`);
    await page.selectOption('#cadence', 'weekly');
    await page.click('text="Save"');
    await page.goto(unsubscribe ?? '');
    await look('Unsubscribe');
    await page.click('button.main');
    await look('You are unsubscribed');

    await sendNow(page, address);
    expect(await page.locator('main').innerText()).toContain('This subscriber has unsubscribed.');
    expect(await countMails(page, address)).toBe(2);

    await page.goto(manage ?? '');
    await look('Your subscriptions');
    await page.click('text=Send me a data link');
    expect(await page.locator('[role=status]').innerText()).toContain('An email with a data link');
    await openMailTo(page, copy.url, address, 'Your data');
    const fresh = page.frameLocator('main > iframe').locator('a[href*="/your-data/"]').first();
    await page.goto((await fresh.getAttribute('href')) ?? '');
    await look('Your data');
    await page.check('[name=sure]');
    await page.getByRole('button', { name: 'Erase everything' }).click();
    await look('Your data is erased');
    await close();
  });

  test('unsubscribes with the one click of a mail program, and gets nothing more', async () => {
    const address = 'ben@readers.example';
    const { page, close } = await openPage();
    const json = {
      address,
      subscription: { lists: ['hf-daily'], query: '', cadence: 'daily', maxPapers: 10 },
    };
    const signUpAnswer = await fetch(`${copy.url}/v1/sign-ups`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(json),
    });
    expect(signUpAnswer.status).toBe(202);
    await confirm(page, address, (heading) => page.locator('h1', { hasText: heading }).waitFor());
    await sendNow(page, address);
    await page.waitForURL('**/inbox/*');
    const raw = await (await fetch(`${page.url()}/raw`)).text();
    const headers = raw.slice(0, raw.indexOf('\r\n\r\n')).replaceAll(/\r\n[ \t]+/g, ' ');
    const [, link = ''] = /^List-Unsubscribe: <([^>]+)>/m.exec(headers) ?? [];
    expect(headers).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m);

    const answer = await fetch(link, {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
      redirect: 'error',
    });

    expect(answer.status).toBe(200);
    await sendNow(page, address);
    expect(await countMails(page, address)).toBe(2);
    await close();
  });

  test('sees accessible pages wherever the links lead', async () => {
    const { page, look, close } = await openPage();
    for (const [path, heading] of [
      ['/privacy', 'What we keep about you'],
      ['/about/trending', 'How papers are sorted'],
      ['/manage-link', 'Manage your subscriptions'],
      ['/docs', 'HTTP API'],
      ['/status', 'Status of the lists'],
      ['/unsubscribe/none', 'This link is not valid'],
      ['/nowhere', 'Page not found'],
    ] as const) {
      await page.goto(copy.url + path);
      await look(heading);
    }
    await close();
  });

  test('gets papers for each example of the reference and of the documentation', async () => {
    const { page, close } = await openPage();
    await openMailTo(page, copy.url, DEMO);
    await page.goto(`${copy.url}/docs`);
    const reference = await page.locator('pre', { hasText: /^curl / }).allInnerTexts();
    const document = await readFile(join(import.meta.dirname, '../../docs/http-api.md'), 'utf8');
    const read = async (path: string) => {
      const answer = await fetch(copy.url + path);
      return {
        status: answer.status,
        json: (await answer.json()) as { papers?: { listedOn: string }[] },
      };
    };
    const { listedOn = '' } = (await read('/v1/papers?list=hf-daily')).json.papers?.[0] ?? {};
    const examples = [...reference, document]
      .join('\n')
      .replace('$(date -u +%F)', listedOn)
      .replace('$(date -u +%G-W%V)', periodOf('weekly', listedOn))
      .matchAll(/^curl ['"]?\S*?(\/v1\/[^\s'"]+)/gm);

    const answers = [];
    for (const [, path = ''] of examples) {
      const { status, json } = await read(path);
      answers.push({ path, status, isEmpty: json.papers?.length === 0 });
    }
    expect(answers.length).toBeGreaterThan(10);
    expect(answers).toEqual(answers.map(({ path }) => ({ path, status: 200, isEmpty: false })));
    await close();
  });

  test('sees accessible forms with every list of arXiv: closed, found by words, and refused', async () => {
    const { page, look, close } = await openPage();
    const lists = ['hf-daily', 'feed/Distill', ...arxivCategoryIds.map((id) => `arxiv/${id}`)];
    const { read } = createReader(createFakeWeb({ lists }));
    const forms = [undefined, { find: 'vision', action: 'find' }, { lists, action: 'save' }];
    for (const form of forms) {
      await page.setContent((await read('/sign-up', form)).html);
      await look('New papers, by email');
    }
    await close();
  });

  test('sees what is wrong with the form, keeps the typed values, and signs up', async () => {
    const { page, look, close } = await openPage();
    await page.goto(`${copy.url}/sign-up`);
    await page.click('text=More ways to search');
    await page.fill('#address', 'reader@readers.example');
    await page.fill('#query', 'vision or audio');
    await page.click('button.main');

    await look('New papers, by email');
    expect(await page.locator('[role=alert]').innerText()).toContain(
      'Keywords, at character 8: "or" is not in capitals. Write OR in capitals.',
    );
    expect(await page.inputValue('#query')).toBe('vision or audio');
    expect(await page.inputValue('#address')).toBe('reader@readers.example');
    await page.fill('#query', '"language models"');
    await page.selectOption('#timeZone', 'Asia/Tokyo');
    await page.waitForTimeout(AS_A_PERSON_MS);
    await page.click('button.main');
    await look('Check your email');
    await close();
  });
});
