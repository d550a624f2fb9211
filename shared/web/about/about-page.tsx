import { Hono } from 'hono';
import type { FC } from 'hono/jsx';
import { findList, type ListId, nameOfList } from '../../domain/lists.ts';
import type { Publication } from '../../mail/publication.ts';
import { toReaderText } from '../../mail/reader-text.ts';
import { SORTING_PATH } from '../papers/paper-selection.ts';
import { allowCaching } from '../parts/caching.ts';
import { SitePage } from '../parts/page.tsx';
import { SEARCH_HELP_PATH } from '../search/search-page.tsx';
import { SubscribeBanner } from '../sign-up/subscribe-banner.tsx';

interface AboutProps {
  readonly publication: Publication;
  /** The lists that are read here. */
  readonly lists: readonly ListId[];
}

/** The page that says what this site is. */
export function createAboutRoutes({ publication, lists }: AboutProps): Hono {
  const app = new Hono({ strict: false });
  app.get('/about', (c) => {
    allowCaching(c, 'static');
    return c.html(<AboutPage {...{ publication, lists }} />);
  });
  return app;
}

const MAX_NAME_CHARS = 80;

const AboutPage: FC<AboutProps> = ({ publication, lists }) => {
  const { name } = publication;
  const email = publication.replyTo ?? publication.fromAddress;
  return (
    <SitePage
      publication={publication}
      heading={`About ${name}`}
      preview={{
        path: '/about',
        description: `What ${name} is, where its papers come from, and how to follow them by mail, feed or API.`,
      }}
    >
      <p>
        {name} shows new research papers. You can read them here day by day, search them, and get those that
        match your interests by mail.
      </p>
      <h2>Where the papers come from</h2>
      <p>We read these lists many times a day:</p>
      <ul>
        {lists.map((list) => (
          <li key={list}>
            <a href={findList(list)?.url}>{toReaderText(nameOfList(list), MAX_NAME_CHARS)}</a>
          </li>
        ))}
      </ul>
      <p>
        Titles, abstracts and authors are those of arXiv. Votes, comments, keywords and short summaries are
        those of Hugging Face. We keep each paper that was ever on a list.{' '}
        <a href="/status">The status of the lists</a> says when we last read them.
      </p>
      <h2>How they are sorted</h2>
      <p>
        Trending papers come first: those with many votes for their age. Nobody can pay for a place.{' '}
        <a href={SORTING_PATH}>How papers are sorted</a>
      </p>
      <h2>How to search</h2>
      <p>
        <a href="/search">The search</a> looks at titles, abstracts, keywords, authors and organisations of
        all papers. <a href={SEARCH_HELP_PATH}>How to search</a>
      </p>
      <h2>Ways to follow</h2>
      <ul>
        <li>
          By mail: <a href="/sign-up">sign up</a>, and choose lists, words, days and an hour. Each mail has a
          link to unsubscribe. One click is enough.
        </li>
        <li>
          By feed, as Atom or JSON: <Feed path="/feeds/trending" words="trending papers" />
          {lists.map((list) => (
            <>
              , <Feed path={`/feeds/lists/${list}`} words={toReaderText(nameOfList(list), MAX_NAME_CHARS)} />
            </>
          ))}
          . The page of a search, an author or an organisation has a feed of its own.
        </li>
        <li>
          By program: <a href="/docs">the HTTP API</a> has the same papers.
        </li>
      </ul>
      <h2>What we keep about you</h2>
      <p>
        These pages set no cookies and load nothing from other sites. Of subscribers we keep the address and
        what they chose. <a href="/privacy">Privacy</a>
      </p>
      <h2>Contact</h2>
      <p>
        Write to <a href={`mailto:${email}`}>{email}</a>.
      </p>
      <SubscribeBanner site={{ publication }} />
    </SitePage>
  );
};

/** A feed in both of its forms. */
const Feed: FC<{ path: string; words: string }> = ({ path, words }) => (
  <>
    <a href={`${path}.atom`}>{words}</a> (<a href={`${path}.json`}>JSON</a>)
  </>
);
