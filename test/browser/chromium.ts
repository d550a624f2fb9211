import chromium from '@sparticuz/chromium';
import axe from 'axe-core';
import { type Browser, type Page, chromium as playwright } from 'playwright-core';
import * as z from 'zod';

/** A real Chromium, out of a package: nothing is downloaded or installed on the system. */
export async function launchChromium(): Promise<Browser> {
  return playwright.launch({
    // One process for all ends with the first tab that closes, and an attack is not to be given a weaker browser.
    args: chromium.args.filter((arg) => !['--single-process', '--disable-web-security'].includes(arg)),
    executablePath: await chromium.executablePath(),
    headless: true,
  });
}

const axeAnswerSchema = z.object({
  passes: z.array(z.unknown()).min(1),
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })).min(1) })),
});

/** The rules of accessibility that a page breaks, each with the first element that does. */
export async function findAccessibilityFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = axeAnswerSchema.parse(await page.evaluate('axe.run({ iframes: false })'));
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}
