/** The style of forms and of what is said about them: labels above their fields, targets large enough for a thumb. */
export const FORM_STYLE = `
:root { --danger: #b00020; }
@media (prefers-color-scheme: dark) { :root { --danger: #ff8a80; } }
form { margin: 1.25rem 0; }
form > p, fieldset > p, .field { margin: 0 0 1.1rem; }
label, legend { display: block; padding: 0; font-weight: 600; }
.field > label, .field > legend { margin-bottom: .25rem; }
.address { overflow-wrap: anywhere; }
.hint { margin: .25rem 0 0; color: var(--faint); font-size: .875rem; }
fieldset { min-width: 0; margin: 0 0 1.1rem; padding: 0; border: 0; }
.check { display: flex; gap: .6rem; align-items: center; min-height: 2.75rem; font-weight: 400; }
.check label { flex: 1; padding: .6rem 0; font-weight: 400; }
.check input { flex: none; margin: 0; width: 1.25rem; height: 1.25rem; min-height: 0; accent-color: var(--accent); }
input, select, button { min-height: 2.75rem; }
.field input, .field select { width: 100%; max-width: 26rem; }
.pair { display: flex; flex-wrap: wrap; gap: 0 1.25rem; align-items: end; max-width: 26rem; }
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
section { margin: 0; padding: 1rem 0; border-top: 1px solid var(--line); }
section h2, section h3 { margin-top: 0; }
h3 { margin: 1.5rem 0 .25rem; font: 700 1.05rem/1.35 var(--serif); overflow-wrap: anywhere; }
.papers { padding-left: 1.4rem; }
.papers li { margin-bottom: .8rem; overflow-wrap: anywhere; }
.papers p { margin: 0; }
.aside { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
footer { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin-top: 3rem; padding-top: .75rem; border-top: 1px solid var(--line); font-size: .875rem; }
footer a { display: inline-block; padding: .75rem 0; }
`;
