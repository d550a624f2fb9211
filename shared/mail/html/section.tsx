import type { CardContent, MetaItem } from '../card-content.ts';
import type { SectionContent } from '../digest-content.ts';
import { NEWS_HEADING, type NewsContent } from '../news-content.ts';
import type { TextPart } from '../text-parts.ts';
import { bindWords, META_SEPARATOR, toCompactNumber, toCountText } from '../wording.ts';
import type { Styles } from './styles.ts';

/** One subscription: its lists and query, its papers, and the number of further papers. */
export function Section({ section, styles }: { section: SectionContent; styles: Styles }) {
  const { heading, query, cards, more } = section;
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
        {more && (
          <tr>
            <td colspan={2} class="ink rule" style={styles.more}>
              {toCountText(more.count, cards.length > 0 ? 'more paper' : 'paper')} matched.{' '}
              <a class="accent" style={styles.link} href={more.url}>
                {more.text}
              </a>
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

/** The news of papers that the reader knows: a line for each. */
export function News({ news, styles }: { news: readonly NewsContent[]; styles: Styles }) {
  return (
    <table role="presentation" cellpadding="0" cellspacing="0" style={styles.table}>
      <tbody>
        <tr>
          <td style={styles.heading}>
            <h2 class="accent" style={styles.lists}>
              {NEWS_HEADING}
            </h2>
          </td>
        </tr>
        {news.map(({ title, url, text }) => (
          <tr>
            <td class="rule" style={styles.card}>
              <h3 class="ink title" style={styles.title}>
                <a class="ink" style={styles.titleLink} href={url}>
                  {title}
                </a>
              </h3>
              <p class="dim" style={styles.meta}>
                {text}
              </p>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** One paper as a table row. The votes have a column of their own if any paper of the section has votes. */
function Card({ card, hasVotes, styles }: { card: CardContent; hasVotes: boolean; styles: Styles }) {
  const { titleParts, url, votes, meta, excerptParts, reason } = card;
  return (
    <tr>
      {hasVotes && (
        <td class="dim rule votes" style={styles.votes}>
          {votes > 0 && <Votes votes={votes} styles={styles} />}
        </td>
      )}
      <td class="rule" colspan={hasVotes ? undefined : 2} style={styles.card}>
        <h3 class="ink title" style={styles.title}>
          <a class="ink" style={styles.titleLink} href={url}>
            <Marked parts={titleParts} styles={styles} />
          </a>
        </h3>
        <p class="dim" style={styles.meta}>
          {meta.map((item, index) => (
            <>
              {index > 0 && META_SEPARATOR}
              <Meta item={item} styles={styles} />
            </>
          ))}
        </p>
        {excerptParts.length > 0 && (
          <p class="ink" style={styles.excerpt}>
            <Marked parts={excerptParts} styles={styles} />
          </p>
        )}
        {reason && (
          <p class="dim" style={styles.reason}>
            {reason}
          </p>
        )}
      </td>
    </tr>
  );
}

/** A text with the words that the query found on another ground. */
function Marked({ parts, styles }: { parts: readonly TextPart[]; styles: Styles }) {
  return (
    <>
      {parts.map(({ text, isFound }) =>
        isFound ? (
          <span class="ink mark" style={styles.mark}>
            {text}
          </span>
        ) : (
          text
        ),
      )}
    </>
  );
}

function Votes({ votes, styles }: { votes: number; styles: Styles }) {
  const [, noun] = toCountText(votes, 'vote').split(' ');
  return (
    <>
      <span class="accent" style={styles.count}>
        {toCompactNumber(votes)}
      </span>
      <br />
      {noun}
    </>
  );
}

function Meta({ item, styles }: { item: MetaItem; styles: Styles }) {
  const text = bindWords(item.text);
  if (!item.url) return <>{text}</>;
  return (
    <a class="dim" style={styles.quietLink} href={item.url}>
      {text}
    </a>
  );
}
