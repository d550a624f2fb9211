import type { DigestContent } from '../digest-content.ts';
import { findSummaryNote } from '../summary-note.ts';
import type { Styles } from './styles.ts';

/** Why the mail came, how the lists are doing, where the subscriptions are shown, and how to stop it. */
export function Footer({ content, styles }: { content: DigestContent; styles: Styles }) {
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
              <a class="accent" style={styles.link} href={links.unsubscribe}>
                Unsubscribe
              </a>
              {' · '}
              <a class="accent" style={styles.link} href={links.papers}>
                Browse all papers
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
