import type { DigestContent } from '../digest-content.ts';
import type { Styles } from './styles.ts';

/** The publication's name and the day; beside it the way out, which is found without reading to the end. */
export function Masthead({ content, styles }: { content: DigestContent; styles: Styles }) {
  const { name, day, links } = content;
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
            <td class="ink bar" style={`${styles.dateline};${styles.right}`}>
              <a class="dim" style={styles.quietLink} href={links.unsubscribe}>
                Unsubscribe
              </a>
            </td>
          </tr>
        </tbody>
      </table>
    </>
  );
}
