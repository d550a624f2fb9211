import type { FC } from 'hono/jsx';
import type { MetaItem } from '../../presentation/card-content.ts';
import type { TextPart } from '../../presentation/text-parts.ts';
import { bindWords, META_SEPARATOR, toCompactNumber, toCountText } from '../../presentation/wording.ts';
import { toNamePath } from '../paths/paper-paths.ts';
import { toSearchPath } from '../paths/search-path.ts';
import type { PageCard } from './page-cards.ts';

export interface PaperCardsProps {
  /** Best first. */
  readonly cards: readonly PageCard[];
  /** The rank of the first card among all papers, counted from 1. @default 1 */
  readonly start?: number;
}

/**
 * Papers as in a mail: votes beside the title, one line of facts, two sentences, and why each matched. The abstract opens on request. In
 * the column of votes, a dash means that no source counts the votes.
 */
export const PaperCards: FC<PaperCardsProps> = ({ cards, start = 1 }) => {
  const hasVotes = cards.some(({ votes }) => votes > 0);
  return (
    <ol class={hasVotes ? 'cards voted' : 'cards'} start={start}>
      {cards.map((card) => (
        <li key={card.paperId}>
          {hasVotes && <Votes card={card} />}
          <div>
            <h2>
              <a href={card.path}>
                <Marked parts={card.titleParts} />
              </a>
            </h2>
            <p class="meta">
              {card.meta.map((item, index) => (
                <>
                  {index > 0 && META_SEPARATOR}
                  <Meta item={item} />
                </>
              ))}
            </p>
            {card.excerpt && (
              <p class={card.isAiSummary ? undefined : 'start'}>
                <Marked parts={card.excerptParts} />
              </p>
            )}
            {card.abstractParts.length > 0 && (
              <details>
                <summary>Abstract</summary>
                <p>
                  <Marked parts={card.abstractParts} />
                  {card.isAbstractCut && (
                    <>
                      {' '}
                      <a href={card.path}>Read on</a>
                    </>
                  )}
                </p>
              </details>
            )}
            {card.reason && <p class="reason">{card.reason}</p>}
          </div>
        </li>
      ))}
    </ol>
  );
};

const Votes: FC<{ card: PageCard }> = ({ card: { votes, hasKnownVotes, growth } }) => {
  if (!hasKnownVotes)
    return (
      <p class="votes" aria-hidden="true" title="No votes are counted for this paper">
        –
      </p>
    );
  const [, noun] = toCountText(votes, 'vote').split(' ');
  return (
    <p class="votes">
      {votes > 0 ? <b>{toCompactNumber(votes)}</b> : votes} {noun}
      {growth && (
        <>
          {' '}
          <span>{growth}</span>
        </>
      )}
    </p>
  );
};

/** A text with the words that a query found marked. */
export const Marked: FC<{ parts: readonly TextPart[] }> = ({ parts }) => (
  <>{parts.map(({ text, isFound }) => (isFound ? <mark>{text}</mark> : text))}</>
);

const Meta: FC<{ item: MetaItem }> = ({ item }) => {
  const { text } = item;
  const href = findHref(item);
  return href ? <a href={href}>{bindWords(text)}</a> : <span>{bindWords(text)}</span>;
};

function findHref({ url, organisation, category }: MetaItem): string | undefined {
  if (category) return toSearchPath({ query: `cat:${category}` });
  return organisation ? toNamePath('organisation', organisation) : url;
}

/** A narrow column has no room beside the text. */
const VOTES_ABOVE = `
  .cards.voted > li { display: block; }
  .cards .votes { margin: 0 0 .15rem; font-size: .8125rem; }
  .cards .votes[aria-hidden] { display: none; }
  .cards .votes b, .cards .votes span { display: inline; font-size: inherit; }
  .cards .votes span::before { content: '· '; }
`;

/** The style of {@link PaperCards}. */
export const CARD_STYLE = `
.cards { margin: 1.25rem 0 0; padding: 0; border-top: 1px solid var(--ink); list-style: none; }
.cards > li { padding: 1rem 0 1.1rem; border-bottom: 1px solid var(--line); break-inside: avoid; }
.cards:has(+ .banner) > li:last-child { padding-bottom: 0; border-bottom: 0; }
.cards.voted > li { display: grid; grid-template-columns: 5.75rem minmax(0, 1fr); }
.cards.voted > li > div { grid-column: 2; }
.cards p { margin: .4rem 0 0; }
.cards .votes { margin: .1rem 0 0; color: var(--faint); font-size: .75rem; line-height: 1.3; }
.cards .votes b { display: block; color: var(--accent); font-size: 1.125rem; line-height: 1.2; }
.cards .votes span { display: block; white-space: nowrap; }
.cards .votes[aria-hidden] { font-size: 1.125rem; line-height: 1.2; }
.cards h2 { margin: 0; font: 700 1.25rem/1.3 var(--serif); overflow-wrap: anywhere; }
.cards h2 a { text-decoration: none; }
.cards h2 a:hover { text-decoration: underline; }
.cards .meta { margin-top: .2rem; color: var(--faint); font-size: .8125rem; line-height: 1.75; overflow-wrap: anywhere; }
.cards .meta a { padding: .3rem 0; }
.cards details { max-width: none; margin: -.35rem 0 -.75rem; padding: 0; border: 0; }
.cards summary { width: max-content; padding: .8rem .8rem .8rem 0; color: var(--faint); font-size: .8125rem; }
.cards details p { margin: -.4rem 0 0; padding-bottom: .75rem; font-size: .9375rem; }
.cards div:has(details[open]) > .start { display: none; }
.cards .reason { color: var(--faint); font: italic .875rem/1.4 var(--serif); }
@media (max-width: 34rem) {
  .cards h2 { font-size: 1.125rem; }
${VOTES_ABOVE}}
@media print {
  .cards { columns: 17rem 2; column-gap: 2rem; }
  .cards > li { padding: .5rem 0 .6rem; }
  .cards h2 { font-size: 12pt; }
  .cards details { display: none; }
${VOTES_ABOVE}}
`;
