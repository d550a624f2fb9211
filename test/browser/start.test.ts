import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { findAccessibilityFaults, launchChromium } from './chromium.ts';
import { killCopies, openMailTo, spawnStart, startCopy } from './copy.ts';

const DEMO = 'demo@readers.example';

let browser: Browser;
let folder: string;

beforeAll(async () => {
  browser = await launchChromium();
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-start-'));
}, 60_000);

afterAll(async () => {
  killCopies();
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a copy on one machine', () => {
  test('mails its demo subscriber, shows its papers, and keeps everything over a restart', async () => {
    const copy = await startCopy(folder);
    const page = await browser.newPage();

    await openMailTo(page, copy.url, DEMO);
    const mail = page.frameLocator('main > iframe');
    expect(await mail.locator('body').innerText()).toContain('Hugging Face Daily Papers');
    await page.goto(copy.url);
    expect(await page.locator('main').innerText()).toContain('The bundled sample');
    await page.click('text=Read the newest papers');
    expect(await page.locator('ol.cards h2').count()).toBeGreaterThan(10);

    expect(await copy.stop()).toBe(0);
    const again = await startCopy(folder);
    await page.goto(`${again.url}/inbox`);
    expect(await page.locator('ol.messages li').count()).toBe(1);
    expect(await again.stop()).toBe(0);
    await page.close();
  }, 90_000);

  test('says of whom it cannot send a digest, and why', async () => {
    const copy = await startCopy(folder, '--fresh');
    const page = await browser.newPage();
    await page.goto(copy.url);

    await page.fill('#subscriber', 'nobody@readers.example');
    await page.click('text=Send now');

    expect(await page.locator('h1').innerText()).toBe('Nobody has this address');
    expect(await copy.stop()).toBe(0);
    await page.close();
  }, 60_000);

  test('tells of a port or a folder that is taken, and how to choose another', async () => {
    const copy = await startCopy(folder, '--fresh');

    const { child, output } = spawnStart(folder, '--port', copy.port);
    await once(child, 'exit');

    expect(output.text).toContain(`port ${copy.port} is taken`);
    expect(output.text).toContain(`--port ${Number(copy.port) + 1}`);
    expect(child.exitCode).toBe(2);

    const second = spawnStart(folder, '--port', '0', '--fresh');
    await once(second.child, 'exit');

    expect(second.output.text).toContain(`${folder} is in use by process`);
    expect(second.child.exitCode).toBe(2);
    expect(await copy.stop()).toBe(0);
  }, 60_000);

  test.each(['light', 'dark'] as const)(
    'its pages are accessible when they are %s',
    async (colorScheme) => {
      const copy = await startCopy(folder, '--fresh');
      // The checker is a script, which the policy rightly forbids.
      const context = await browser.newContext({ colorScheme, bypassCSP: true });
      const page = await context.newPage();
      await openMailTo(page, copy.url, DEMO);
      const day = new Date().toISOString().slice(0, 10);

      for (const path of ['/', `/papers/${day}`, '/inbox']) {
        await page.goto(copy.url + path);
        expect({ path, faults: await findAccessibilityFaults(page) }).toEqual({ path, faults: [] });
      }

      await context.close();
      expect(await copy.stop()).toBe(0);
    },
    60_000,
  );
});
