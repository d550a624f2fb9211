import type { FC } from 'hono/jsx';
import type { Paper } from '../../domain/papers/paper.ts';
import { DELIVERY_RETENTION_DAYS } from '../../domain/retention.ts';
import type { Muted } from '../../domain/subscribers/muting.ts';
import { MAX_MUTED_NAME_CHARS, mutedAuthorsSchema } from '../../domain/subscribers/subscriber.ts';
import { createMuteTest } from '../../matching/mute-test.ts';
import { toPaperTitle } from '../../presentation/paper-text.ts';
import { toPaperUrl } from '../../presentation/paper-url.ts';
import { toReaderText } from '../../presentation/reader-text.ts';
import { toListNames, toQueryText } from '../../presentation/subscription-wording.ts';
import { toCountText } from '../../presentation/wording.ts';
import { SUGGESTION_DAYS, type Suggestion } from '../../subscribers/suggest-fewer.ts';
import { ActionButton, Choice, NOTHING_TYPED } from '../parts/fields.tsx';

/** What the page says after each action. */
export const DONE: ReadonlyMap<string, string> = new Map([
  ['mute-paper', 'This paper is muted. It does not come again.'],
  ['unmute-paper', 'This paper is no longer muted.'],
  ['mute-author', 'This author is muted. Their papers do not come any more.'],
  ['unmute-author', 'This author is no longer muted.'],
  ['exclude', 'Done. Your digests will have fewer papers like this one.'],
]);

interface MuteProps {
  readonly subscriber: Muted;
  /** What happened. Shown above everything else. */
  readonly notice: string | undefined;
}

const Notice: FC<{ text: string | undefined }> = ({ text }) =>
  text === undefined ? null : (
    <div class="notice" role="status">
      <p>{text}</p>
    </div>
  );

/** The papers of a digest, each a link to its buttons. */
export const DigestPapers: FC<MuteProps & { papers: readonly Paper[] }> = ({
  papers,
  subscriber,
  notice,
}) => {
  const isMuted = createMuteTest(subscriber);
  if (papers.length === 0) {
    return (
      <p>
        We no longer know which papers were in this digest. We forget that after {DELIVERY_RETENTION_DAYS}{' '}
        days. Use the link in a newer digest.
      </p>
    );
  }
  return (
    <>
      <Notice text={notice} />
      <p>Choose a paper of this digest. You can then mute it or one of its authors.</p>
      <ol class="papers">
        {papers.map((paper) => (
          <li key={paper.id}>
            <p>
              <a class="target" href={`?paper=${paper.id}`}>
                {toPaperTitle(paper)}
              </a>
            </p>
            <p class="hint">
              {[
                isMuted?.(paper) && 'muted',
                paper.authorCount > 0 && toCountText(paper.authorCount, 'author'),
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
          </li>
        ))}
      </ol>
    </>
  );
};

/** One paper with the buttons that mute it or an author, and terms to leave out. */
export const PaperToMute: FC<MuteProps & { paper: Paper; suggestions: readonly Suggestion[] }> = ({
  paper,
  subscriber,
  suggestions,
  notice,
}) => (
  <>
    <Notice text={notice} />
    <p>
      <a href={toPaperUrl(paper, [])}>{toPaperTitle(paper)}</a>
    </p>
    {subscriber.mutedPapers?.includes(paper.id) ? (
      <ActionButton name="unmute-paper" words="Unmute this paper" />
    ) : (
      <ActionButton
        name="mute-paper"
        words="Mute this paper"
        hint="Your digests will not show it again."
        isMain
      />
    )}
    <Authors paper={paper} muted={subscriber.mutedAuthors ?? []} />
    {suggestions.map((suggestion) => (
      <Fewer key={suggestion.subscription.id} suggestion={suggestion} />
    ))}
    <p>
      <a class="target" href="?">
        All papers of this digest
      </a>
    </p>
  </>
);

/** Terms that one subscription can leave out, with a button each. */
const Fewer: FC<{ suggestion: Suggestion }> = ({ suggestion: { subscription, found, exclusions } }) => {
  const { id, query, lists } = subscription;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>Fewer like this</h2>
      <p>
        Your subscription to <em>{toQueryText(query) ?? toListNames(lists)}</em> found{' '}
        {toCountText(found, 'paper')} in the last {SUGGESTION_DAYS} days. It can leave out papers with one of
        these terms. To undo that, follow “Your subscriptions” in a digest and change the keywords.
      </p>
      <form method="post">
        <input type="hidden" name="subscription" value={id} />
        <ul class="papers">
          {exclusions.map(({ term, removed }) => (
            <li key={term}>
              <button class="plain" type="submit" name="exclude" value={term}>
                Leave out “{term}”
              </button>{' '}
              <span class="faint">{removed} fewer</span>
            </li>
          ))}
        </ul>
      </form>
    </section>
  );
};

const Authors: FC<{ paper: Paper; muted: readonly string[] }> = ({ paper, muted }) => {
  const names = [...new Set(paper.authors)].filter((name) => mutedAuthorsSchema.safeParse([name]).success);
  const others = names.filter((name) => !muted.includes(name));
  if (names.length === 0) return null;
  return (
    <section aria-labelledby="authors">
      <h2 id="authors">Authors</h2>
      {names
        .filter((name) => muted.includes(name))
        .map((name) => (
          <ActionButton
            key={name}
            name="unmute-author"
            words={`Unmute ${toReaderText(name, MAX_MUTED_NAME_CHARS)}`}
          >
            <input type="hidden" name="author" value={name} />
          </ActionButton>
        ))}
      {others.length > 0 && (
        <form method="post">
          <Choice
            name="author"
            label="Author"
            hint="Your digests will leave out all papers by authors of this name, also if a paper has only their initials."
            options={others.map((name) => [name, toReaderText(name, MAX_MUTED_NAME_CHARS)])}
            form={NOTHING_TYPED}
          />
          <button type="submit" name="action" value="mute-author">
            Mute this author
          </button>
        </form>
      )}
    </section>
  );
};
