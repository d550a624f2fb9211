import { createStyleSheet, createStyles, SERIF } from '../html/styles.ts';
import type { Palette } from '../palette.ts';

/** The inline styles of an account mail by the name of what they dress. */
export type AccountStyles = ReturnType<typeof createAccountStyles>;

/** The inline styles of every mail, and what a letter with one link needs beside them, in the colours of day mode. */
export function createAccountStyles(palette: Palette) {
  const { ground, ink, dim, accent } = palette;
  const shared = createStyles(palette);
  return {
    ...shared,
    subject: `margin:34px 0 0;font-family:${SERIF};font-size:24px;line-height:30px;font-weight:700;color:${ink}`,
    sentence: `margin:14px 0 0;font-size:16px;line-height:25px;color:${ink}`,
    request: `margin:14px 0 0;padding:0 0 0 20px;font-size:15px;line-height:23px;color:${ink};word-break:break-word`,
    buttonRow: 'margin:26px 0 22px',
    // Outlook for Windows gives a link no padding; it gives the cell the other one, which nothing else knows.
    button: `background-color:${accent};mso-padding-alt:13px 24px`,
    buttonLink: `display:inline-block;padding:13px 24px;font-size:16px;line-height:22px;font-weight:700;color:${ground};text-decoration:none`,
    address: `margin:0 0 26px;font-size:13px;line-height:20px;color:${dim};word-break:break-word`,
  } as const;
}

/** The style sheet of every mail, and the button's two colours in dark mode, in Outlook's words too. */
export function createAccountStyleSheet(palette: Palette): string {
  const fill = `.button{background-color:${palette.accent} !important}`;
  const label = `.label{color:${palette.ground} !important}`;
  return [
    createStyleSheet(palette),
    `@media (prefers-color-scheme:dark){${fill}${label}}`,
    `[data-ogsb] ${fill}`,
    `[data-ogsc] ${label}`,
  ].join('\n');
}
