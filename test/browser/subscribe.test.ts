import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { findAccessibilityFaults, launchChromium } from './chromium.ts';
import { type Copy, killCopies, openMailTo, startCopy } from './copy.ts';

/** What the front page asks of a form: that it is not sent at once. */
const AS_A_PERSON_MS = 3_100;

let browser: Browser;
let folder: string;
let copy: Copy;

beforeAll(async () => {
  browser = await launchChromium();
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-subscribe-'));
  copy = await startCopy(folder);
}, 60_000);

afterAll(async () => {
  expect(await copy?.stop()).toBe(0);
  killCopies();
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

interface Look {
  readonly colorScheme: 'light' | 'dark';
  readonly width: number;
}

const looks: readonly Look[] = [
  { colorScheme: 'light', width: 360 },
  { colorScheme: 'dark', width: 360 },
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 1280 },
];

/** A page that is held against the rules of accessibility, and against its width, wherever `look` is called. */
async function openPage({ colorScheme, width }: Look) {
  // The checker is a script, which the policy rightly forbids.
  const context = await browser.newContext({
    colorScheme,
    viewport: { width, height: 800 },
    bypassCSP: true,
  });
  const page = await context.newPage();
  const look = async (heading: string) => {
    expect(await page.locator('h1').innerText()).toBe(heading);
    expect({ heading, faults: await findAccessibilityFaults(page) }).toEqual({ heading, faults: [] });
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect({ heading, overflow }).toEqual({ heading, overflow: 0 });
  };
  return { page, look, close: () => context.close() };
}

/** Signs up on the front page, and confirms by the mail. */
async function signUp(page: Page, look: (heading: string) => Promise<void>, address: string) {
  await page.goto(copy.url);
  await look('New papers, by mail');
  await page.fill('#address', address);
  await page.fill('#query', '"language models"');
  await page.selectOption('#timeZone', 'Asia/Tokyo');
  await page.waitForTimeout(AS_A_PERSON_MS);
  await page.click('text="Sign up" >> nth=0');
  await look('Check your mail');

  await openMailTo(page, copy.url, address, 'Confirm');
  const link = page.frameLocator('main > iframe').locator('a[href*="/confirm/"]').first();
  await page.goto((await link.getAttribute('href')) ?? '');
  await look('Confirm your subscription');
  await page.click('text=Yes, subscribe me');
  await look('You are subscribed');
}

async function countMails(page: Page, address: string): Promise<number> {
  await page.goto(`${copy.url}/inbox`);
  return page.locator('ol.messages li', { hasText: address }).count();
}

async function sendNow(page: Page, address: string) {
  await page.goto(copy.url);
  await page.fill('#subscriber', address);
  await page.click('text=Send now');
}

describe('a reader', () => {
  test.each(looks)(
    'signs up, confirms, chooses, gets a digest and leaves by its link: $colorScheme, $width px',
    async (how) => {
      const address = `ada-${how.colorScheme}-${how.width}@readers.example`;
      const { page, look, close } = await openPage(how);
      await signUp(page, look, address);

      await page.click('text=Change it, add to it');
      await look('Your subscription');
      await page.click('text=Change or preview subscription 1');
      await page.click('text=Preview');
      await look('Your subscription');
      const before = await page.locator('#preview').innerText();
      await page.fill('#query', 'reasoning');
      await page.click('text=Preview');
      const after = await page.locator('#preview').innerText();
      expect([before, after]).toEqual([
        expect.stringMatching(/papers? of the last 7 days/),
        expect.stringContaining('“reasoning”'),
      ]);
      expect(after).not.toBe(before);
      await page.click('text="Save"');
      expect(await page.locator('[role=status]').innerText()).toBe('Saved.');

      await sendNow(page, address);
      await page.waitForURL('**/inbox/*');
      const digest = page.frameLocator('main > iframe');
      expect(await digest.locator('body').innerText()).toContain('reasoning');

      // Another cadence has a digest of its own, which would come if leaving did not hold.
      const manage = await digest.locator('a[href*="/manage/"]').first().getAttribute('href');
      const unsubscribe = await digest.locator('a[href*="/unsubscribe/"]').first().getAttribute('href');
      await page.goto(`${manage}?edit=s1`);
      await page.selectOption('#cadence', 'weekly');
      await page.click('text="Save"');
      await page.goto(unsubscribe ?? '');
      await look('Unsubscribe');
      await page.click('button.main');
      await look('You are unsubscribed');

      await sendNow(page, address);
      expect(await page.locator('main').innerText()).toContain('The subscriber is not mailed: unsubscribed.');
      expect(await countMails(page, address)).toBe(2);

      await page.goto(manage ?? '');
      await page.check('[name=sure]');
      await page.click('text=Erase everything');
      await look('Erased');
      await close();
    },
    60_000,
  );

  test('leaves by the one click of a mail program, and gets nothing more', async () => {
    const address = 'ben@readers.example';
    const { page, look, close } = await openPage({ colorScheme: 'light', width: 360 });
    await signUp(page, look, address);
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
  }, 60_000);

  test('sees pages that are accessible wherever the links lead', async () => {
    for (const how of looks) {
      const { page, look, close } = await openPage(how);
      for (const [path, heading] of [
        ['/privacy', 'What is kept about you'],
        ['/manage-link', 'Manage your subscription'],
        ['/docs', 'HTTP API'],
        ['/unsubscribe/none', 'This link is not valid'],
        ['/nowhere', 'There is no such page'],
      ] as const) {
        await page.goto(copy.url + path);
        await look(heading);
      }
      await close();
    }
  }, 60_000);

  test('is told what is wrong with the form, and finds what was typed', async () => {
    const { page, look, close } = await openPage({ colorScheme: 'light', width: 360 });
    await page.goto(copy.url);
    await page.fill('#address', 'reader@readers.example');
    await page.fill('#query', 'vision OR audio');
    await page.click('text="Sign up" >> nth=0');

    await look('New papers, by mail');
    expect(await page.locator('[role=alert]').innerText()).toContain('Only papers with: at character 8');
    expect(await page.inputValue('#query')).toBe('vision OR audio');
    expect(await page.inputValue('#address')).toBe('reader@readers.example');
    await close();
  }, 60_000);
});
