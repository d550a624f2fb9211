import { type AccentColours, toAccents } from '../../mail/palette.ts';

/** What pages stand on, a little warmer than the white of mails. */
const PAGE_GROUNDS = { light: '#fdfcf9', dark: '#171613' } as const;

/**
 * The style sheet of every page: serif titles, hairlines, the publication's accent, a dark mode and a print style. A page
 * that needs more passes it as `own`.
 */
export function createPageStyle(colours: AccentColours, own = ''): string {
  const { light, dark } = toAccents(colours, PAGE_GROUNDS);
  return `
:root { color-scheme: light dark; --paper: ${PAGE_GROUNDS.light}; --accent: ${light}; }
@media (prefers-color-scheme: dark) { :root { --paper: ${PAGE_GROUNDS.dark}; --accent: ${dark}; } }
${STYLE}${own}${PRINT_STYLE}`;
}

const STYLE = `
:root {
  --ink: #1b1a17; --faint: #67635a; --line: #d9d5ca;
  --serif: Charter, 'Bitstream Charter', 'Sitka Text', Cambria, Georgia, serif;
  --sans: system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #171613; --ink: #e9e5da; --faint: #a09a8c; --line: #3a3731; }
}
* { box-sizing: border-box; }
body {
  max-width: 46rem; margin: 0 auto; padding: 0 1.25rem 4rem;
  background: var(--paper); color: var(--ink); font: 1rem/1.55 var(--sans); overflow-wrap: break-word;
}
a { color: inherit; text-decoration-color: var(--faint); text-underline-offset: .2em; }
a:hover { color: var(--accent); text-decoration-color: currentColor; }
a:focus-visible, input:focus-visible, select:focus-visible, button:focus-visible, iframe:focus-visible {
  outline: 2px solid var(--accent); outline-offset: 2px;
}
.masthead {
  display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0 1rem;
  margin-bottom: 2rem; padding: 1rem 0 .15rem; border-bottom: 3px double var(--ink);
}
.masthead a { padding: .5rem 0; font: 700 1.6rem/1.2 var(--serif); letter-spacing: -.01em; text-decoration: none; }
.masthead span, .faint { color: var(--faint); font-size: .875rem; }
h1 { margin: 0 0 .25rem; font: 700 clamp(1.35rem, 4.5vw, 1.75rem)/1.25 var(--serif); overflow-wrap: anywhere; }
h2 { margin: 2.5rem 0 .5rem; font: 700 1.25rem/1.3 var(--serif); }
input, select, button {
  min-height: 2.25rem; padding: .3rem .6rem; border: 1px solid var(--faint); border-radius: 0;
  background: var(--paper); color: inherit; font: inherit;
}
::placeholder { color: var(--faint); opacity: 1; }
button { border-color: var(--ink); cursor: pointer; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 1rem 0; font-size: .875rem; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
time { white-space: nowrap; }
`;

/** Ink on white, without what only a screen can use. */
const PRINT_STYLE = `
@media print {
  :root { color-scheme: light; --paper: #fff; --ink: #000; --faint: #444; --line: #bbb; --accent: #000; }
  body { max-width: none; padding: 0; font-size: 11pt; }
  form, button, nav, footer, .banner { display: none !important; }
  h1, h2, h3 { break-after: avoid; }
}
`;
