import { type Account, sumCounts } from './account.ts';

/** Whether every digest is accounted for, in editions that are complete. */
export function isSound(accounts: readonly Account[]): boolean {
  return accounts.every(({ isComplete, isExplained }) => isComplete && isExplained);
}

/** The accounts as a table: a line for each edition, and one for all together. */
export function toText(accounts: readonly Account[]): string {
  if (accounts.length === 0) return 'No edition was planned on these days.';
  const names = Object.keys(sumCounts(accounts)).sort();
  const planned = accounts.reduce((sum, one) => sum + one.planned, 0);
  const all = { planned, counts: sumCounts(accounts) };
  const rows = [
    ['period', 'cohort', 'planned', ...names, ''],
    ...accounts.map((one) => [one.edition.period, one.edition.cohort, ...toCells(one, names), toNote(one)]),
    ['together', '', ...toCells(all, names), ''],
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  const verdict = isSound(accounts)
    ? 'Everything that was planned is accounted for.'
    : 'Not everything is accounted for.';
  return [...lines, '', verdict].join('\n');
}

/** The same as one JSON object. */
export function toJson(accounts: readonly Account[]): string {
  return JSON.stringify({ editions: accounts, together: sumCounts(accounts), isSound: isSound(accounts) });
}

function toCells({ planned, counts }: Pick<Account, 'planned' | 'counts'>, names: readonly string[]) {
  return [planned, ...names.map((name) => counts[name] ?? 0)].map(String);
}

function toNote({ isComplete, isExplained }: Account): string {
  if (!isComplete) return 'incomplete';
  return isExplained ? '' : 'does not add up';
}
