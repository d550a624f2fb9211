import { dollars, quantity } from '../../infra/cost/prices.ts';
import { toUsd, type Usage } from '../../shared/domain/usage.ts';
import { toCountText } from '../../shared/presentation/wording.ts';
import type { ReadCost } from '../deployment/table-reads.ts';
import { countOpen, type EditionAudit, sumCounts, sumUsage } from './audit.ts';
import type { Gap, Survey } from './gaps.ts';

const NO_SURVEY: Survey = { gaps: [], notDue: 0, notPlannable: [] };

/**
 * Whether everything is accounted for: each digest ended, each edition is complete, each edition that was due was planned,
 * and each record could be read. Without any edition, at least one cohort must show that none was due.
 *
 * @param unreadable the fault of each record that cannot be read
 */
export function isSound(
  audits: readonly EditionAudit[],
  { gaps, notDue, notPlannable }: Survey = NO_SURVEY,
  unreadable: readonly string[] = [],
): boolean {
  if (unreadable.length > 0 || notPlannable.length > 0) return false;
  if (audits.length === 0) return gaps.length === 0 && notDue > 0;
  return audits.every(isAccountedFor) && gaps.every(({ isMaybeJoinedSince }) => isMaybeJoinedSince);
}

/** Returns the audits as a table with a line for each edition, a total, and a verdict. */
export function toText(
  audits: readonly EditionAudit[],
  survey: Survey = NO_SURVEY,
  unreadable: readonly string[] = [],
): string {
  const { gaps, notDue } = survey;
  const leftOut = toLeftOut(survey, unreadable);
  if (audits.length === 0 && gaps.length === 0)
    return [notDue > 0 ? NONE_DUE : NOTHING_PLANNED, ...leftOut].join('\n');
  const names = Object.keys(sumCounts(audits)).sort();
  const planned = audits.reduce((sum, audit) => sum + audit.planned, 0);
  const all = { planned, counts: sumCounts(audits) };
  const used = sumUsage(audits);
  /** A cell of the last column, which is there if any batch says what it used. */
  const toCost = (usage: Usage | undefined): readonly string[] =>
    used ? [usage ? dollars(toUsd(usage)) : '-'] : [];
  const lines = [
    ...audits.map((audit) => [
      ...toHead(audit),
      ...toCells(audit, names),
      ...toCost(audit.used),
      toNote(audit),
    ]),
    ...gaps.map((gap) => [
      ...toHead(gap),
      '-',
      ...names.map(() => '-'),
      ...toCost(undefined),
      toGapNote(gap),
    ]),
  ];
  const rows = [
    ['period', 'cohort', 'planned', ...names, ...(used ? ['cost'] : []), ''],
    ...lines.toSorted((a, b) => (a.slice(0, 2).join(' ') < b.slice(0, 2).join(' ') ? -1 : 1)),
    ['total', '', ...toCells(all, names), ...toCost(used), ''],
  ];
  return [...toColumns(rows), '', ...toUsageLine(used), ...toVerdict(audits, survey, leftOut)].join('\n');
}

/** `Sending used 420 read units, 105 write units and 3.2 GB-seconds for 100 mails: $0.00017, or $0.0017 per 1,000 mails.` */
function toUsageLine(used: Usage | undefined): readonly string[] {
  if (!used) return [];
  const { readUnits, writeUnits, gbSeconds, mails } = used;
  const usd = toUsd(used);
  const share = mails > 0 ? `, or ${dollars((usd * 1000) / mails)} per 1,000 mails` : '';
  return [
    `Sending used ${quantity(readUnits)} read units, ${quantity(writeUnits)} write units and ${quantity(gbSeconds)} GB-seconds for ${toCountText(mails, 'mail')}: ${dollars(usd)} without SES${share}.`,
  ];
}

/** Returns the same as one JSON object, with the cost of the reads. */
export function toJson(
  audits: readonly EditionAudit[],
  survey: Survey = NO_SURVEY,
  unreadable: readonly string[] = [],
  cost?: ReadCost,
): string {
  return JSON.stringify({
    editions: audits,
    notPlanned: survey.gaps,
    notPlannable: survey.notPlannable,
    unreadable,
    total: sumCounts(audits),
    used: sumUsage(audits),
    isSound: isSound(audits, survey, unreadable),
    cost,
  });
}

const NONE_DUE =
  'No edition was planned on these days, and no cohort of today was due on them so far. Nothing records when instant cohorts were due.';

const NOTHING_PLANNED =
  'No edition was planned on these days: nobody is subscribed, or the planner did not run. Look at its alarm, and at the logs of PlanDigestsFunction.';

const NOTHING_TO_COMPARE =
  'No edition at all was planned on these days, so the audit cannot show that the planner ran. "npx broadsheet doctor" shows its last run.';

function isAccountedFor({ isComplete, isExplained, isOpen }: EditionAudit): boolean {
  return isComplete && isExplained && !isOpen;
}

/** Returns lines about what the audit left out. */
function toLeftOut({ notPlannable }: Survey, unreadable: readonly string[]): readonly string[] {
  return [
    ...(notPlannable.length > 0
      ? [
          `${toCountText(notPlannable.length, 'cohort')} with subscribers cannot be planned, because of an unknown time zone: ${notPlannable.join(', ')}. See docs/alarms.md, "A cohort cannot be planned".`,
        ]
      : []),
    ...(unreadable.length > 0
      ? [
          `${toCountText(unreadable.length, 'stored record is', 'stored records are')} missing or cannot be read. See docs/alarms.md, "A stored record cannot be read".`,
          ...unreadable.map((fault) => `  ${fault}`),
        ]
      : []),
  ];
}

function toVerdict(
  audits: readonly EditionAudit[],
  survey: Survey,
  leftOut: readonly string[],
): readonly string[] {
  const open = audits.reduce((sum, audit) => sum + countOpen(audit), 0);
  const hasUnaccounted = audits.some(({ isComplete, isExplained }) => !isComplete || !isExplained);
  const missing = survey.gaps.filter((gap) => !gap.isMaybeJoinedSince);
  const inDoubt = survey.gaps.length - missing.length;
  const findings = [
    ...(hasUnaccounted ? ['Not everything is accounted for.'] : []),
    ...(open > 0
      ? [
          `${toCountText(open, 'digest has', 'digests have')} not ended yet. Each is claimed by a worker, on the digests queue, put off for the quota, or a dead letter.`,
        ]
      : []),
    ...(missing.length > 0
      ? [
          `${toCountText(missing.length, 'edition was', 'editions were')} due and not planned. Look at the planner's alarm, and at the dead letters of the cohorts queue.`,
        ]
      : []),
    ...(inDoubt > 0
      ? [
          `${toCountText(inDoubt, 'edition was', 'editions were')} not planned, perhaps because the cohort was empty then. A subscriber joined or changed a profile since.`,
        ]
      : []),
    ...(inDoubt > 0 && audits.length === 0 ? [NOTHING_TO_COMPARE] : []),
    ...leftOut,
  ];
  return findings.length > 0 ? findings : ['Everything that was planned is accounted for.'];
}

function toHead({ edition }: Pick<EditionAudit, 'edition'>): readonly string[] {
  return [edition.period, edition.cohort];
}

function toColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

function toCells({ planned, counts }: Pick<EditionAudit, 'planned' | 'counts'>, names: readonly string[]) {
  return [planned, ...names.map((name) => counts[name] ?? 0)].map(String);
}

function toNote({ isComplete, isExplained, isOpen }: EditionAudit): string {
  const doubt = isComplete ? !isExplained && 'does not add up' : 'incomplete';
  return [doubt, isOpen && 'open'].filter(Boolean).join(', ');
}

function toGapNote({ isMaybeJoinedSince }: Gap): string {
  return isMaybeJoinedSince ? 'not planned, or joined since' : 'not planned';
}
