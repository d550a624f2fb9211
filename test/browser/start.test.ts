import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { findAccessibilityFaults, launchChromium } from './chromium.ts';

const ROOT = join(import.meta.dirname, '../..');
const START_TIMEOUT_MS = 20_000;

let browser: Browser;
let folder: string;

interface Copy {
  readonly url: string;
  readonly port: string;
  stop(): Promise<number | null>;
}

const running = new Set<ChildProcess>();

function spawnStart(...args: readonly string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'local/start.ts', '--folder', folder, ...args], {
    cwd: ROOT,
  });
  running.add(child);
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output.text += chunk.toString();
    });
  }
  return { child, output };
}

async function startCopy(...args: readonly string[]): Promise<Copy> {
  const { child, output } = spawnStart('--sample', ...args);
  for (const start = Date.now(); Date.now() - start < START_TIMEOUT_MS; ) {
    const url = /Broadsheet runs at (\S+)/.exec(output.text)?.[1];
    if (url) {
      const stop = async () => {
        child.kill('SIGINT');
        await once(child, 'exit');
        if (child.exitCode !== 0) throw new Error(`did not stop in order: ${output.text}`);
        return child.exitCode;
      };
      return { url, port: new URL(url).port, stop };
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`did not start: ${output.text}`);
}

/** Loads the front page again until it shows a mail, as a person would. */
async function waitForFirstMail(page: Page, url: string): Promise<void> {
  const mail = page.locator('a[href^="/inbox/"]').first();
  for (const start = Date.now(); Date.now() - start < START_TIMEOUT_MS; ) {
    await page.goto(url);
    if (await mail.isVisible()) return;
    await page.waitForTimeout(250);
  }
  throw new Error(`no digest within ${START_TIMEOUT_MS} ms`);
}

beforeAll(async () => {
  browser = await launchChromium();
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-start-'));
}, 60_000);

afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a copy on one machine', () => {
  test('mails its demo subscriber, adds another by the form, and keeps everything over a restart', async () => {
    const copy = await startCopy('--port', '0');
    const page = await browser.newPage();

    await waitForFirstMail(page, copy.url);
    expect(await page.locator('main').innerText()).toContain('The bundled sample');
    expect(await page.locator('ol.papers .title').count()).toBeGreaterThan(10);

    await page.fill('#address', 'reader@readers.example');
    await page.fill('#query', '"language models"');
    await page.selectOption('#cadence', 'weekly');
    await page.selectOption('#timeZone', 'Asia/Tokyo');
    await page.click('button[type=submit]');
    await page.waitForURL('**/inbox/*');
    const mail = page.frameLocator('main > iframe');
    expect(await page.locator('main dl').innerText()).toContain('reader@readers.example');
    expect(await mail.locator('body').innerText()).toContain('Hugging Face Daily Papers');

    const unsubscribeUrl = await mail.locator('a[href*="/unsubscribe/"]').first().getAttribute('href');
    await page.goto(unsubscribeUrl ?? '');
    await page.click('button[type=submit]');
    expect(await page.locator('h1').innerText()).toBe('You are unsubscribed');

    expect(await copy.stop()).toBe(0);
    const again = await startCopy('--port', '0');
    await page.goto(`${again.url}/inbox`);
    expect(await page.locator('ol.messages li').count()).toBe(2);
    expect(await again.stop()).toBe(0);
    await page.close();
  }, 90_000);

  test('says what is wrong with the form and keeps what was typed', async () => {
    const copy = await startCopy('--port', '0', '--fresh');
    const page = await browser.newPage();
    await page.goto(copy.url);

    await page.fill('#address', 'reader@readers.example');
    await page.fill('#query', 'vision OR audio');
    await page.click('button[type=submit]');

    expect(await page.locator('[role=alert]').innerText()).toContain('query: at character 8');
    expect(await page.inputValue('#query')).toBe('vision OR audio');
    expect(await page.inputValue('#address')).toBe('reader@readers.example');
    expect(await copy.stop()).toBe(0);
    await page.close();
  }, 60_000);

  test('tells of a port or a folder that is taken, and how to choose another', async () => {
    const copy = await startCopy('--port', '0', '--fresh');

    const { child, output } = spawnStart('--port', copy.port);
    await once(child, 'exit');

    expect(output.text).toContain(`port ${copy.port} is taken`);
    expect(output.text).toContain(`--port ${Number(copy.port) + 1}`);
    expect(child.exitCode).toBe(2);

    const second = spawnStart('--port', '0', '--fresh');
    await once(second.child, 'exit');

    expect(second.output.text).toContain(`${folder} is in use by process`);
    expect(second.child.exitCode).toBe(2);
    expect(await copy.stop()).toBe(0);
  }, 60_000);

  test.each(['light', 'dark'] as const)(
    'its pages are accessible when they are %s',
    async (colorScheme) => {
      const copy = await startCopy('--port', '0', '--fresh');
      // The checker is a script, which the policy rightly forbids.
      const context = await browser.newContext({ colorScheme, bypassCSP: true });
      const page = await context.newPage();
      await waitForFirstMail(page, copy.url);
      const day = new Date().toISOString().slice(0, 10);

      for (const path of ['/', `/papers/${day}`, '/inbox', '/unsubscribe/none', '/manage/none']) {
        await page.goto(copy.url + path);
        expect({ path, faults: await findAccessibilityFaults(page) }).toEqual({ path, faults: [] });
      }

      await context.close();
      expect(await copy.stop()).toBe(0);
    },
    60_000,
  );
});
