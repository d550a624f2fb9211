import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { findAccessibilityFaults, launchChromium, openCheckableContext, openContext } from './chromium.ts';
import { killCopies, openMailTo, runStart, startCopy } from './copy.ts';

const DEMO = 'demo@readers.example';

let browser: Browser;
let folder: string;

beforeAll(async () => {
  browser = await launchChromium();
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-start-'));
});

afterAll(async () => {
  killCopies();
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a copy on one machine', () => {
  test('mails its demo subscriber, shows its papers, and keeps everything across a restart', async () => {
    const copy = await startCopy(folder);
    const context = await openCheckableContext(browser);
    const page = await context.newPage();

    await openMailTo(page, copy.url, DEMO);
    expect(copy.output()).toMatch(
      /^\s*Broadsheet runs at (\S+)\nIts inbox is at \1\/inbox\nIts data is in .*\n\nThese are bundled samples, because of --sample\..*\nThe papers of Hugging Face/,
    );
    expect(copy.output()).toContain(`mail to ${DEMO}: ${page.url()}\n`);
    const mail = page.frameLocator('main > iframe');
    expect(await mail.locator('body').innerText()).toContain('Hugging Face Daily Papers');
    await page.goto(copy.url);
    expect(await page.locator('main').innerText()).toContain('The papers of arXiv are a sample');
    expect(await page.locator('ol.cards h2').count()).toBe(10);
    await page.click('text=/^All .* from this day$/');
    expect(await page.locator('ol.cards h2').count()).toBeGreaterThan(10);
    for (const path of ['/inbox', '/send-now']) {
      await page.goto(copy.url + path);
      expect({ path, faults: await findAccessibilityFaults(page) }).toEqual({ path, faults: [] });
    }

    expect(await copy.stop()).toBe(0);
    const again = await startCopy(folder);
    await page.goto(`${again.url}/inbox`);
    expect(await page.locator('ol.messages li').count()).toBe(1);
    again.closeOutput();
    expect(await again.stop()).toBe(0);
    await context.close();
  });

  test('explains an unknown subscriber, and a port or folder in use', async () => {
    const copy = await startCopy(folder, '--fresh');
    const context = await openContext(browser);
    const page = await context.newPage();
    await page.goto(`${copy.url}/send-now`);

    await page.fill('#subscriber', 'nobody@readers.example');
    await page.click('text=Send now');

    expect(await page.locator('h1').innerText()).toBe('No subscriber has this address');
    await context.close();

    const [samePort, sameFolder] = await Promise.all([
      runStart(join(folder, 'other'), '--port', copy.port),
      runStart(folder, '--port', '0', '--fresh'),
    ]);

    expect(samePort).toEqual({ code: 2, text: expect.stringContaining(`Port ${copy.port} is in use`) });
    expect(samePort.text).toContain(`--port ${Number(copy.port) + 1}`);
    expect(sameFolder).toEqual({
      code: 2,
      text: expect.stringContaining(`${folder} is in use by process`),
    });
    expect(await copy.stop()).toBe(0);
  });
});
