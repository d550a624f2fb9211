import type { FC } from 'hono/jsx';
import type { Paper } from '../../../domain/papers/paper.ts';
import { toReaderText } from '../../../presentation/reader-text.ts';
import { toCountText } from '../../../presentation/wording.ts';
import { toNamePath } from '../../paths/paper-paths.ts';

/** How many authors are shown when the page opens. */
const FIRST_AUTHORS = 12;

const MAX_NAME_CHARS = 80;

/** How many bytes the linked names of a paper may take. Few papers on record need more. */
const MAX_BYTES = 15_000;

/** An author with the path of their page. */
interface LinkedAuthor {
  readonly name: string;
  readonly path: string | undefined;
}

/** The authors of a paper, each with a link. A long list opens on request. Authors who are not stored by name are counted. */
export const Authors: FC<{ paper: Pick<Paper, 'authors' | 'authorCount'> }> = ({ paper }) => {
  const named = toLinkedAuthors(paper.authors);
  const unnamed = Math.max(0, paper.authorCount - named.length);
  if (named.length === 0) {
    return unnamed > 0 ? <p class="authors">{toCountText(unnamed, 'author')}</p> : null;
  }
  const isLong = named.length > FIRST_AUTHORS + 3;
  const first = isLong ? named.slice(0, FIRST_AUTHORS) : named;
  const others = named.slice(first.length);
  return (
    <>
      <p class="authors">
        <Names authors={first} />
        {unnamed > 0 && !isLong && ` and ${toCountText(unnamed, 'more author')}`}
      </p>
      {isLong && (
        <details class="more">
          <summary>{toCountText(others.length + unnamed, 'more author')}</summary>
          <p class="authors">
            <Names authors={others} />
            {unnamed > 0 && ` and ${toCountText(unnamed, 'author')} whom we do not store by name`}
          </p>
        </details>
      )}
    </>
  );
};

const Names: FC<{ authors: readonly LinkedAuthor[] }> = ({ authors }) => (
  <>
    {authors.map(({ name, path }, index) => (
      <>
        {index > 0 && ', '}
        {path === undefined ? name : <a href={path}>{name}</a>}
      </>
    ))}
  </>
);

/** Returns the visible names in the paper's order, as many as a page has room for. */
function toLinkedAuthors(authors: readonly string[]): readonly LinkedAuthor[] {
  const linked: LinkedAuthor[] = [];
  let bytes = 0;
  for (const author of authors) {
    const name = toReaderText(author, MAX_NAME_CHARS);
    if (name === '') continue;
    const path = toNamePath('author', author);
    bytes += Buffer.byteLength(name) + (path?.length ?? 0) + '<a href=""></a>, '.length;
    if (bytes > MAX_BYTES) break;
    linked.push({ name, path });
  }
  return linked;
}
