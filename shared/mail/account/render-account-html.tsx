import { MailDocument } from '../html/mail-document.tsx';
import { Masthead } from '../html/masthead.tsx';
import type { Palette } from '../palette.ts';
import type { AccountContent } from './account-content.ts';
import { type AccountStyles, createAccountStyleSheet, createAccountStyles } from './account-styles.ts';

/** An account mail as an HTML document for mail programs: a letter with one link. All texts are escaped. */
export function renderAccountHtml(
  content: AccountContent,
  palettes: { readonly light: Palette; readonly dark: Palette },
): string {
  const { name, day, subject, heading, sentences, request } = content;
  const styles = createAccountStyles(palettes.light);
  const document = (
    <MailDocument
      title={subject}
      preheader={sentences[0] ?? ''}
      styles={styles}
      styleSheet={createAccountStyleSheet(palettes.dark)}
    >
      <Masthead name={name} day={day} styles={styles} />
      <h2 class="ink" style={styles.subject}>
        {heading}
      </h2>
      {sentences.map((sentence) => (
        <p class="ink" style={styles.sentence}>
          {sentence}
        </p>
      ))}
      {request.length > 0 && (
        <ul class="ink" style={styles.request}>
          {request.map((line) => (
            <li>{line}</li>
          ))}
        </ul>
      )}
      <Button link={content.link} styles={styles} />
      <Foot content={content} styles={styles} />
    </MailDocument>
  );
  return `<!DOCTYPE html>\n${document.toString()}\n`;
}

/** The link, and where it leads as text for a program or a reader that does not follow links in mails. */
function Button({ link, styles }: { link: AccountContent['link']; styles: AccountStyles }) {
  return (
    <>
      <table role="presentation" cellpadding="0" cellspacing="0" style={styles.buttonRow}>
        <tbody>
          <tr>
            <td class="button" style={styles.button}>
              <a class="label" style={styles.buttonLink} href={link.url}>
                {link.label}
              </a>
            </td>
          </tr>
        </tbody>
      </table>
      <p class="dim" style={styles.address}>
        Or copy this address into a browser:
        <br />
        {link.url}
      </p>
    </>
  );
}

function Foot({ content, styles }: { content: AccountContent; styles: AccountStyles }) {
  const { name, note, postalAddress } = content;
  return (
    <table role="presentation" cellpadding="0" cellspacing="0" style={styles.table}>
      <tbody>
        <tr>
          <td class="dim bar" style={styles.footer}>
            <p class="dim" style={styles.line}>
              {note}
            </p>
            {postalAddress && (
              <p class="dim" style={styles.line}>
                {`${name}, ${postalAddress}`}
              </p>
            )}
          </td>
        </tr>
      </tbody>
    </table>
  );
}
