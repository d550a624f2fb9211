import type { FC } from 'hono/jsx';
import type { DayKind, ShownDay } from '../../domain/lists/list-days.ts';
import { capitalise, toCountText, toDayName, toListing, toShortDay } from '../../presentation/wording.ts';

/** The mark of each kind of day, and its words. Each mark has its own shape, so that the strip needs no colours. */
const KINDS: Readonly<Record<DayKind, readonly [mark: string, words: string]>> = {
  came: ['●', 'papers came'],
  late: ['◐', 'papers came late'],
  partial: ['◔', 'some papers may be missing'],
  unread: ['?', 'the list could not be read'],
  missing: ['×', 'papers were due and did not come'],
  awaited: ['○', 'papers are due later'],
  holiday: ['H', 'holiday'],
  none: ['–', 'no papers, and none were due'],
  unknown: [' ', 'not followed yet'],
};

/** Kinds whose days the page names. */
const NOTABLE: readonly DayKind[] = ['late', 'partial', 'unread', 'missing'];
const MAX_NAMED = 4;

/** The last days of a list as a row of marks. A screen reader reads each as a sentence. Days of special interest are also named below. */
export const DayStrip: FC<{ days: readonly ShownDay[] }> = ({ days }) => {
  const today = days.at(-1)?.day ?? '';
  const followed = days.filter(({ kind }) => kind !== 'unknown');
  const shown = [...new Set(followed.map(({ kind }) => kind))];
  const notable = NOTABLE.flatMap((kind) => {
    const found = followed.filter((shownDay) => shownDay.kind === kind);
    return found.length > 0 ? [`${KINDS[kind][1]}: ${toNames(found, today)}`] : [];
  });
  const holidays = followed.flatMap(({ day, holiday }) =>
    holiday === undefined ? [] : [`${toShortDay(day, today)}: ${holiday}`],
  );
  const isFirstDay = followed.length === 1;
  if (followed.length === 0) return <p class="faint">There is no record of the last days yet.</p>;
  return (
    <>
      <p class="aside">{isFirstDay ? 'Today' : `The last ${followed.length} days`}:</p>
      <ol class="days">
        {followed.map((shownDay) => (
          <li key={shownDay.day}>
            <span aria-hidden="true">{KINDS[shownDay.kind][0]}</span>
            <span class="aside">{toDayText(shownDay, today)}</span>
          </li>
        ))}
      </ol>
      <p class="faint">
        {!isFirstDay && `${toShortDay(followed[0]?.day ?? today, today)} to `}
        {toShortDay(today, today)}. {shown.map((kind) => `${KINDS[kind][0]} ${KINDS[kind][1]}`).join('; ')}.
        {[...notable, ...holidays].map((text) => ` ${capitalise(text)}.`)}
      </p>
    </>
  );
};

/** `12 Jan and 7 Jan`, the newest first. */
function toNames(days: readonly ShownDay[], today: string): string {
  return toListing(
    [...days].reverse().map(({ day }) => toShortDay(day, today)),
    MAX_NAMED,
  );
}

/** `Friday 27 November: 113 papers came`. */
function toDayText({ day, kind, papers, holiday }: ShownDay, today: string): string {
  const words = holiday ?? KINDS[kind][1];
  const count = papers > 0 ? toCountText(papers, 'paper') : '';
  const rest = words.startsWith('papers came') ? words.slice('papers'.length) : `, ${words}`;
  return `${toDayName(day, today)}: ${count === '' ? words : `${count}${rest}`}`;
}

export const STRIP_STYLE = `
.days { display: flex; flex-wrap: wrap; list-style: none; margin: .75rem 0 .25rem; padding: 0; }
.days li { position: relative; width: 1.15em; text-align: center; }
`;
