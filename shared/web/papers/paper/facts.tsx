import type { Child, FC } from 'hono/jsx';
import type { Paper } from '../../../domain/papers/paper.ts';
import { type Day, utcDayOf } from '../../../domain/time/time.ts';
import { hasKnownVotes } from '../../../matching/trending.ts';
import { toReaderText } from '../../../presentation/reader-text.ts';
import { META_SEPARATOR, toCountText, toLongDay, toShortDay } from '../../../presentation/wording.ts';
import { type NameKind, toNamePath } from '../../paths/paper-paths.ts';

export const MAX_SHOWN_NAME_CHARS = 80;

/** One line: votes, comments, organisation and the day of publication. */
export const Facts: FC<{ paper: Paper }> = ({ paper }) => {
  const { upvotes, comments, organisation = '', publishedAt } = paper;
  const day = utcDayOf(publishedAt);
  const facts: readonly Child[] = [
    ...(upvotes > 0 ? [<b>{toCountText(upvotes, 'vote')}</b>] : toNoVotes(paper)),
    ...(comments > 0 ? [toCountText(comments, 'comment')] : []),
    ...(toReaderText(organisation, MAX_SHOWN_NAME_CHARS) === ''
      ? []
      : [toLinkedName('organisation', organisation)]),
    <>
      published on <time datetime={day}>{toLongDay(day)}</time>
    </>,
  ];
  return (
    <p class="facts">
      {facts.map((fact, index) => (
        <>
          {index > 0 && META_SEPARATOR}
          {fact}
        </>
      ))}
    </p>
  );
};

/** `0 votes` for a paper whose votes a source counts, as on cards. */
function toNoVotes(paper: Paper): readonly string[] {
  return hasKnownVotes(paper) ? [toCountText(0, 'vote')] : [];
}

/** One line of a similar paper. */
export const ShortFacts: FC<{ paper: Paper; today: Day }> = ({ paper, today }) => {
  const facts = [
    ...(paper.upvotes > 0 ? [toCountText(paper.upvotes, 'vote')] : toNoVotes(paper)),
    ...(paper.organisation ? [toReaderText(paper.organisation, MAX_SHOWN_NAME_CHARS)] : []),
    toShortDay(utcDayOf(paper.publishedAt), today),
  ];
  return <span class="faint">{facts.join(' · ')}</span>;
};

/** Returns a name as a link to its page. */
export function toLinkedName(kind: NameKind, name: string): Child {
  const text = toReaderText(name, MAX_SHOWN_NAME_CHARS);
  const path = toNamePath(kind, name);
  return path === undefined ? text : <a href={path}>{text}</a>;
}
