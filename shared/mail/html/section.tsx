import type { SectionContent } from '../digest-content.ts';
import { toCountText } from '../wording.ts';
import { Card } from './card.tsx';
import type { Styles } from './styles.ts';

/** One subscription: what it asked for, its papers, and how many more there are. */
export function Section({ section, styles }: { section: SectionContent; styles: Styles }) {
  const { heading, query, cards, moreCount, moreLink } = section;
  const hasVotes = cards.some(({ votes }) => votes > 0);
  return (
    <table role="presentation" cellpadding="0" cellspacing="0" style={styles.table}>
      <tbody>
        <tr>
          <td colspan={2} style={styles.heading}>
            <h2 class="accent" style={styles.lists}>
              {heading}
            </h2>
            {query && (
              <p class="ink" style={styles.query}>
                matching {query}
              </p>
            )}
          </td>
        </tr>
        {cards.map((card) => (
          <Card card={card} hasVotes={hasVotes} styles={styles} />
        ))}
        {moreCount > 0 && (
          <tr>
            <td colspan={2} class="ink rule" style={styles.more}>
              {toCountText(moreCount, cards.length > 0 ? 'more paper' : 'paper')} matched.{' '}
              <a class="accent" style={styles.link} href={moreLink.url}>
                {moreLink.text}
              </a>
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
