import type { FC } from 'hono/jsx';
import { addDays } from '../../shared/domain/time.ts';
import type { Publication } from '../../shared/mail/publication.ts';
import { toCountText } from '../../shared/mail/wording.ts';
import { Page } from '../../shared/web/page.tsx';
import { toDayText } from '../ses/inbox/format.ts';
import { PAPER_LIST_STYLE, PaperList } from './paper-list.tsx';
import type { PapersOfDay } from './papers-of-day.ts';

export interface PapersPageProps {
  readonly publication: Publication;
  readonly day: PapersOfDay;
}

/** All papers of a day, and the way to its neighbours. */
export const PapersPage: FC<PapersPageProps> = ({ publication, day: { day, papers } }) => {
  const name = toDayText(`${day}T00:00:00.000Z`);
  return (
    <Page
      title={`Papers of ${name} · ${publication.name}`}
      masthead={publication.name}
      style={PAPER_LIST_STYLE}
    >
      <h1>Papers of {name}</h1>
      <p class="faint">
        {papers.length === 0
          ? 'None were listed on this day.'
          : `${toCountText(papers.length, 'paper')}, trending first.`}{' '}
        <a href={`/papers/${addDays(day, -1)}`}>The day before</a>
      </p>
      <PaperList papers={papers} />
    </Page>
  );
};
