import type { Child, FC } from 'hono/jsx';
import { findArxivCategory } from '../../../domain/lists/arxiv-names.ts';
import { nameOfList } from '../../../domain/lists/lists.ts';
import { findVersions, isArxivId, type Paper } from '../../../domain/papers/paper.ts';
import { type Day, utcDayOf } from '../../../domain/time/time.ts';
import { findQueryFault } from '../../../matching/query/query-schema.ts';
import { toPaperTitle } from '../../../presentation/paper-text.ts';
import { findOwnPage, findWebUrl, linksOf, toPaperPath } from '../../../presentation/paper-url.ts';
import { toPapersPath } from '../../../presentation/papers-path.ts';
import type { Publication } from '../../../presentation/publication.ts';
import { shorten, toPaperText, toReaderText } from '../../../presentation/reader-text.ts';
import { toCompactNumber, toCountText, toDateText, toLongDay } from '../../../presentation/wording.ts';
import { SitePage } from '../../parts/page.tsx';
import { CitationTags, PaperData, paperImage } from '../../parts/sharing.tsx';
import { SubscribeBanner } from '../../parts/subscribe-banner.tsx';
import { toSearchPath } from '../../paths/search-path.ts';
import { Authors } from './authors.tsx';
import { toBibTex } from './bibtex.ts';
import { Facts, MAX_SHOWN_NAME_CHARS, ShortFacts, toLinkedName } from './facts.tsx';
import type { ListedOn, PaperPageData } from './load-paper.ts';
import { VOTES_CHART_STYLE, VotesChart } from './votes-chart.tsx';

export interface PaperPageProps extends PaperPageData {
  readonly publication: Publication;
  readonly today: Day;
}

/** The longest abstract on record has 1,920 characters. */
const MAX_ABSTRACT_CHARS = 8000;
const MAX_SUMMARY_CHARS = 2000;
const MAX_DESCRIPTION_CHARS = 200;
/** A list shows its newest days. */
const MAX_DAYS = 10;
const MAX_KEYWORDS = 20;

/** One paper: who wrote it, what it says, where it was listed, how its votes grew, and papers like it. */
export const PaperPage: FC<PaperPageProps> = ({ publication, paper, listedOn, similar, today }) => {
  const title = toPaperTitle(paper);
  const summary = toPaperText(paper.aiSummary ?? '', MAX_SUMMARY_CHARS);
  const abstract = toPaperText(paper.abstract, MAX_ABSTRACT_CHARS);
  return (
    <SitePage
      publication={publication}
      heading={title}
      metadata={{
        path: toPaperPath(paper.id),
        description: shorten(summary || abstract || title, MAX_DESCRIPTION_CHARS),
        image: paperImage(paper),
        type: 'article',
      }}
      head={
        <>
          <CitationTags paper={paper} />
          <PaperData publication={publication} paper={paper} path={toPaperPath(paper.id)} />
        </>
      }
      style={STYLE + VOTES_CHART_STYLE}
    >
      <Authors paper={paper} />
      <Facts paper={paper} />
      <Links paper={paper} listedOn={listedOn} />
      {summary && (
        <section>
          <h2>In short</h2>
          <p class="text">{summary}</p>
          <p class="faint">A model on Hugging Face wrote this summary. It may be wrong.</p>
        </section>
      )}
      <section>
        <h2>Abstract</h2>
        {abstract ? <p class="text">{abstract}</p> : <NoAbstract paper={paper} />}
      </section>
      {paper.voteCounts.length > 1 && (
        <section>
          <h2>Votes</h2>
          <VotesChart voteCounts={paper.voteCounts} today={today} />
        </section>
      )}
      <section>
        <h2>Details</h2>
        <dl>
          <Row name="Listed" values={toListings(listedOn)} />
          <Row name="Keywords" values={paper.aiKeywords.slice(0, MAX_KEYWORDS).map(toKeyword)} />
          <Row name="Categories" values={paper.categories.map(toCategory)} />
          <Row name="arXiv id" values={isArxivId(paper.id) ? [paper.id] : []} />
          <Row name="Versions" values={toVersions(paper)} />
          <Row name="Note" values={toTexts(paper.note)} />
          <Row name="Journal" values={toTexts(paper.journalReference)} />
          <Row name="DOI" values={toDoi(paper)} />
          <Row name="Licence" values={toLicence(paper)} />
        </dl>
        <details>
          <summary>Cite this paper (BibTeX)</summary>
          <pre class="copy">{toBibTex(paper)}</pre>
        </details>
      </section>
      {similar.length > 0 && (
        <section>
          <h2>Similar papers</h2>
          <p class="faint">Most similar first.</p>
          <ul class="similar">
            {similar.map((similarPaper) => (
              <li key={similarPaper.id}>
                <a href={toPaperPath(similarPaper.id)}>{toPaperTitle(similarPaper)}</a>{' '}
                <ShortFacts paper={similarPaper} today={today} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <SubscribeBanner site={{ publication }} />
    </SitePage>
  );
};

/** Shown if no source gives the abstract. */
const NoAbstract: FC<{ paper: Paper }> = ({ paper }) => {
  const own = findOwnPage(paper);
  return <p>We do not have the abstract. {own && <a href={own.url}>Read it on {own.site}</a>}</p>;
};

/** Links to other sites: the text, the discussion, the code and the project. */
const Links: FC<{ paper: Paper; listedOn: readonly ListedOn[] }> = ({ paper, listedOn }) => {
  const { stars = 0 } = paper;
  const { own, pdf, huggingFace, repository, project } = linksOf(
    paper,
    listedOn.map(({ list }) => list),
  );
  const links: readonly (readonly [text: string, url: string | undefined])[] = [
    ['PDF', pdf],
    [own?.site ?? '', own?.url],
    ['Hugging Face', huggingFace],
    [stars > 0 ? `Code ★ ${toCompactNumber(stars)}` : 'Code', repository],
    ['Project', project],
  ];
  return <p class="links">{links.map(([text, url]) => url !== undefined && <a href={url}>{text}</a>)}</p>;
};

/** Returns each list of a paper with the days on which it was there. */
function toListings(listedOn: readonly ListedOn[]): readonly Child[] {
  return listedOn.map(({ list, days }) => (
    <>
      {toReaderText(nameOfList(list), MAX_SHOWN_NAME_CHARS)}
      {days.slice(0, MAX_DAYS).map((day, index) => (
        <>
          {index === 0 ? ' on ' : ', '}
          <a href={toPapersPath({ day, lists: [list] })}>{toLongDay(day)}</a>
        </>
      ))}
      {days.length > MAX_DAYS && ` and ${toCountText(days.length - MAX_DAYS, 'earlier day')}`}
    </>
  ));
}

const MAX_NOTE_CHARS = 400;

function toTexts(text = ''): readonly Child[] {
  const readable = toPaperText(text, MAX_NOTE_CHARS);
  return readable === '' ? [] : [readable];
}

/** Returns the versions with a known date, and the newest one: `v1 on 3 January 2026, v3 on 9 January 2026`. Each links to arXiv. */
function toVersions(paper: Paper): readonly Child[] {
  return findVersions(paper).map(({ version, at }) => (
    <>
      <a href={`https://arxiv.org/abs/${paper.id}v${version}`}>v{version}</a>
      {at && ` on ${toDateText(utcDayOf(at))}`}
    </>
  ));
}

function toDoi({ doi = '' }: Paper): readonly Child[] {
  const text = toReaderText(doi, MAX_NOTE_CHARS);
  return text === '' ? [] : [<a href={`https://doi.org/${encodeURI(text)}`}>{text}</a>];
}

/** Names a licence: `CC BY 4.0`. Any other is called by its host. */
function toLicence({ licenceUrl }: Paper): readonly Child[] {
  const url = findWebUrl(licenceUrl);
  if (url === undefined) return [];
  const { hostname, pathname } = new URL(url);
  const [, kind = '', version = ''] = /\/(?:licenses|publicdomain)\/([a-z-]+)\/([\d.]+)/.exec(pathname) ?? [];
  const isCommons = hostname.endsWith('creativecommons.org') && kind !== '';
  const otherName = hostname === 'arxiv.org' ? 'arXiv licence' : hostname;
  const commonsName = `${kind === 'zero' ? 'CC0' : `CC ${kind.toUpperCase()}`} ${version}`;
  return [<a href={url}>{isCommons ? commonsName : otherName}</a>];
}

/** A term of the details with its values. Nothing without values. */
const Row: FC<{ name: string; values: readonly Child[] }> = ({ name, values }) =>
  values.length === 0 ? null : (
    <>
      <dt>{name}</dt>
      <dd>
        {values.map((value, index) => (
          <>
            {index > 0 && ', '}
            {value}
          </>
        ))}
      </dd>
    </>
  );

function toKeyword(keyword: string): Child {
  return toLinkedName('keyword', keyword);
}

/** Returns a category, such as `Machine Learning (cs.LG)`, as a link to its papers, if the query language knows its archive. */
function toCategory(category: string): Child {
  const query = `cat:${category}`;
  const id = toReaderText(category, MAX_SHOWN_NAME_CHARS);
  const name = findArxivCategory(category)?.name;
  const text = name === undefined ? id : `${name} (${id})`;
  return findQueryFault(query) ? text : <a href={toSearchPath({ query })}>{text}</a>;
}

const STYLE = `
.authors { margin: .5rem 0 0; }
details .authors { margin: 0; }
main details[open] { max-width: none; padding-left: 0; border: 0; }
.facts { margin: .6rem 0 0; color: var(--faint); font-size: .875rem; }
.facts b { color: var(--accent); }
.links { display: flex; flex-wrap: wrap; gap: 0 1.25rem; margin: .25rem 0 1rem; }
.links a { padding: .6rem 0; color: var(--accent); font-weight: 600; }
.text { margin: .25rem 0 0; font: clamp(1.0625rem, 2.5vw, 1.1875rem)/1.6 var(--serif); }
.text + .faint { margin: .5rem 0 0; }
.copy { margin: 0; padding: .5rem 0; font-size: .8125rem; line-height: 1.5; white-space: pre-wrap; overflow-wrap: anywhere; user-select: all; }
.similar { margin: .25rem 0 0; padding: 0; list-style: none; }
.similar li { padding: .5rem 0; }
.similar a { font: 700 1rem/1.35 var(--serif); text-decoration: none; }
.similar a:hover { text-decoration: underline; }
.similar .faint { display: block; }
section > .faint { margin: 0; }
@media (max-width: 30rem) { dl { display: block; } dd { margin-bottom: .5rem; } }
@media print {
  .text { font-size: 11pt; line-height: 1.45; }
  .more::details-content { block-size: auto; content-visibility: visible; }
  .links, .links a { display: block; padding: 0; font-size: .875rem; font-weight: 400; }
  .links a::after { content: ' ' attr(href); }
}
`;
