import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { FIT_SCRIPT } from '../../local/ses/inbox/pages.tsx';
import { startSes, toHtmlMessage } from '../local/ses/ses-fixture.ts';
import {
  findAccessibilityFaults,
  findZoomFaults,
  launchChromium,
  openCheckableContext,
  openContext,
} from './chromium.ts';

/** Everything in this mail tries to leave a mark: a request to the inbox's own server, or a title. */
const ATTACK = [
  '<!doctype html><html><head><script>document.title="pwned";fetch("/pwned")</script></head><body>',
  '<p id="shown" style="height: 123px">Shown</p>',
  '<img src="data:image/png;base64,x" onerror="top.document.title=\'pwned\';fetch(\'/pwned\')">',
  '<svg onload="fetch(\'/pwned\')"></svg><meta http-equiv="refresh" content="0;url=/pwned">',
  '<form action="/pwned" method="post"><input autofocus onfocus="this.form.submit()"></form>',
  '<iframe src="/pwned"></iframe><object data="/pwned"></object><link rel="stylesheet" href="/pwned">',
  '</iframe><script>document.title="pwned"</script>"><script>document.title="pwned"</script>',
  '<a id="out" href="https://example.invalid/paper">Read</a></body></html>',
].join('\n');

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
});

describe('the inbox in a browser', () => {
  test('shows a hostile mail, styled, and runs nothing of it', async () => {
    const ses = await startSes();
    const messageId = await ses.send({
      RawMessage: { Data: toHtmlMessage('<script>document.title="pwned"</script>', ATTACK) },
    });
    const context = await openContext(browser);
    const page = await context.newPage();
    const answered: string[] = [];
    page.on('response', (response) => answered.push(new URL(response.url()).pathname));

    await page.goto(`${ses.server.inboxUrl}/${messageId}`, { waitUntil: 'networkidle' });

    const mail = page.frameLocator('main > iframe');
    expect(await mail.locator('#shown').textContent()).toBe('Shown');
    expect(await mail.locator('#shown').boundingBox()).toMatchObject({ height: 123 });
    expect(await page.title()).toBe('<script>document.title="pwned"</script> · Broadsheet inbox');
    expect(await page.locator('script').allTextContents()).toEqual([FIT_SCRIPT]);
    expect(await page.locator('iframe').count()).toBe(1);
    expect(answered).toEqual([`/inbox/${messageId}`]);
    await context.close();
  });

  test.each([360, 1280])('shows a long mail at its full height, %s pixels wide', async (width) => {
    const ses = await startSes();
    const long = `<p id="first">${'A sentence of an ordinary length. '.repeat(400)}</p><p id="last">The end</p>`;
    const messageId = await ses.send({ RawMessage: { Data: toHtmlMessage('Long', long) } });
    const page = await browser.newPage({ viewport: { width, height: 700 } });
    await page.goto(`${ses.server.inboxUrl}/${messageId}`);

    const frame = page.locator('main > iframe');
    const { height: frameHeight } = (await frame.boundingBox()) ?? { height: 0 };
    const mail = page.frameLocator('main > iframe').locator('html');
    const mailHeight = await mail.evaluate((element) => element.scrollHeight);
    expect(mailHeight).toBeGreaterThan(700);
    expect(frameHeight).toBe(mailHeight + 2);
    await page.close();
  });

  test('fits on a phone with text twice as large', async () => {
    const ses = await startSes();
    const page = await browser.newPage({ viewport: { width: 360, height: 700 } });
    await page.goto(ses.server.inboxUrl);

    expect(await findZoomFaults(page)).toEqual([]);
    await page.close();
  });

  test('would run the hostile mail on an unprotected page', async () => {
    const ses = await startSes();
    const context = await openContext(browser);
    const page = await context.newPage();
    await page.route('**/control', (route) => route.fulfill({ body: ATTACK, contentType: 'text/html' }));

    const [answer] = await Promise.all([
      page.waitForResponse('**/pwned'),
      page.goto(`${new URL(ses.server.url).origin}/control`),
    ]);

    expect(answer.status()).toBe(404);
    await context.close();
  });

  test('opens a link of a mail in a new tab', async () => {
    const ses = await startSes();
    const messageId = await ses.send({ RawMessage: { Data: toHtmlMessage('Links', ATTACK) } });
    const context = await openContext(browser);
    await context.route('https://example.invalid/**', (route) => route.fulfill({ body: 'the paper' }));
    const page = await context.newPage();
    await page.goto(`${ses.server.inboxUrl}/${messageId}`);

    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      page.frameLocator('main > iframe').locator('#out').click(),
    ]);
    await popup.waitForURL('https://example.invalid/paper');

    expect(page.url()).toBe(`${ses.server.inboxUrl}/${messageId}`);
    await context.close();
  });

  test('has accessible pages', async () => {
    const ses = await startSes();
    const messageId = await ses.send({ RawMessage: { Data: toHtmlMessage('Five papers', '<p>Hello') } });
    const context = await openCheckableContext(browser);
    const page = await context.newPage();

    for (const path of [
      '',
      '?to=nobody',
      `/${messageId}`,
      `/${messageId}/text`,
      `/${messageId}/headers`,
      '/none',
    ]) {
      await page.goto(`${ses.server.inboxUrl}${path}`);
      expect({ path, faults: await findAccessibilityFaults(page) }).toEqual({ path, faults: [] });
    }

    await context.close();
  });
});
