import { raw } from 'hono/html';
import type { DigestContent } from '../digest-content.ts';
import type { Palette } from '../palette.ts';
import { toPreheader } from '../subject.ts';
import { Footer } from './footer.tsx';
import { Masthead } from './masthead.tsx';
import { Section } from './section.tsx';
import { createStyleSheet, createStyles } from './styles.ts';

/** Outlook for Windows knows no `max-width`: a table that only it sees holds the column at 640 pixels. */
const OUTLOOK_FRAME_START =
  '<!--[if mso]><table role="presentation" align="center" width="640" cellpadding="0" cellspacing="0"><tr><td><![endif]-->';
const OUTLOOK_FRAME_END = '<!--[if mso]></td></tr></table><![endif]-->';

/**
 * A digest as an HTML document for mail programs: tables and inline styles for those that know no better, a style sheet
 * for dark mode and phones, no image, no script, nothing that is loaded. All texts are escaped.
 */
export function renderHtml(
  content: DigestContent,
  palettes: { readonly light: Palette; readonly dark: Palette },
): string {
  const styles = createStyles(palettes.light);
  const document = (
    <html lang="en" dir="ltr">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no" />
        <title>{`${content.name}, ${content.day}`}</title>
        <style>{raw(createStyleSheet(palettes.dark))}</style>
      </head>
      <body class="ground" style={styles.body}>
        <div style={styles.hidden}>{toPreheader(content)}</div>
        <div class="ground" lang="en" dir="ltr">
          {raw(OUTLOOK_FRAME_START)}
          <div style={styles.frame}>
            <table role="presentation" cellpadding="0" cellspacing="0" style={styles.table}>
              <tbody>
                <tr>
                  <td class="page" style={styles.page}>
                    <Masthead content={content} styles={styles} />
                    {content.sections.map((section) => (
                      <Section section={section} web={content.links.web} styles={styles} />
                    ))}
                    <Footer content={content} styles={styles} />
                  </td>
                </tr>
              </tbody>
            </table>
          </div>
          {raw(OUTLOOK_FRAME_END)}
        </div>
      </body>
    </html>
  );
  return `<!DOCTYPE html>\n${document.toString()}\n`;
}
