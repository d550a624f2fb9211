import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { Styles } from './styles.ts';

/** Outlook for Windows ignores `max-width`. A table that only Outlook sees limits the column to 640 pixels. */
const OUTLOOK_FRAME_START =
  '<!--[if mso]><table role="presentation" align="center" width="640" cellpadding="0" cellspacing="0"><tr><td><![endif]-->';
const OUTLOOK_FRAME_END = '<!--[if mso]></td></tr></table><![endif]-->';

interface MailDocumentProps {
  readonly title: string;
  /** The preview text, which mail programs show after the subject. */
  readonly preheader: string;
  readonly styles: Styles;
  /** Dark mode and phones. */
  readonly styleSheet: string;
  readonly children?: Child;
}

/**
 * The HTML document of a mail: one column, built from tables and inline styles for older mail programs. A style sheet adds
 * dark mode and phones. The document loads nothing: no images, no scripts.
 */
export function MailDocument({ title, preheader, styles, styleSheet, children }: MailDocumentProps) {
  return (
    <>
      {raw('<!DOCTYPE html>\n')}
      <html lang="en" dir="ltr">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="supported-color-schemes" content="light dark" />
          <meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no" />
          <title>{title}</title>
          <style>{raw(styleSheet)}</style>
        </head>
        <body class="ground" style={styles.body}>
          <div style={styles.hidden}>{preheader}</div>
          <div class="ground" lang="en" dir="ltr">
            {raw(OUTLOOK_FRAME_START)}
            <div style={styles.frame}>
              <table role="presentation" cellpadding="0" cellspacing="0" style={styles.table}>
                <tbody>
                  <tr>
                    <td class="page" style={styles.page}>
                      {children}
                    </td>
                  </tr>
                </tbody>
              </table>
            </div>
            {raw(OUTLOOK_FRAME_END)}
          </div>
        </body>
      </html>
      {raw('\n')}
    </>
  );
}

interface MastheadProps {
  readonly name: string;
  readonly day: string;
  /** The unsubscribe link. Only digests have one. */
  readonly unsubscribe?: string;
  readonly styles: Styles;
}

/** The publication's name and the day. Digests also show the unsubscribe link here, above the fold. */
export function Masthead({ name, day, unsubscribe, styles }: MastheadProps) {
  return (
    <>
      <h1 class="ink name" style={styles.name}>
        {name}
      </h1>
      <table role="presentation" cellpadding="0" cellspacing="0" style={styles.table}>
        <tbody>
          <tr>
            <td class="ink bar" style={styles.dateline}>
              {day}
            </td>
            {unsubscribe && (
              <td class="ink bar" style={`${styles.dateline};${styles.right}`}>
                <a class="dim" style={styles.quietLink} href={unsubscribe}>
                  Unsubscribe
                </a>
              </td>
            )}
          </tr>
        </tbody>
      </table>
    </>
  );
}
