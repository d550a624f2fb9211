import { META_SEPARATOR } from '../../presentation/wording.ts';
import { NEWS_HEADING } from '../news-content.ts';
import { MailDocument, Masthead } from './mail-document.tsx';
import { createMarkup, STYLE_SHEET, styles } from './markup.ts';

// Only the texts that this file exports are bundled: `infra/bundles/render-markup.ts`. A start renders nothing.

/** The HTML of a digest in parts, with a slot for each style and for each text that differs from mail to mail. */
export const digestMarkup = {
  document: createMarkup<
    'title' | 'preheader' | 'name' | 'day' | 'unsubscribe' | 'sections' | 'news' | 'footer'
  >((at) => (
    <MailDocument title={at('title')} preheader={at('preheader')} styles={styles} styleSheet={STYLE_SHEET}>
      <Masthead name={at('name')} day={at('day')} unsubscribe={at('unsubscribe')} styles={styles} />
      {at('sections')}
      {at('news')}
      {at('footer')}
    </MailDocument>
  )),
  ...sectionMarkup(),
  ...newsMarkup(),
  ...cardMarkup(),
  ...footerMarkup(),
};

/** One subscription: its lists and query, its papers, and the number of further papers. */
function sectionMarkup() {
  return {
    section: createMarkup<'heading' | 'query' | 'cards' | 'more'>((at) => (
      <table role="presentation" cellpadding="0" cellspacing="0" style={styles.table}>
        <tbody>
          <tr>
            <td colspan={2} style={styles.heading}>
              <h2 class="accent" style={styles.lists}>
                {at('heading')}
              </h2>
              {at('query')}
            </td>
          </tr>
          {at('cards')}
          {at('more')}
        </tbody>
      </table>
    )),
    query: createMarkup<'query'>((at) => (
      <p class="ink" style={styles.query}>
        matching {at('query')}
      </p>
    )),
    more: createMarkup<'count' | 'url' | 'text'>((at) => (
      <tr>
        <td colspan={2} class="ink rule" style={styles.more}>
          {at('count')} matched.{' '}
          <a class="accent" style={styles.link} href={at('url')}>
            {at('text')}
          </a>
        </td>
      </tr>
    )),
  };
}

/** The title of a paper, which leads to its page. */
function Title({ title, url }: { title: string; url: string }) {
  return (
    <h3 class="ink title" style={styles.title}>
      <a class="ink" style={styles.titleLink} href={url}>
        {title}
      </a>
    </h3>
  );
}

/** The news of papers that the reader knows: a line for each. */
function newsMarkup() {
  return {
    news: createMarkup<'items'>((at) => (
      <table role="presentation" cellpadding="0" cellspacing="0" style={styles.table}>
        <tbody>
          <tr>
            <td style={styles.heading}>
              <h2 class="accent" style={styles.lists}>
                {NEWS_HEADING}
              </h2>
            </td>
          </tr>
          {at('items')}
        </tbody>
      </table>
    )),
    newsItem: createMarkup<'url' | 'title' | 'text'>((at) => (
      <tr>
        <td class="rule" style={styles.card}>
          <Title title={at('title')} url={at('url')} />
          <p class="dim" style={styles.meta}>
            {at('text')}
          </p>
        </td>
      </tr>
    )),
  };
}

/**
 * One paper as a table row. The votes have a column of their own if any paper of the section has votes. A paper without votes leaves it
 * empty, so all titles of the section begin at one edge and none looks more important.
 */
function cardMarkup() {
  const createCard = (hasVotes: boolean) =>
    createMarkup<'votes' | 'url' | 'title' | 'meta' | 'excerpt' | 'reason'>((at) => (
      <tr>
        {hasVotes && (
          <td class="dim rule votes" style={styles.votes}>
            {at('votes')}
          </td>
        )}
        <td class="rule" colspan={hasVotes ? undefined : 2} style={styles.card}>
          <Title title={at('title')} url={at('url')} />
          <p class="dim" style={styles.meta}>
            {at('meta')}
          </p>
          {at('excerpt')}
          {at('reason')}
        </td>
      </tr>
    ));
  return {
    card: createCard(false),
    cardWithVotes: createCard(true),
    votes: createMarkup<'count' | 'noun'>((at) => (
      <>
        <span class="accent" style={styles.count}>
          {at('count')}
        </span>
        <br />
        {at('noun')}
      </>
    )),
    separator: createMarkup(() => <>{META_SEPARATOR}</>),
    metaLink: createMarkup<'url' | 'text'>((at) => (
      <a class="dim" style={styles.quietLink} href={at('url')}>
        {at('text')}
      </a>
    )),
    excerpt: createMarkup<'text'>((at) => (
      <p class="ink" style={styles.excerpt}>
        {at('text')}
      </p>
    )),
    reason: createMarkup<'text'>((at) => (
      <p class="dim" style={styles.reason}>
        {at('text')}
      </p>
    )),
    /** A word that the query found, on another ground. */
    mark: createMarkup<'text'>((at) => (
      <span class="ink mark" style={styles.mark}>
        {at('text')}
      </span>
    )),
  };
}

/** The footer: why the mail came, the links to manage and unsubscribe, and the states of the lists. */
function footerMarkup() {
  return {
    footer: createMarkup<
      | 'why'
      | 'subscriptions'
      | 'manage'
      | 'mute'
      | 'unsubscribe'
      | 'papers'
      | 'sorting'
      | 'personal'
      | 'lines'
    >((at) => (
      <table role="presentation" cellpadding="0" cellspacing="0" style={`${styles.table};margin-top:36px`}>
        <tbody>
          <tr>
            <td class="dim bar" style={styles.footer}>
              <p class="dim" style={styles.line}>
                {at('why')}
              </p>
              {at('subscriptions')}
              <p class="dim" style={styles.line}>
                <a class="accent" style={styles.link} href={at('manage')}>
                  Your subscriptions
                </a>
                {' · '}
                <a class="accent" style={styles.link} href={at('mute')}>
                  Mute a paper or an author
                </a>
                {' · '}
                <a class="accent" style={styles.link} href={at('unsubscribe')}>
                  Unsubscribe
                </a>
                {' · '}
                <a class="accent" style={styles.link} href={at('papers')}>
                  All papers from these days
                </a>
                {' · '}
                <a class="accent" style={styles.link} href={at('sorting')}>
                  How papers are sorted
                </a>
              </p>
              <p class="dim" style={styles.line}>
                {at('personal')}
              </p>
              {at('lines')}
            </td>
          </tr>
        </tbody>
      </table>
    )),
    subscriptions: createMarkup<'items'>((at) => (
      <ul class="dim" style={styles.list}>
        {at('items')}
      </ul>
    )),
    subscription: createMarkup<'text'>((at) => <li>{at('text')}</li>),
    line: createMarkup<'text'>((at) => (
      <p class="dim" style={styles.line}>
        {at('text')}
      </p>
    )),
    alarm: createMarkup<'text'>((at) => (
      <p class="ink" style={`${styles.line};${styles.strong}`}>
        {at('text')}
      </p>
    )),
  };
}
