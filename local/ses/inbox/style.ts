/** What the pages of the inbox need beyond the style of every page. */
export const INBOX_STYLE = `
body.wide { max-width: 60rem; }
.meta, .empty, .back { color: var(--faint); font-size: .875rem; }
form { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; margin: 1.25rem 0; font-size: .875rem; }
label { color: var(--faint); }
input { flex: 1 1 12rem; }
ol.messages { margin: 0; padding: 0; border-top: 1px solid var(--ink); list-style: none; }
ol.messages li { padding: .8rem 0; border-bottom: 1px solid var(--line); }
ol.messages h2 { margin: 0; font: 700 1.125rem/1.35 var(--serif); overflow-wrap: anywhere; }
ol.messages h2 a { text-decoration: none; }
ol.messages p { margin: .1rem 0 0; overflow-wrap: anywhere; }
.back { margin: 0 0 .5rem; }
nav { display: flex; flex-wrap: wrap; gap: 0 1.5rem; margin: 1.5rem 0 1rem; border-bottom: 1px solid var(--line); font-size: .875rem; }
nav a { margin-bottom: -1px; padding: .5rem 0; text-decoration: none; }
nav a[aria-current] { border-bottom: 2px solid var(--accent); font-weight: 600; }
iframe { display: block; width: 100%; height: max(28rem, 80vh); border: 1px solid var(--line); }
pre {
  margin: 0; font: .875rem/1.6 ui-monospace, 'SF Mono', Menlo, Consolas, monospace;
  white-space: pre-wrap; overflow-wrap: anywhere;
}
.headers { grid-template-columns: minmax(8rem, max-content) 1fr; row-gap: .4rem; }
.headers div { display: contents; }
.headers dd { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, monospace; }
@media (max-width: 34rem) { .headers { display: block; } .headers dd { margin-bottom: .6rem; } }
`;
