import { findSummaryNote } from '../card-content.ts';
import { type DigestContent, toPreheader } from '../digest-content.ts';
import type { Palette } from '../palette.ts';
import { MailDocument, Masthead } from './mail-document.tsx';
import { News, Section } from './section.tsx';
import { createStyleSheet, createStyles, type Styles } from './styles.ts';

/** Renders a digest as an HTML document for mail programs. All texts are escaped. */
export function renderHtml(
  content: DigestContent,
  palettes: { readonly light: Palette; readonly dark: Palette },
): string {
  const { name, day, sections, links } = content;
  const styles = createStyles(palettes.light);
  const document = (
    <MailDocument
      title={`${name}, ${day}`}
      preheader={toPreheader(content)}
      styles={styles}
      styleSheet={createStyleSheet(palettes.dark)}
    >
      <Masthead name={name} day={day} unsubscribe={links.unsubscribe} styles={styles} />
      {sections.map((section) => (
        <Section section={section} styles={styles} />
      ))}
      {content.news.length > 0 && <News news={content.news} styles={styles} />}
      <Footer content={content} styles={styles} />
    </MailDocument>
  );
  return `<!DOCTYPE html>\n${document.toString()}\n`;
}

/** The footer: why the mail came, the links to manage and unsubscribe, and the states of the lists. */
function Footer({ content, styles }: { content: DigestContent; styles: Styles }) {
  const { footer, links } = content;
  const summaryNote = findSummaryNote(content.sections.flatMap(({ cards }) => cards));
  return (
    <table role="presentation" cellpadding="0" cellspacing="0" style={`${styles.table};margin-top:36px`}>
      <tbody>
        <tr>
          <td class="dim bar" style={styles.footer}>
            <p class="dim" style={styles.line}>
              {footer.why}
            </p>
            {footer.subscriptions.length > 0 && (
              <ul class="dim" style={styles.list}>
                {footer.subscriptions.map((subscription) => (
                  <li>{subscription}</li>
                ))}
              </ul>
            )}
            <p class="dim" style={styles.line}>
              <a class="accent" style={styles.link} href={links.manage}>
                Your subscriptions
              </a>
              {' · '}
              <a class="accent" style={styles.link} href={links.mute}>
                Mute a paper or an author
              </a>
              {' · '}
              <a class="accent" style={styles.link} href={links.unsubscribe}>
                Unsubscribe
              </a>
              {' · '}
              <a class="accent" style={styles.link} href={links.papers}>
                Browse all papers
              </a>
              {' · '}
              <a class="accent" style={styles.link} href={links.sorting}>
                How papers are sorted
              </a>
            </p>
            <p class="dim" style={styles.line}>
              {footer.personal}
            </p>
            {footer.lists.map(({ text, isAlarming }) => (
              <p
                class={isAlarming ? 'ink' : 'dim'}
                style={isAlarming ? `${styles.line};${styles.strong}` : styles.line}
              >
                {text}
              </p>
            ))}
            {summaryNote && (
              <p class="dim" style={styles.line}>
                {summaryNote}
              </p>
            )}
            {footer.postalAddress && (
              <p class="dim" style={styles.line}>
                {`${content.name}, ${footer.postalAddress}`}
              </p>
            )}
          </td>
        </tr>
      </tbody>
    </table>
  );
}
