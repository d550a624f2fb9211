import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from 'parse5';
import * as z from 'zod';
import { SCRIPT } from '../../../shared/web/parts/time-zone-script.tsx';

/** Elements that run code, load something, or change where links lead. */
const ACTIVE_ELEMENTS = new Set(
  'script iframe frame object embed applet base video audio source track img picture foreignobject use animate set'.split(
    ' ',
  ),
);

/** Attributes whose value is an address. */
const ADDRESSES = new Set(
  'href src action formaction data poster srcset cite background ping xlink:href'.split(' '),
);

/** A page is at this address, so that relative links are those of the site. */
const BASE = 'https://daily.example.org/papers/2601.00001';

/**
 * Returns what a page could do besides showing text, as the parser of browsers reads it. That is scripts, frames, images, handlers and
 * refreshes. It is also styles of single elements, and links other than to the web. Every page has one style sheet of its own.
 *
 * @see https://github.com/inikulin/parse5 (it follows the HTML standard, and shares no code with what renders the pages)
 */
export function findActiveParts(html: string): readonly string[] {
  const found: string[] = [];
  let styles = 0;
  const visit = (node: DefaultTreeAdapterTypes.Node) => {
    if (defaultTreeAdapter.isElementNode(node)) {
      const name = node.tagName.toLowerCase();
      if (ACTIVE_ELEMENTS.has(name) && !isData(node) && !isOwnScript(node)) found.push(name);
      if (name === 'style') styles += 1;
      for (const attribute of node.attrs) {
        const { value } = attribute;
        const key = attribute.prefix ? `${attribute.prefix}:${attribute.name}` : attribute.name;
        const isActive = /^on/i.test(key) || ['style', 'srcdoc', 'http-equiv'].includes(key);
        if (isActive || (ADDRESSES.has(key) && !isOfTheWeb(value))) found.push(`${name}[${key}=${value}]`);
      }
    }
    if ('childNodes' in node) for (const child of node.childNodes) visit(child);
  };
  visit(parse(html));
  return styles === 1 ? found : [...found, `${styles} style sheets`];
}

/** Browsers do not run a script of this type. It holds facts for search engines. */
function isData({ tagName, attrs, childNodes }: DefaultTreeAdapterTypes.Element): boolean {
  const [type] = attrs;
  if (tagName !== 'script' || attrs.length !== 1) return false;
  if (type?.name !== 'type' || type.value !== 'application/ld+json') return false;
  const text = childNodes.map((child) => ('value' in child ? child.value : '')).join('');
  return z.object({ '@type': z.string() }).safeParse(JSON.parse(text)).success;
}

/** Returns whether an element is the script that guesses the time zone, exactly. */
function isOwnScript({ tagName, attrs, childNodes }: DefaultTreeAdapterTypes.Element): boolean {
  if (tagName !== 'script' || attrs.length > 0) return false;
  return childNodes.map((child) => ('value' in child ? child.value : '')).join('') === SCRIPT;
}

function isOfTheWeb(address: string): boolean {
  try {
    return ['http:', 'https:'].includes(new URL(address, BASE).protocol);
  } catch {
    return false;
  }
}
