import type { Palette } from '../../presentation/palette.ts';
import { MailDocument, Masthead } from '../html/mail-document.tsx';
import { createStyleSheet, createStyles, SERIF } from '../html/styles.ts';
import { TEXT_WIDTH, wrapText } from '../wrap-text.ts';
import type { AccountContent } from './account-content.ts';

/** Renders an account mail as an HTML document: a letter with one link. All texts are escaped. */
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
  return document.toString();
}

/** The link as a button, with its address below for mail programs that block links. */
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
        Or copy this link into your browser:
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

/** The inline styles of an account mail. */
type AccountStyles = ReturnType<typeof createAccountStyles>;

/** Returns the inline styles of every mail plus those of an account mail, in the colours of light mode. */
function createAccountStyles(palette: Palette) {
  const { ground, ink, dim, accent } = palette;
  const shared = createStyles(palette);
  return {
    ...shared,
    subject: `margin:34px 0 0;font-family:${SERIF};font-size:24px;line-height:30px;font-weight:700;color:${ink}`,
    sentence: `margin:14px 0 0;font-size:16px;line-height:25px;color:${ink}`,
    request: `margin:14px 0 0;padding:0 0 0 20px;font-size:15px;line-height:23px;color:${ink};word-break:break-word`,
    buttonRow: 'margin:26px 0 22px',
    // Outlook for Windows ignores the padding of a link. Only Outlook reads `mso-padding-alt`.
    button: `background-color:${accent};mso-padding-alt:13px 24px`,
    buttonLink: `display:inline-block;padding:13px 24px;font-size:16px;line-height:22px;font-weight:700;text-align:center;color:${ground};text-decoration:none`,
    address: `margin:0 0 26px;font-size:13px;line-height:20px;color:${dim};word-break:break-word`,
  } as const;
}

/** Returns the style sheet of every mail plus the button's colours in dark mode. Outlook needs its own selectors. */
function createAccountStyleSheet(palette: Palette): string {
  const fill = `.button{background-color:${palette.accent} !important}`;
  const label = `.label{color:${palette.ground} !important}`;
  return [
    createStyleSheet(palette),
    `@media (prefers-color-scheme:dark){${fill}${label}}`,
    `[data-ogsb] ${fill}`,
    `[data-ogsc] ${label}`,
  ].join('\n');
}

const DOUBLE_RULE = '='.repeat(TEXT_WIDTH);

/** Renders an account mail as plain text in 72 columns. The words are those of the HTML. The link has its own line. */
export function renderAccountText(content: AccountContent): string {
  const { name, day, heading, sentences, request, link, note, postalAddress } = content;
  const lines = [
    ...wrapText(name.toUpperCase()),
    day,
    DOUBLE_RULE,
    '',
    ...wrapText(heading),
    '',
    ...sentences.flatMap((sentence) => [...wrapText(sentence), '']),
    ...request.flatMap((line) => wrapText(line, { first: '- ', rest: '  ' })),
    ...(request.length > 0 ? [''] : []),
    `${link.label}:`,
    link.url,
    '',
    DOUBLE_RULE,
    ...wrapText(note),
    ...(postalAddress ? ['', ...wrapText(`${name}, ${postalAddress}`)] : []),
  ];
  return `${lines.join('\n')}\n`;
}
