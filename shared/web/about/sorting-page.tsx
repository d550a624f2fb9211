import type { Hono } from 'hono';
import type { FC } from 'hono/jsx';
import type { Paper } from '../../domain/papers/paper.ts';
import { addMs, type Instant, MS_PER_HOUR, msBetween } from '../../domain/time/time.ts';
import { rankPapers, TRENDING_RULES, type TrendingInput, trendingPoints } from '../../matching/trending.ts';
import { SORTING_PATH } from '../../presentation/papers-path.ts';
import type { Publication } from '../../presentation/publication.ts';
import { toCountText, toListing } from '../../presentation/wording.ts';
import { SitePage } from '../parts/page.tsx';
import { createStaticPage } from '../parts/static-page.ts';
import { SubscribeBanner } from '../parts/subscribe-banner.tsx';

/** The page that explains how papers are sorted, with an example that the real functions compute. */
export function createSortingRoutes({ publication }: { readonly publication: Publication }): Hono {
  return createStaticPage(SORTING_PATH, () => <SortingPage publication={publication} />);
}

const { halfLifeMs, pointsPerComment, pointsPerGrowth, newMs, newVotes } = TRENDING_RULES;
const HALF_LIFE = toCountText(halfLifeMs / MS_PER_HOUR, 'hour');
const NEW_HOURS = toCountText(newMs / MS_PER_HOUR, 'hour');

/** A paper of the example. */
type Example = TrendingInput & Pick<Paper, 'id'> & { readonly story: string };

const START: Instant = '2026-01-05T08:00:00.000Z';

/** Creates a paper of the example from its votes at the given hours. */
function createExample(
  id: string,
  story: string,
  comments: number,
  votes: readonly (readonly [hour: number, upvotes: number])[],
): Example {
  const voteCounts = votes.map(([hour, upvotes]) => ({
    at: addMs(START, hour * MS_PER_HOUR),
    upvotes,
    comments,
  }));
  return {
    id,
    story,
    comments,
    voteCounts,
    upvotes: voteCounts.at(-1)?.upvotes ?? 0,
    firstSeenAt: voteCounts[0]?.at ?? START,
  };
}

const EXAMPLES: readonly Example[] = [
  createExample('A', 'two days old, and still read', 6, [
    [0, 30],
    [24, 50],
    [46, 62],
    [50, 64],
  ]),
  createExample('B', 'a day old, and read on its first day', 2, [
    [24, 12],
    [36, 38],
    [40, 40],
  ]),
  createExample('C', 'new', 0, [[50, 25]]),
  createExample('D', 'new, with few votes until 30 came at once', 0, [
    [44, 2],
    [50, 32],
  ]),
];

const SortingPage: FC<{ publication: Publication }> = ({ publication }) => {
  const ranked = rankPapers(EXAMPLES);
  const newest =
    ranked
      .map(({ firstSeenAt }) => firstSeenAt)
      .sort()
      .at(-1) ?? START;
  return (
    <SitePage
      publication={publication}
      heading="How papers are sorted"
      metadata={{
        path: SORTING_PATH,
        description: `How ${publication.name} sorts papers: what counts, what does not, and an example.`,
      }}
      style={STYLE}
    >
      <p>
        Trending papers come first on the front page, on the page of a day and in digests. Other pages say how
        they are sorted. A subscription can also have the newest papers first, or the best matches.
      </p>
      <h2 id="trending">Trending</h2>
      <p>A paper has points:</p>
      <ul>
        <li>one for the paper itself,</li>
        <li>one for each vote,</li>
        <li>{toHalf(pointsPerComment)} for each comment,</li>
        <li>
          {toHalf(pointsPerGrowth)} more for each vote of its growth. Those are the votes that came from 24
          hours to {NEW_HOURS} before the newest change of its votes or comments.
        </li>
      </ul>
      <p>
        Then age counts. For the same place, a paper needs twice the points for each {HALF_LIFE} that it is
        older. Age begins when we first see a paper. So an old paper that is listed today is new here.
      </p>
      <h2 id="unknown">Papers without known votes</h2>
      <p>
        arXiv and feeds do not count votes, so for their papers we do not know how many people like them. On
        the pages such papers come after those with votes, and show no number of votes. In a digest they take
        turns: two papers with votes, then one without, as long as there are both. Papers without votes are
        sorted by how well they match your query. If two match equally, the one whose main category you follow
        comes first, and otherwise the newer one. If Hugging Face picks such a paper later, it has votes from
        then on, and its age begins then.
      </p>
      <h2 id="example">An example</h2>
      <p>
        Made-up papers, in the order in which they would appear. The last column halves the points for each{' '}
        {HALF_LIFE} that a paper is older than the newest one.
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Paper</th>
            <th scope="col">Points</th>
            <th scope="col">Older by</th>
            <th scope="col">With age</th>
          </tr>
        </thead>
        <tbody>
          {ranked.map((paper) => {
            const { total } = trendingPoints(paper);
            const olderMs = msBetween(paper.firstSeenAt, newest);
            return (
              <tr key={paper.id}>
                <th scope="row">{paper.id}</th>
                <td>{toNumber(total)}</td>
                <td>{toCountText(olderMs / MS_PER_HOUR, 'hour')}</td>
                <td>{toNumber(total * 0.5 ** (olderMs / halfLifeMs))}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <ul>
        {EXAMPLES.map((paper) => (
          <li key={paper.id}>{toSum(paper)}</li>
        ))}
      </ul>
      <h2 id="bursts">Many votes at once</h2>
      <p>
        Many votes at once may be a campaign. So the votes of the {NEW_HOURS} before the newest change of the
        votes or comments count in full only up to a limit: {newVotes}, or as many as the paper had before.
        Votes beyond the limit count little. Once the paper gets another vote or comment {NEW_HOURS} later,
        they all count in full.
      </p>
      <h2 id="rest">What does not count</h2>
      <p>
        Stars on GitHub, the date of publication and the size of a list do not count. We tried them on
        recorded days, and they made the order no better. Who wrote a paper does not count, and nobody can pay
        for a place.
      </p>
      <p>
        No order can foretell which papers people will like. On the recorded days this order did about as well
        as sorting by votes alone. The two orders differ when papers are of different ages.
      </p>
      <h2 id="other">Other orders</h2>
      <p>
        <b>Newest papers first</b>: the paper that we saw last comes first. One that Hugging Face picks later
        counts from then on. Papers that came together are sorted by publication.
      </p>
      <p>
        <b>Best matches first</b>: each different term of your query counts 5 if it is in the title of a
        paper. It counts 3 if it is in the abstract or the keywords only. Names of authors and organisations
        count 5. Papers that match equally well are sorted by trend.
      </p>
      <SubscribeBanner site={{ publication }} />
    </SitePage>
  );
};

/** `A is two days old, and still read: 64 votes, 6 comments, growth of 32. 1 + 64 + 3 + 16 = 84 points` */
function toSum(paper: Example): string {
  const { votes, comments, growth, total } = trendingPoints(paper);
  const facts = [
    toCountText(paper.upvotes, 'vote'),
    ...(paper.comments > 0 ? [toCountText(paper.comments, 'comment')] : []),
    ...(growth > 0 ? [`growth of ${toNumber(growth / pointsPerGrowth)}`] : []),
  ];
  const parts = [1, votes, comments, growth].filter((part) => part > 0).map(toNumber);
  return `${paper.id} is ${paper.story}: ${toListing(facts)}. ${parts.join(' + ')} = ${toNumber(total)} points.`;
}

function toHalf(points: number): string {
  return points === 0.5 ? 'half a point' : toCountText(points, 'point');
}

function toNumber(value: number): string {
  return String(Math.round(value * 10) / 10);
}

const STYLE = `
main ul { margin: .5rem 0; }
table { width: 100%; margin: .75rem 0; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .4rem .25rem; border-bottom: 1px solid var(--line); text-align: right; }
th { font-weight: 600; }
th:first-child { text-align: left; }
`;
