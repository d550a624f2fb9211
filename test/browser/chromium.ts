import chromium from '@sparticuz/chromium';
import axe from 'axe-core';
import { type Browser, type BrowserContext, type Page, chromium as playwright } from 'playwright-core';
import * as z from 'zod';

/** A real Chromium from an npm package. Nothing is downloaded or installed on the system. */
export async function launchChromium(): Promise<Browser> {
  // The pages use no WebGL, which would be emulated in software.
  chromium.setGraphicsMode = false;
  for (;;) {
    try {
      return await launch();
    } catch (error) {
      // Another worker still unpacks the same file.
      if (!(error instanceof Error && error.message.includes('ETXTBSY'))) throw error;
      await new Promise((resolve) => setTimeout(resolve, UNPACKING_LOOK_MS));
    }
  }
}

const UNPACKING_LOOK_MS = 200;

async function launch(): Promise<Browser> {
  return playwright.launch({
    // A single process would end with the first closed tab, and would weaken the browser's isolation in the attack
    // tests.
    args: chromium.args.filter((arg) => !['--single-process', '--disable-web-security'].includes(arg)),
    executablePath: await chromium.executablePath(),
    headless: true,
    timeout: 0,
  });
}

/** Returns a context whose pages wait as long as the test may take, because the machine may be slow. */
export async function openContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext();
  context.setDefaultTimeout(0);
  return context;
}

/** Returns a context for accessibility checks. The checker is a script, which the policy of our pages forbids. */
export async function openCheckableContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({ bypassCSP: true });
  context.setDefaultTimeout(0);
  return context;
}

const axeAnswerSchema = z.object({
  passes: z.number().min(1),
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })).min(1) })),
});

/**
 * Returns the accessibility rules that a page breaks, each with the first element. Light and dark differ only in
 * colours, so only the colour rule is checked twice.
 */
export async function findAccessibilityFaults(page: Page): Promise<readonly string[]> {
  const faults: string[] = [];
  await page.evaluate(axe.source);
  for (const [colorScheme, only] of [
    ['dark', `, runOnly: ['color-contrast']`],
    ['light', ''],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    // Passed rules have several times the size of the page, so only their number is returned.
    const answer = await page.evaluate(
      `axe.run({ iframes: false${only} }).then(({ passes, violations }) => ({ passes: passes.length, violations }))`,
    );
    const { violations } = axeAnswerSchema.parse(answer);
    faults.push(...violations.map(({ id, nodes }) => `${id} (${colorScheme}): ${nodes[0]?.html}`));
  }
  return faults;
}

/**
 * Returns what does not fit at the current width: the page itself, a label, button or option that is cut off, or paired fields. The
 * label of a paired field must not wrap, and the controls must be in line. Also returns a box whose text touches the next, and a bullet
 * beside the last line of its text. No line of facts may begin with a separator.
 */
export async function findLayoutFaults(page: Page): Promise<readonly string[]> {
  return z.array(z.string()).parse(await page.evaluate(`(${collectLayoutFaults})()`));
}

/**
 * Returns what does not fit at the current width if the text is twice as large: the page itself, and fields without room to type. A
 * table may be wider, because its columns have to stay together.
 *
 * @see https://www.w3.org/TR/WCAG22/#reflow
 */
export async function findZoomFaults(page: Page): Promise<readonly string[]> {
  return z.array(z.string()).parse(await page.evaluate(`(${collectZoomFaults})()`));
}

const collectZoomFaults = `() => {
  const { style } = document.documentElement;
  style.fontSize = '200%';
  for (const table of document.querySelectorAll('table')) table.hidden = true;
  const overflow = document.documentElement.scrollWidth - innerWidth;
  const fields = document.querySelectorAll('input[type=text], input[type=search], input[type=date]');
  const narrow = [...fields].filter((field) => field.checkVisibility() && !field.closest('.aside') && field.offsetWidth < 200);
  const faults = narrow.map(({ name, offsetWidth }) => name + ' is only ' + offsetWidth + ' px wide');
  if (overflow > 0) faults.push('the page is ' + overflow + ' px too wide');
  style.fontSize = '';
  for (const table of document.querySelectorAll('table')) table.hidden = false;
  return faults;
}`;

/**
 * Runs in the page. A closed list does not show whether an option is cut off, so a copy of it is measured at its
 * natural width.
 */
const collectLayoutFaults = `() => {
  const faults = [];
  const overflow = document.documentElement.scrollWidth - innerWidth;
  if (overflow > 0) faults.push('the page is ' + overflow + ' px too wide');
  const shown = (selector, root = document) =>
    [...root.querySelectorAll(selector)].filter((element) => element.checkVisibility() && !element.closest('.aside'));
  for (const element of shown('label, legend, button, summary'))
    if (element.scrollWidth > element.clientWidth) faults.push('cut off: ' + element.textContent);
  for (const label of shown('.pair label'))
    if (label.clientHeight > 1.5 * parseFloat(getComputedStyle(label).lineHeight)) faults.push('wrapped: ' + label.textContent);
  for (const select of shown('select')) {
    const copy = select.cloneNode(true);
    copy.style.cssText = 'position: absolute; width: max-content; max-width: none';
    select.after(copy);
    if (copy.offsetWidth > select.offsetWidth)
      faults.push('cut off: an option of ' + select.name + ' by ' + (copy.offsetWidth - select.offsetWidth) + ' px');
    copy.remove();
  }
  const boxOf = (content) => {
    const range = document.createRange();
    range.selectNodeContents(content);
    return range.getBoundingClientRect();
  };
  for (const meta of shown('.meta'))
    for (const node of meta.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || !node.data.startsWith('\\u00a0·')) continue;
      if (boxOf(node).left <= meta.getBoundingClientRect().left) faults.push('a line begins with a separator: ' + meta.textContent);
    }
  const checks = shown('label.check').map((check) => [check.textContent, boxOf(check)]);
  for (const [index, [text, { bottom }]] of checks.entries()) {
    const gap = (checks[index + 1]?.[1].top ?? Infinity) - bottom;
    if (gap >= 0 && gap < 8) faults.push('too close to the next: ' + text);
  }
  for (const link of shown('li > a:first-child'))
    if (getComputedStyle(link).display !== 'inline' && link.clientHeight > 2 * parseFloat(getComputedStyle(link).lineHeight)
      && getComputedStyle(link.parentElement).listStyleType !== 'none')
      faults.push('its bullet is beside the last line: ' + link.textContent);
  for (const pair of shown('.pair')) {
    const tops = shown('input, select', pair).map((field) => Math.round(field.getBoundingClientRect().top));
    if (new Set(tops).size > 1) faults.push('out of line: ' + shown('label', pair).map((label) => label.textContent));
  }
  return faults;
}`;
