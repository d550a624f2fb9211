import type { FC } from 'hono/jsx';
import { isArxivId, type Paper } from '../../domain/papers/paper.ts';
import type { Muted } from '../../domain/subscribers/muting.ts';
import { toPaperTitle } from '../../presentation/paper-text.ts';
import { shorten, toReaderText } from '../../presentation/reader-text.ts';
import { toCountText, toListing } from '../../presentation/wording.ts';
import type { FormValues } from '../parts/fields.tsx';

/** How many muted papers the page lists, the newest. Older ones are out of every digest. */
export const SHOWN_PAPERS = 50;

const MAX_WORDS_CHARS = 80;

/** The fields of the buttons that unmute. Their value is what to unmute. */
const UNMUTINGS = ['unmute-paper', 'unmute-author'] as const;

/** Returns the action of a button that unmutes. Undefined if another button was pressed. */
export function unmutingOf(values: FormValues): string | undefined {
  return UNMUTINGS.find((name) => values[name] !== undefined);
}

export interface MutedSectionProps {
  readonly subscriber: Muted;
  /** The muted papers to list. Undefined if the list is closed. */
  readonly papers: readonly Paper[] | undefined;
}

/** What the reader muted, with a button to undo each. Nothing if nothing is muted. */
export const MutedSection: FC<MutedSectionProps> = ({ subscriber, papers }) => {
  const { mutedPapers = [], mutedAuthors = [] } = subscriber;
  const count = mutedPapers.length + mutedAuthors.length;
  if (count === 0) return null;
  const counts = [
    ...(mutedPapers.length > 0 ? [toCountText(mutedPapers.length, 'paper')] : []),
    ...(mutedAuthors.length > 0 ? [toCountText(mutedAuthors.length, 'author')] : []),
  ];
  return (
    <section aria-labelledby="muted">
      <h2 id="muted">Muted</h2>
      <p>
        You muted {toListing(counts)}. Digests leave {count === 1 ? 'it' : 'them'} out.{' '}
        {!papers && (
          <a class="target" href="?edit=muted#muted">
            Show and unmute
          </a>
        )}
      </p>
      {papers && (
        <form method="post">
          <ul class="papers">
            {mutedPapers
              .slice(-SHOWN_PAPERS)
              .reverse()
              .map((id) => (
                <Unmute field="unmute-paper" value={id} words={titleOf(papers, id)} />
              ))}
            {mutedAuthors.toReversed().map((name) => (
              <Unmute field="unmute-author" value={name} words={toReaderText(name, MAX_WORDS_CHARS)} />
            ))}
          </ul>
        </form>
      )}
    </section>
  );
};

const Unmute: FC<{ field: (typeof UNMUTINGS)[number]; value: string; words: string }> = ({
  field,
  value,
  words,
}) => (
  <li>
    {words}{' '}
    <button class="plain" type="submit" name={field} value={value}>
      Unmute <span class="aside">{words}</span>
    </button>
  </li>
);

function titleOf(papers: readonly Paper[], id: Paper['id']): string {
  const paper = papers.find((candidate) => candidate.id === id);
  if (paper) return shorten(toPaperTitle(paper), MAX_WORDS_CHARS);
  return isArxivId(id) ? `arXiv ${id}` : `Paper ${id}`;
}
