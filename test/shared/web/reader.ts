import { createWebApp } from '../../../shared/web/app.tsx';
import { createFakeWeb, type FakeWeb } from '../../fakes/web.ts';
import { createHtmlChecker } from '../html-checker.ts';

const checker = createHtmlChecker({ 'long-title': 'off' });

/** Reads pages and sends their forms, as a browser does. */
export function createReader(web: FakeWeb = createFakeWeb()) {
  const app = createWebApp(web.ports);
  const read = async (path: string, form?: Readonly<Record<string, string | readonly string[]>>) => {
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries(form ?? {}))
      for (const item of [value].flat()) body.append(name, item);
    const answer = await app.request(path, form ? { method: 'POST', body } : {});
    const html = await answer.text();
    return { status: answer.status, headers: answer.headers, html, text: toText(html) };
  };
  return { ...web, app, read };
}

/** Returns the text of a page, without markup and style. */
export function toText(html: string): string {
  return html
    .replace(/<style>.*?<\/style>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ')
    .replace(/ ([.,])/g, '$1');
}

/** Returns what is invalid in a page, or not accessible. */
export const { findMistakes } = checker;

/** Returns every element of a page with its attributes, as an independent parser finds them: `a[href]`. */
export async function outlineOf(html: string): Promise<readonly string[]> {
  const elements = await checker.find(html, '*');
  return elements.map(
    ({ tagName, attributes }) => `${tagName}[${attributes.map(({ key }) => key).join(' ')}]`,
  );
}

export interface Anchor {
  readonly text: string;
  readonly href: string;
}

/** Returns every link of a page or mail with its text, as an independent parser finds them. */
export async function anchorsOf(html: string): Promise<readonly Anchor[]> {
  const links = await checker.find(html, 'a[href]');
  return links.map((element) => ({
    text: toText(element.textContent).trim(),
    href: toText(String(element.getAttributeValue('href'))),
  }));
}
