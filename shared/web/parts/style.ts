import { type AccentColours, toAccents } from '../../presentation/palette.ts';

/** The background colours of pages, a little warmer than the white of mails. */
const PAGE_GROUNDS = { light: '#fdfcf9', dark: '#171613' } as const;

/**
 * The style sheet of every page: serif titles, hairlines, the publication's accent, a dark mode and a print style. A page
 * that needs more passes it as `own`.
 */
export function createPageStyle(colours: AccentColours, own = ''): string {
  const { light, dark } = toAccents(colours, PAGE_GROUNDS);
  return compact(`
:root { color-scheme: light dark; --paper: ${PAGE_GROUNDS.light}; --accent: ${light}; }
@media (prefers-color-scheme: dark) { :root { --paper: ${PAGE_GROUNDS.dark}; --accent: ${dark}; } }
${STYLE}${own}${PRINT_STYLE}`);
}

/** Leaves out white space that browsers ignore, because every page carries its style. */
function compact(style: string): string {
  return style
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replaceAll(': ', ':')
    .trim();
}

const STYLE = `
:root {
  --ink: #1b1a17; --faint: #67635a; --line: #d9d5ca; --mark: #f6ecc4;
  --serif: Charter, 'Bitstream Charter', 'Sitka Text', Cambria, Georgia, serif;
  --sans: system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #171613; --ink: #e9e5da; --faint: #a09a8c; --line: #3a3731; --mark: #51461f; }
}
* { box-sizing: border-box; }
body {
  max-width: 46rem; margin: 0 auto; padding: 0 1.25rem 4rem;
  background: var(--paper); color: var(--ink); font: 1rem/1.55 var(--sans); overflow-wrap: break-word;
}
a { color: inherit; text-decoration-color: var(--faint); text-underline-offset: .2em; }
a:hover { color: var(--accent); text-decoration-color: currentColor; }
a:focus-visible, input:focus-visible, select:focus-visible, button:focus-visible, summary:focus-visible {
  outline: 2px solid var(--accent); outline-offset: 2px;
}
.skip { position: absolute; left: -99rem; padding: .6rem 1rem; background: var(--ink); color: var(--paper); }
.skip:focus { left: 1rem; top: .5rem; }
.masthead { margin-bottom: 1.75rem; padding-top: 1.25rem; text-align: center; }
.name {
  display: inline-block; padding: .25rem 0 .7rem; font: 700 clamp(2rem, 8vw, 2.625rem)/1.15 var(--serif);
  letter-spacing: -.5px; text-decoration: none; overflow-wrap: anywhere;
}
.bar {
  display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0 1.5rem; min-height: .5rem;
  border-top: 3px double var(--ink); border-bottom: 1px solid var(--ink); font-size: .875rem; text-align: left;
}
.bar span { padding: .75rem 0; }
.bar nav { display: flex; flex-wrap: wrap; gap: 0 1.25rem; }
.bar nav a { padding: .75rem 0; text-decoration: none; }
.bar nav a[aria-current] { margin-bottom: -1px; padding-bottom: calc(.75rem - 2px); border-bottom: 3px solid var(--accent); font-weight: 600; }
@media (max-width: 34rem) {
  .masthead { margin-bottom: 1.25rem; padding-top: .75rem; }
  .bar nav { flex: 1; justify-content: space-between; gap: 0 .25rem; font-size: min(.8125rem, 3.6vw); }
  .bar nav + span { order: -1; flex: 0 0 100%; padding: .4rem 0; border-bottom: 1px solid var(--line); }
}
.target { padding: .25rem 0; }
.faint { color: var(--faint); font-size: .875rem; }
h1, h2, h3 { text-wrap: balance; }
h1 { margin: 0 0 .25rem; font: 700 clamp(1.35rem, 4.5vw, 1.75rem)/1.25 var(--serif); overflow-wrap: anywhere; }
h2 { margin: 2.5rem 0 .5rem; font: 700 1.25rem/1.3 var(--serif); }
input, select, button {
  min-height: 2.25rem; padding: .3rem .6rem; border: 1px solid var(--faint); border-radius: 0;
  background: var(--paper); color: inherit; font: inherit;
}
::placeholder { color: var(--faint); opacity: 1; }
button { border-color: var(--ink); cursor: pointer; }
ul { padding-left: 1.1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 1rem 0; font-size: .875rem; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
time { display: inline-block; }
mark { background: var(--mark); color: inherit; }
`;

/** Black on white, without forms, navigation and the marks of links. */
const PRINT_STYLE = `
@page { margin: 15mm; }
@media print {
  :root { color-scheme: light; --paper: #fff; --ink: #000; --faint: #444; --line: #bbb; --accent: #000; --mark: transparent; }
  body { max-width: none; padding: 0; font-size: 11pt; }
  form, button, nav, footer, .banner, .skip, summary { display: none !important; }
  a { text-decoration: none !important; }
  .masthead { margin-bottom: 1rem; padding-top: 0; }
  .bar:has(nav:last-child) { border-bottom: 0; }
  h1, h2, h3 { break-after: avoid; }
  .cards { margin-top: 1rem !important; }
}
`;

/** The style of forms and notices: labels above fields, targets large enough for a thumb. */
export const FORM_STYLE = `
:root { --danger: #b00020; }
@media (prefers-color-scheme: dark) { :root { --danger: #ff8a80; } }
form { margin: 1.25rem 0; }
form > p, fieldset > p, .field { margin: 0 0 1.1rem; }
label, legend { display: block; padding: 0; font-weight: 600; }
.field > label, .field > legend { margin-bottom: .25rem; }
.address { overflow-wrap: anywhere; }
.hint { margin: .25rem 0 0; color: var(--faint); font-size: .875rem; }
form > .hint:not(:last-child) { margin-bottom: 1.1rem; }
fieldset { min-width: 0; margin: 0 0 1.1rem; padding: 0; border: 0; }
.check { display: flex; gap: .6rem; align-items: center; min-height: 2.75rem; }
label.check, .check label { padding: .6rem 0; font-weight: 400; }
.check label { flex: 1; }
.check input { flex: none; margin: 0; width: 1.25rem; height: 1.25rem; min-height: 0; accent-color: var(--accent); }
input, select, button { min-height: 2.75rem; }
.field input, .field select { width: 100%; max-width: 26rem; }
.pair { display: flex; flex-wrap: wrap; gap: 0 1.25rem; align-items: start; max-width: 26rem; }
.pair > .field { flex: 1 1 9rem; }
button { padding: .5rem 1.1rem; background: none; }
button.main { border-color: var(--accent); background: var(--accent); color: var(--paper); font-weight: 600; }
button.danger { border-color: var(--danger); color: var(--danger); font-weight: 600; }
section.danger { margin-top: 3rem; border-top: 4px solid var(--danger); }
section.danger h2 { color: var(--danger); }
button.plain { border-color: transparent; padding: .5rem 0; text-decoration: underline; text-underline-offset: .2em; }
.actions { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; }
[aria-invalid] { border-color: var(--accent); border-width: 2px; }
.fault { margin: .25rem 0 0; color: var(--accent); font-weight: 600; }
.notice, .faults { margin: 1rem 0; padding: .75rem 1rem; border: 1px solid var(--line); border-left: 4px solid var(--accent); }
.notice > :last-child, .faults > :last-child { margin-bottom: 0; }
.notice p, .faults p { margin: 0; }
.faults li { margin: .25rem 0; }
.faults li a { padding: .25rem 0; }
section { margin: 0; padding: 1rem 0; border-top: 1px solid var(--line); }
section h2, section h3 { margin-top: 0; }
h3 { margin: 1.5rem 0 .25rem; font: 700 1.05rem/1.35 var(--serif); overflow-wrap: anywhere; }
.counts { margin: .25rem 0 0; font-size: .875rem; }
.papers { padding-left: 1.75rem; }
.papers li { margin-bottom: .8rem; overflow-wrap: anywhere; }
.papers p { margin: 0; }
summary { padding: .75rem 0; font-size: .875rem; cursor: pointer; }
details[open] { max-width: 36rem; padding-left: 1rem; border-left: 1px solid var(--line); }
.examples { margin: .5rem 0; padding: 0; list-style: none; font-size: .875rem; }
.examples li { display: flex; flex-wrap: wrap; gap: 0 .75rem; align-items: baseline; }
.examples > li > code { flex: 0 0 11.5rem; padding-top: .5rem; }
.examples span { flex: 1 1 14rem; color: var(--faint); }
code { font-size: .95em; overflow-wrap: anywhere; }
.banner { margin: 1.5rem 0 0; padding: 1rem 0; border-top: 1px solid var(--ink); }
.banner h2 { margin: 0 0 .6rem; font-size: 1.0625rem; }
.banner form { margin: 0; }
.banner input[name=address] { flex: 1 1 8rem; min-width: 0; max-width: 24rem; }
.banner .hint { margin-top: .4rem; font-size: .8125rem; line-height: 1.45; }
.banner + .cards { margin-top: 0; }
.aside { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
footer { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin-top: 3rem; padding-top: .75rem; border-top: 1px solid var(--line); font-size: .875rem; }
footer a { display: inline-block; min-width: 1.5rem; padding: .75rem 0; }
`;
