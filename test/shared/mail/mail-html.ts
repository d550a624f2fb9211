import { caniemail } from 'caniemail';
import { createHtmlChecker } from '../html-checker.ts';

const checker = createHtmlChecker({
  // Outlook for Windows puts space between and into cells unless these two attributes of tables say 0.
  'no-deprecated-attr': 'off',
});

/** Returns validity and accessibility faults. */
export const { findMistakes } = checker;

/** The only markup of a mail: these tags with quoted attributes, the two comments for Outlook, and one style sheet. */
const MARKUP =
  /<!DOCTYPE html>|<!--\[if mso\]><[^!]*><!\[endif\]-->|<style>[^<]*<\/style>|<\/?(?:html|head|meta|title|body|div|table|tbody|tr|td|h1|h2|h3|p|a|span|br|ul|li)(?: [a-z-]+="[^"<>]*")*\/?>/g;

/** Removes our own markup from a mail's HTML. The remaining texts must not contain `<` or `>`. */
export function removeOurMarkup(html: string): string {
  return html.replace(MARKUP, '');
}

/** Returns every URL that the HTML loads or links, such as the values of `href` and `src`. */
export async function findAddresses(html: string): Promise<readonly string[]> {
  const elements = await checker.find(html, '*');
  return elements
    .flatMap(({ attributes }) => attributes)
    .filter(({ key }) => ADDRESS_ATTRIBUTES.includes(key))
    .map(({ value }) => String(value));
}

const ADDRESS_ATTRIBUTES = [
  'href',
  'src',
  'srcset',
  'action',
  'formaction',
  'background',
  'data',
  'poster',
  'ping',
];

/**
 * What some programs do not know, and why the mail does without it there. Everything else has to be known by all of Gmail,
 * Outlook and Apple Mail.
 */
const ACCEPTED: Readonly<Record<string, { readonly clients: readonly string[]; readonly reason: string }>> = {
  '<style> element': {
    clients: ['gmail.mobile-webmail'],
    reason: 'the style sheet only adds dark mode and phone sizes; all else is inline',
  },
  '@media': {
    clients: ['gmail.mobile-webmail', 'outlook.windows', 'outlook.windows-mail'],
    reason: 'no dark mode of ours and desk sizes, which fit a phone as well',
  },
  'Class selector': { clients: ['gmail.mobile-webmail'], reason: 'part of the style sheet' },
  'Descendant combinator': { clients: ['gmail.mobile-webmail'], reason: 'part of the style sheet' },
  'Attribute selector': {
    clients: ['gmail.mobile-webmail', 'outlook.windows', 'outlook.windows-mail'],
    reason: 'it is for the dark mode of other Outlooks',
  },
  'display:none': {
    clients: ['gmail.mobile-webmail'],
    reason: 'the preheader is hidden by its height of 0 as well',
  },
  overflow: {
    clients: ['outlook.windows', 'outlook.windows-mail'],
    reason: 'the preheader is hidden by display:none and mso-hide as well',
  },
  'role attribute': {
    clients: ['outlook.windows-mail'],
    reason: 'a program that ignores roles reads tables as text',
  },
  'word-break': { clients: ['outlook.windows-mail'], reason: 'only a word longer than the column needs it' },
  '<body> element': { clients: ['outlook.macos'], reason: 'the ground is set again on the element inside' },
};

/** {@link ACCEPTED}, in the form of {@link findUnknown}. */
export const ACCEPTED_UNKNOWN = Object.fromEntries(
  Object.entries(ACCEPTED).map(([title, { clients }]) => [title, new Set(clients)]),
);

/** Returns the features that Gmail, Outlook or Apple Mail do not support, with the programs' names. */
export function findUnknown(html: string): Readonly<Record<string, ReadonlySet<string>>> {
  const { issues } = caniemail({ clients: ['gmail.*', 'outlook.*', 'apple-mail.*'], html });
  const found: Record<string, Set<string>> = {};
  for (const [client, errors] of issues.errors) {
    for (const { title } of errors) {
      found[title] ??= new Set();
      found[title].add(client);
    }
  }
  return found;
}
