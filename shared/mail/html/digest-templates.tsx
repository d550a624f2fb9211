import { NEWS_HEADING } from '../news-content.ts';
import type { Palette } from '../palette.ts';
import { META_SEPARATOR } from '../wording.ts';
import { MailDocument, Masthead } from './mail-document.tsx';
import { createStyleSheet, createStyles, type Styles } from './styles.ts';
import { createTemplate } from './template.ts';

export type DigestTemplates = ReturnType<typeof createDigestTemplates>;

/** Renders the parts of a digest's HTML once, with a place for each text that differs from mail to mail. */
export function createDigestTemplates(palettes: { readonly light: Palette; readonly dark: Palette }) {
  const styles = createStyles(palettes.light);
  const styleSheet = createStyleSheet(palettes.dark);
  return {
    document: createTemplate<
      'title' | 'preheader' | 'name' | 'day' | 'unsubscribe' | 'sections' | 'news' | 'footer'
    >((at) => (
      <MailDocument title={at('title')} preheader={at('preheader')} styles={styles} styleSheet={styleSheet}>
        <Masthead name={at('name')} day={at('day')} unsubscribe={at('unsubscribe')} styles={styles} />
        {at('sections')}
        {at('news')}
        {at('footer')}
      </MailDocument>
    )),
    ...sectionTemplates(styles),
    ...newsTemplates(styles),
    ...cardTemplates(styles),
    ...footerTemplates(styles),
  };
}

/** One subscription: its lists and query, its papers, and the number of further papers. */
function sectionTemplates(styles: Styles) {
  return {
    section: createTemplate<'heading' | 'query' | 'cards' | 'more'>((at) => (
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
    query: createTemplate<'query'>((at) => (
      <p class="ink" style={styles.query}>
        matching {at('query')}
      </p>
    )),
    more: createTemplate<'count' | 'url' | 'text'>((at) => (
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
function Title({ title, url, styles }: { title: string; url: string; styles: Styles }) {
  return (
    <h3 class="ink title" style={styles.title}>
      <a class="ink" style={styles.titleLink} href={url}>
        {title}
      </a>
    </h3>
  );
}

/** The news of papers that the reader knows: a line for each. */
function newsTemplates(styles: Styles) {
  return {
    news: createTemplate<'items'>((at) => (
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
    newsItem: createTemplate<'url' | 'title' | 'text'>((at) => (
      <tr>
        <td class="rule" style={styles.card}>
          <Title title={at('title')} url={at('url')} styles={styles} />
          <p class="dim" style={styles.meta}>
            {at('text')}
          </p>
        </td>
      </tr>
    )),
  };
}

/** One paper as a table row. The votes have a column of their own if any paper of the section has votes. */
function cardTemplates(styles: Styles) {
  const createCard = (hasVotes: boolean) =>
    createTemplate<'votes' | 'url' | 'title' | 'meta' | 'excerpt' | 'reason'>((at) => (
      <tr>
        {hasVotes && (
          <td class="dim rule votes" style={styles.votes}>
            {at('votes')}
          </td>
        )}
        <td class="rule" colspan={hasVotes ? undefined : 2} style={styles.card}>
          <Title title={at('title')} url={at('url')} styles={styles} />
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
    votes: createTemplate<'count' | 'noun'>((at) => (
      <>
        <span class="accent" style={styles.count}>
          {at('count')}
        </span>
        <br />
        {at('noun')}
      </>
    )),
    separator: createTemplate(() => <>{META_SEPARATOR}</>),
    metaLink: createTemplate<'url' | 'text'>((at) => (
      <a class="dim" style={styles.quietLink} href={at('url')}>
        {at('text')}
      </a>
    )),
    excerpt: createTemplate<'text'>((at) => (
      <p class="ink" style={styles.excerpt}>
        {at('text')}
      </p>
    )),
    reason: createTemplate<'text'>((at) => (
      <p class="dim" style={styles.reason}>
        {at('text')}
      </p>
    )),
    /** A word that the query found, on another ground. */
    mark: createTemplate<'text'>((at) => (
      <span class="ink mark" style={styles.mark}>
        {at('text')}
      </span>
    )),
  };
}

/** The footer: why the mail came, the links to manage and unsubscribe, and the states of the lists. */
function footerTemplates(styles: Styles) {
  return {
    footer: createTemplate<
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
    subscriptions: createTemplate<'items'>((at) => (
      <ul class="dim" style={styles.list}>
        {at('items')}
      </ul>
    )),
    subscription: createTemplate<'text'>((at) => <li>{at('text')}</li>),
    line: createTemplate<'text'>((at) => (
      <p class="dim" style={styles.line}>
        {at('text')}
      </p>
    )),
    alarm: createTemplate<'text'>((at) => (
      <p class="ink" style={`${styles.line};${styles.strong}`}>
        {at('text')}
      </p>
    )),
  };
}
