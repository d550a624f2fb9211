import type { Hono } from 'hono';
import type { FC } from 'hono/jsx';
import { findCategoryOf, toListGroups } from '../../domain/lists/list-groups.ts';
import type { KnownList, ListId } from '../../domain/lists/lists.ts';
import { SORTING_PATH } from '../../presentation/papers-path.ts';
import { contactOf, type Publication } from '../../presentation/publication.ts';
import { toReaderText } from '../../presentation/reader-text.ts';
import { toCountText } from '../../presentation/wording.ts';
import { SitePage } from '../parts/page.tsx';
import { createStaticPage } from '../parts/static-page.ts';
import { SubscribeBanner } from '../parts/subscribe-banner.tsx';
import { SEARCH_HELP_PATH } from '../paths/search-path.ts';

interface AboutProps {
  readonly publication: Publication;
  /** The lists that are read here. */
  readonly lists: readonly ListId[];
}

/** The page that says what this site is. */
export function createAboutRoutes({ publication, lists }: AboutProps): Hono {
  return createStaticPage('/about', () => <AboutPage publication={publication} lists={lists} />);
}

const MAX_NAME_CHARS = 80;

const AboutPage: FC<AboutProps> = ({ publication, lists }) => {
  const { name } = publication;
  const email = contactOf(publication);
  return (
    <SitePage
      publication={publication}
      heading={`About ${name}`}
      metadata={{
        path: '/about',
        description: `What ${name} is, where its papers come from, and how to follow them by email, feed or API.`,
      }}
    >
      <p>
        {name} shows new research papers. You can read them here day by day, search them, and get those that
        match your interests by email.
      </p>
      <h2>Where the papers come from</h2>
      <p id="lists">We read {lists.length === 1 ? 'this list' : 'these lists'} many times a day:</p>
      <ListDirectory lists={lists} />
      <p>
        Titles, abstracts and authors come from arXiv if we read the paper there, and otherwise from its list.
        Votes, comments, keywords and short summaries come from Hugging Face. We keep each paper that was ever
        on a list. <a href="/status">The status of the lists</a> says when we last read them.
      </p>
      <h2>How they are sorted</h2>
      <p>
        On the page of a day, trending papers come first: those with many votes for their age. Nobody can pay
        for a place. <a href={SORTING_PATH}>How papers are sorted</a>
      </p>
      <h2>How to search</h2>
      <p>
        <a href="/search">The search</a> looks at titles, abstracts, keywords, authors and organisations of
        all papers. <a href={SEARCH_HELP_PATH}>How to search</a>
      </p>
      <h2>Ways to follow</h2>
      <ul>
        <li>
          By email: <a href="/sign-up">sign up</a>, and choose lists, keywords, frequency and hour. Each email
          has a link to unsubscribe. One click is enough.
        </li>
        <li>
          By feed, as Atom or JSON: <Feed path="/feeds/trending" words="trending papers" />. Each list{' '}
          <a href="#lists">above</a> has a feed, too. For JSON, its address ends in <code>.json</code>. The
          page of a search, an author or an organisation has a feed of its own.
        </li>
        <li>
          By program: <a href="/docs">the HTTP API</a> has the same papers.
        </li>
      </ul>
      <h2>What we keep about you</h2>
      <p>
        These pages set no cookies and load nothing from other sites. <a href="/privacy">Privacy</a> says what
        we keep about subscribers.
      </p>
      <h2>Contact</h2>
      <p>
        Write to <a href={`mailto:${email}`}>{email}</a>.
      </p>
      <SubscribeBanner site={{ publication }} />
    </SitePage>
  );
};

/** Up to this many lists are shown without groups. */
const MAX_UNGROUPED_LISTS = 12;

/** The lists with their papers and feeds. Many are in groups that open. */
const ListDirectory: FC<Pick<AboutProps, 'lists'>> = ({ lists }) => {
  const groups = toListGroups(lists);
  if (lists.length <= MAX_UNGROUPED_LISTS) return <Lists lists={groups.flatMap((group) => group.lists)} />;
  return (
    <>
      {groups.map(({ id, name, lists: members }) => (
        <details key={id}>
          <summary>
            {name} <span class="faint">{toCountText(members.length, 'list')}</span>
          </summary>
          <Lists lists={members} />
        </details>
      ))}
    </>
  );
};

const Lists: FC<{ lists: readonly KnownList[] }> = ({ lists }) => (
  <ul>
    {lists.map(({ id, name }) => (
      <li key={id}>
        <ListLink id={id} name={name} /> (<a href={`/feeds/lists/${id}.atom`}>feed</a>)
      </li>
    ))}
  </ul>
);

/** A link to the papers of a list. A category of arXiv also shows its code, because other pages use it: `Computation and Language cs.CL`. */
const ListLink: FC<Pick<KnownList, 'id' | 'name'>> = ({ id, name }) => {
  const category = findCategoryOf(id);
  return (
    <>
      <a href={`/papers?lists=${id}`}>{category?.name ?? toReaderText(name, MAX_NAME_CHARS)}</a>
      {category && <span class="faint"> {category.id}</span>}
    </>
  );
};

/** A feed in both of its forms. */
const Feed: FC<{ path: string; words: string }> = ({ path, words }) => (
  <>
    <a href={`${path}.atom`}>{words}</a> (<a href={`${path}.json`}>JSON</a>)
  </>
);
