import { CommandError } from '../../deployment/command-error.ts';
import { type Cells, quote } from '../csv/cells.ts';
import { unescapeFormula } from '../csv/formulas.ts';
import type { CsvRecord } from '../csv/records.ts';
import { laterColumns, profileColumns } from '../profile-row.ts';

/**
 * What is read of files that others wrote, and what they call it; case, blanks, hyphens and underscores do not count. Of
 * listmonk, Mailchimp, Keila and Ghost, and of our own export where some of its columns are gone.
 */
const foreignColumns = {
  address: ['Email Address', 'E-mail', 'Subscriber email', 'Mail', 'address'],
  status: ['Status'],
  subscriberStatus: ['Subscriber status', 'Subscription status'],
  isSubscribed: ['Subscribed', 'Subscribed to emails'],
  unsubscribedAt: ['UNSUB_TIME', 'Unsubscribed at', 'Deleted at'],
  bouncedAt: ['CLEAN_TIME', 'Bounced at'],
  complainedAt: ['Complained at'],
  confirmedAt: ['CONFIRM_TIME', 'Confirmed at', 'Double opt-in at', 'consent_at'],
  confirmedFrom: ['CONFIRM_IP', 'Confirmed IP'],
  source: ['Source', 'Signup source', 'consent_from'],
  consentText: ['consent_text'],
  requestedAt: ['OPTIN_TIME', 'consent_requested_at'],
  requestedFrom: ['OPTIN_IP', 'consent_requested_from'],
  timeZone: ['TIMEZONE'],
  hour: ['hour'],
  weekday: ['weekday'],
  format: ['format'],
  subscriptions: ['subscriptions'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type ForeignColumn = keyof typeof foreignColumns;

/** The columns of a file by their place in its rows. */
export interface Columns {
  /** Whether all columns of our own export are there, as every version has them: its rows are taken as they were. */
  readonly isOwnExport: boolean;
  /** What each holds, in our words; undefined for one that is not read. */
  readonly names: readonly (string | undefined)[];
  /** How many cells a row has at least: without those that tell who left, nobody knows whether they may be mailed. */
  readonly minCells: number;
}

/** A row by what its cells are. */
export type Row =
  | { readonly line: number; readonly cells: Cells; readonly fault?: undefined }
  | { readonly line: number; readonly cells?: undefined; readonly fault: string };

const FOREIGN_NAMES = new Map<string, string>(
  Object.entries(foreignColumns).flatMap(([column, names]) => names.map((name) => [toPlain(name), column])),
);
const OWN_NAMES = new Map<string, string>(profileColumns.map((column) => [toPlain(column), column]));
const REQUIRED_NAMES = profileColumns.filter((column) => !laterColumns.includes(column)).map(toPlain);
const TELLING: ReadonlySet<string | undefined> = new Set<ForeignColumn>([
  ...(['address', 'status', 'subscriberStatus', 'isSubscribed'] as const),
  ...(['unsubscribedAt', 'bouncedAt', 'complainedAt'] as const),
]);

/**
 * Reads the line that names the columns.
 *
 * @throws CommandError where none of them holds addresses
 */
export function findColumns(header: readonly string[], fileName: string): Columns {
  const plain = header.map(toPlain);
  const isOwnExport = REQUIRED_NAMES.every((name) => plain.includes(name));
  // Mailchimp has a postal "Address" beside the "Email Address".
  const address = foreignColumns.address.map(toPlain).find((name) => plain.includes(name));
  const names = plain.map((name) => {
    const known = (isOwnExport ? OWN_NAMES : FOREIGN_NAMES).get(name);
    return known === 'address' && name !== address ? undefined : known;
  });
  if (!names.includes('address'))
    throw new CommandError(
      `${fileName} has no column of addresses. Its first line names ${header.map(quote).join(', ')}: expected one called ${foreignColumns.address.join(', ')}. What else is read: ${Object.values(foreignColumns).slice(1).flat().join(', ')}`,
    );
  return { isOwnExport, names, minCells: names.findLastIndex((name) => TELLING.has(name)) + 1 };
}

/** The cells of a record by their columns. Where two columns hold the same, the first that is not blank counts. */
export function toRow({ isOwnExport, names, minCells }: Columns, record: CsvRecord): Row {
  const { line } = record;
  if (record.fault !== undefined) return { line, fault: record.fault };
  const { cells } = record;
  if (cells.length < minCells)
    return {
      line,
      fault: `it has ${cells.length} cells: expected ${minCells} at least, as the first line does`,
    };
  if (cells.slice(names.length).some((cell) => cell !== ''))
    return { line, fault: `it has ${cells.length} cells: expected ${names.length}, as the first line has` };
  const named: Record<string, string> = {};
  for (const [place, name] of names.entries()) {
    const given = cells[place] ?? '';
    const cell = isOwnExport ? unescapeFormula(given) : given.trim();
    if (name !== undefined && cell !== '') named[name] ??= cell;
  }
  return { line, cells: named };
}

function toPlain(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, '');
}
