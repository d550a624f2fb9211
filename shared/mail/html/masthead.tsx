import type { Styles } from './styles.ts';

interface MastheadProps {
  readonly name: string;
  readonly day: string;
  /** Where a mail that comes again and again is stopped. */
  readonly unsubscribe?: string;
  readonly styles: Styles;
}

/** The publication's name and the day; beside it the way out, which is found without reading to the end. */
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
