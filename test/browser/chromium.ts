import chromium from '@sparticuz/chromium';
import axe from 'axe-core';
import { type Browser, type BrowserContext, type Page, chromium as playwright } from 'playwright-core';
import * as z from 'zod';

/** A real Chromium, out of a package: nothing is downloaded or installed on the system. */
export async function launchChromium(): Promise<Browser> {
  // Nothing here draws in WebGL, which software would have to imitate.
  chromium.setGraphicsMode = false;
  return playwright.launch({
    // One process for all ends with the first tab that closes, and an attack is not to be given a weaker browser.
    args: chromium.args.filter((arg) => !['--single-process', '--disable-web-security'].includes(arg)),
    executablePath: await chromium.executablePath(),
    headless: true,
    timeout: 0,
  });
}

/** A context whose pages wait as long as the test may take: a busy machine is slow. */
export async function openContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext();
  context.setDefaultTimeout(0);
  return context;
}

/** A context in which accessibility can be checked: the checker is a script, which the policy of a page rightly forbids. */
export async function openCheckableContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({ bypassCSP: true });
  context.setDefaultTimeout(0);
  return context;
}

const axeAnswerSchema = z.object({
  passes: z.array(z.unknown()).min(1),
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })).min(1) })),
});

/** The rules of accessibility that a page breaks, by day or by night, each with the first element that does. */
export async function findAccessibilityFaults(page: Page): Promise<readonly string[]> {
  const faults: string[] = [];
  await page.evaluate(axe.source);
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = axeAnswerSchema.parse(await page.evaluate('axe.run({ iframes: false })'));
    faults.push(...violations.map(({ id, nodes }) => `${id} (${colorScheme}): ${nodes[0]?.html}`));
  }
  return faults;
}
