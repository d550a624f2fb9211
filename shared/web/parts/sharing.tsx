import { raw } from 'hono/html';
import type { FC } from 'hono/jsx';
import { findPdfUrl, isArxivId, type Paper, type PaperId } from '../../domain/papers/paper.ts';
import { type Day, utcDayOf } from '../../domain/time/time.ts';
import { toPaperTitle } from '../../presentation/paper-text.ts';
import { findOwnPage } from '../../presentation/paper-url.ts';
import type { Publication } from '../../presentation/publication.ts';
import { toPaperText, toReaderText } from '../../presentation/reader-text.ts';

/** What search engines and shared links show of a page. */
export interface PageMetadata {
  /** The path of the page. */
  readonly path: string;
  readonly description: string;
  /** The generated image: {@link paperImage}, {@link dayImage}. @default none */
  readonly image?: PreviewImage | undefined;
  /** @default 'website' */
  readonly type?: 'website' | 'article';
}

export interface PreviewImage {
  readonly path: string;
  /** What it shows, for people who cannot see it. */
  readonly alt: string;
}

/** Returns the image of a paper. */
export function paperImage(paper: Pick<Paper, 'id' | 'title'>): PreviewImage {
  return { path: toPaperImagePath(paper.id), alt: toPaperTitle(paper) };
}

/** Returns the image of a day: its best papers. */
export function dayImage(day: Day, heading: string): PreviewImage {
  return { path: `/cards/days/${day}.png`, alt: `The best papers of ${heading}` };
}

function toPaperImagePath(id: PaperId): string {
  return `/cards/papers/${id}.png`;
}

export interface ShareTagsProps {
  readonly publication: Pick<Publication, 'name' | 'publicUrl'>;
  readonly title: string;
  readonly metadata: PageMetadata;
}

/** The canonical URL of a page, and what other sites show of a shared link. @see https://ogp.me */
export const ShareTags: FC<ShareTagsProps> = ({ publication: { name, publicUrl }, title, metadata }) => {
  const url = new URL(metadata.path, publicUrl).href;
  const { image } = metadata;
  return (
    <>
      <link rel="canonical" href={url} />
      <meta name="description" content={metadata.description} />
      <meta property="og:type" content={metadata.type ?? 'website'} />
      <meta property="og:site_name" content={name} />
      <meta property="og:title" content={title} />
      <meta property="og:description" content={metadata.description} />
      <meta property="og:url" content={url} />
      {image && (
        <>
          <meta property="og:image" content={new URL(image.path, publicUrl).href} />
          <meta property="og:image:type" content="image/png" />
          <meta property="og:image:width" content="1200" />
          <meta property="og:image:height" content="630" />
          <meta property="og:image:alt" content={image.alt} />
        </>
      )}
      <meta name="twitter:card" content={image ? 'summary_large_image' : 'summary'} />
    </>
  );
};

/** More names would take more space than the rest of the page. */
const MAX_AUTHORS = 30;
const MAX_NAME_CHARS = 80;
const MAX_ABSTRACT_CHARS = 1000;

/**
 * What search engines read about a paper. Browsers do not run it: it is data.
 *
 * @see https://schema.org/ScholarlyArticle
 */
export const PaperData: FC<{ publication: Pick<Publication, 'publicUrl'>; paper: Paper; path: string }> = ({
  publication,
  paper,
  path,
}) => {
  const { id, authors, organisation = '', publishedAt, aiKeywords = [] } = paper;
  const names = authors.map((name) => toReaderText(name, MAX_NAME_CHARS)).filter(Boolean);
  const sponsor = toReaderText(organisation, MAX_NAME_CHARS);
  const abstract = toPaperText(paper.abstract, MAX_ABSTRACT_CHARS);
  const own = findOwnPage(paper);
  const identifier = isArxivId(id) ? `arXiv:${id}` : paper.doi && `doi:${paper.doi}`;
  const data = {
    '@context': 'https://schema.org',
    '@type': 'ScholarlyArticle',
    headline: toPaperTitle(paper),
    url: new URL(path, publication.publicUrl).href,
    sameAs: own?.url,
    identifier,
    image: new URL(toPaperImagePath(id), publication.publicUrl).href,
    datePublished: utcDayOf(publishedAt),
    author: names.slice(0, MAX_AUTHORS).map((name) => ({ '@type': 'Person', name })),
    ...(sponsor !== '' && { sourceOrganization: { '@type': 'Organization', name: sponsor } }),
    ...(abstract !== '' && { abstract }),
    ...(aiKeywords.length > 0 && { keywords: aiKeywords.map((word) => toReaderText(word, MAX_NAME_CHARS)) }),
  };
  return <script type="application/ld+json">{raw(toInertJson(data))}</script>;
};

/**
 * What reference managers and Google Scholar read about a paper.
 *
 * @see https://scholar.google.com/intl/en/scholar/inclusion.html#indexing
 */
export const CitationTags: FC<{ paper: Paper }> = ({ paper }) => {
  const { id, authors, publishedAt, doi } = paper;
  const names = authors.map((name) => toReaderText(name, MAX_NAME_CHARS)).filter(Boolean);
  const tags = [
    ['title', toPaperTitle(paper)],
    ...names.slice(0, MAX_AUTHORS).map((name) => ['author', name]),
    ['publication_date', utcDayOf(publishedAt).replaceAll('-', '/')],
    ['pdf_url', findPdfUrl(id)],
    ['arxiv_id', isArxivId(id) ? id : undefined],
    ['doi', doi],
  ] as const;
  return (
    <>{tags.map(([name, content]) => content && <meta name={`citation_${name}`} content={content} />)}</>
  );
};

/** Returns JSON that cannot end the element around it. In a script element only `<` can: `</script`, `<!--`. */
function toInertJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
