import type { Ending } from '../../../shared/domain/subscribers/subscriber.ts';
import { toCountText } from '../../../shared/presentation/wording.ts';
import { CommandError } from '../../deployment/errors.ts';
import { type CsvRecord, quote, REPLACEMENT, unescapeFormula } from '../csv.ts';
import { type Cells, laterColumns, profileColumns } from '../profile-row.ts';
import { findEndingIn, isNoValue, toPlain } from './words.ts';

/**
 * The columns that an import reads, with their names in listmonk, Mailchimp, Keila and Ghost. The names of our own export serve for
 * a file that lacks some of its columns. Case, accents, blanks and signs do not count.
 */
const foreignColumns = {
  address: [
    ...['Email Address', 'Email', 'Subscriber email', 'E-Mail-Adresse', 'Emailadresse', 'Mailadresse'],
    ...['Adresse e-mail', 'Adresse électronique', 'Adresse de messagerie', 'Adresse courriel', 'Courriel'],
    ...[
      'Correo electrónico',
      'Dirección de correo electrónico',
      'Dirección de correo',
      'Dirección de email',
      'Correo',
    ],
    ...['Dirección email', 'Indirizzo email', 'Indirizzo di posta elettronica', 'Posta elettronica'],
    ...[
      'Endereço de e-mail',
      'Endereço email',
      'Endereço eletrônico',
      'Endereço eletrónico',
      'Correio eletrónico',
    ],
    ...[
      'Endereço de correio eletrónico',
      'E-mailadres',
      'Mailadres',
      'E-postadress',
      'E-postadresse',
      'E-post',
    ],
    ...['E-mailadresse', 'Adres e-mail', 'Adres mailowy', 'Адрес электронной почты', 'Электронная почта'],
    ...['Е-пошта', 'Електронна пошта', 'Имейл', 'Διεύθυνση e-mail', 'البريد الإلكتروني', 'כתובת אימייל'],
    ...[
      'メールアドレス',
      'メール',
      '이메일 주소',
      '이메일',
      '电子邮件地址',
      '电子邮件',
      '電子郵件地址',
      '電子郵件',
      'อีเมล',
    ],
    ...['Mail', 'address'],
  ],
  status: [
    'Status',
    'Statut',
    'Статус',
    'Κατάσταση',
    'الحالة',
    'סטטוס',
    'ステータス',
    '상태',
    '状态',
    '狀態',
    'สถานะ',
  ],
  subscriberStatus: ['Subscriber status', 'Subscription status', 'Email status'],
  isSubscribed: ['Subscribed', 'Subscribed to emails', 'Accepts marketing', 'Accepts email marketing'],
  unsubscribedAt: [
    ...['UNSUB_TIME', 'Unsubscribed at', 'Unsubscribed', 'Unsubscribed from all email', 'Opted out'],
    'Deleted at',
  ],
  unsubscribedBy: ['UNSUB_CAMPAIGN_TITLE', 'UNSUB_CAMPAIGN_ID', 'UNSUB_REASON', 'UNSUB_REASON_OTHER'],
  bouncedAt: ['CLEAN_TIME', 'Bounced at', 'Bounced'],
  bouncedBy: ['CLEAN_CAMPAIGN_TITLE', 'CLEAN_CAMPAIGN_ID'],
  complainedAt: ['Complained at', 'Complained'],
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

type ForeignColumn = keyof typeof foreignColumns;

/** The columns that say whether a person left. A row that lacks one of their cells is refused. */
const statusColumns = [
  ...(['status', 'subscriberStatus', 'isSubscribed'] as const),
  ...(['unsubscribedAt', 'unsubscribedBy', 'bouncedAt', 'bouncedBy', 'complainedAt'] as const),
] satisfies readonly ForeignColumn[];

export type StatusColumn = (typeof statusColumns)[number];

/** The columns with times of a consent or of its end. */
const timeColumns: ReadonlySet<string | undefined> = new Set<ForeignColumn>([
  ...(['confirmedAt', 'requestedAt', 'unsubscribedAt', 'bouncedAt', 'complainedAt'] as const),
]);

/** The columns in which a word like `NULL` means a blank cell. In a status it is an unknown word. */
const nullableColumns: ReadonlySet<string> = new Set<ForeignColumn>([
  ...(['confirmedAt', 'confirmedFrom', 'source', 'requestedAt', 'requestedFrom'] as const),
  ...(['unsubscribedAt', 'unsubscribedBy', 'bouncedAt', 'bouncedBy', 'complainedAt'] as const),
]);

/** The columns of a file, by position. */
export interface Columns {
  /** Whether all columns of our own export are there, as in every version. Then its rows are imported as they are. */
  readonly isOwnExport: boolean;
  /** The names in the file. */
  readonly header: readonly string[];
  /** The field that each column holds. Undefined for a column that is not read. */
  readonly names: readonly (string | undefined)[];
  /** The fewest cells a row needs, so that no cell that says who left is missing. */
  readonly minCells: number;
}

/** A cell that says whether a person left, in the words of its file. */
export interface StatusCell {
  readonly column: StatusColumn;
  readonly text: string;
}

/** A row with its cells by field, or with what is wrong. */
export type Row =
  | {
      readonly line: number;
      readonly cells: Cells;
      /** All cells that say whether the person left, also if several columns hold the same field. */
      readonly statusCells: readonly StatusCell[];
      readonly fault?: undefined;
    }
  | { readonly line: number; readonly cells?: undefined; readonly fault: string };

const FOREIGN_NAMES = new Map<string, string>(
  Object.entries(foreignColumns).flatMap(([column, names]) => names.map((name) => [toPlain(name), column])),
);
const OWN_NAMES = new Map<string, string>(profileColumns.map((column) => [toPlain(column), column]));
const REQUIRED_NAMES = profileColumns.filter((column) => !laterColumns.includes(column)).map(toPlain);

/** How columns are chosen, beyond their names. */
export interface ColumnChoice {
  /** The status of everybody in the file. Then the columns of our own export are read like those of any other file. */
  readonly as?: Ending | undefined;
  /** The name of the column of addresses. @default - the first name that is known */
  readonly addressColumn?: string | undefined;
  /** Columns that are about leaving, and that the operator chose to ignore. */
  readonly ignoredColumns?: readonly string[] | undefined;
}

/**
 * Finds the columns in the line that names them.
 *
 * @throws CommandError if no column holds addresses, or a chosen column is missing
 */
export function findColumns(
  header: readonly string[],
  fileName: string,
  { as, addressColumn, ignoredColumns = [] }: ColumnChoice,
): Columns {
  if (header.some((name) => name.includes(REPLACEMENT)))
    throw new CommandError(
      `${fileName}: some names of columns are not UTF-8: ${header.map(quote).join(', ')}. Save the file in UTF-8. In Excel, choose "CSV UTF-8".`,
    );
  const plain = header.map(toPlain);
  const isOwnFormat = REQUIRED_NAMES.every((name) => plain.includes(name));
  const addressIndex = findAddressColumn(header, fileName, addressColumn);
  const isOwnExport = isOwnFormat && plain[addressIndex] === 'address' && as === undefined;
  const names = plain.map((name, at) => {
    if (at === addressIndex) return 'address';
    const known = (isOwnExport ? OWN_NAMES : FOREIGN_NAMES).get(name);
    return known === 'address' ? undefined : known;
  });
  for (const ignored of ignoredColumns) {
    const at = plain.indexOf(toPlain(ignored));
    if (at < 0 || names[at] !== undefined)
      throw new CommandError(
        `${fileName}: --ignore-column is ${quote(ignored)}: expected a column that is not read: ${header
          .filter((_, n) => names[n] === undefined)
          .map(quote)
          .join(', ')}`,
      );
  }
  const deciding: ReadonlySet<string | undefined> = new Set(['address', ...statusColumns]);
  return { isOwnExport, header, names, minCells: names.findLastIndex((name) => deciding.has(name)) + 1 };
}

/**
 * Returns the position of the column of addresses. Mailchimp has both "Email Address" and a postal "Address", so the first known name
 * counts.
 */
function findAddressColumn(header: readonly string[], fileName: string, chosen: string | undefined): number {
  const plain = header.map(toPlain);
  const listed = header.map(quote).join(', ');
  if (chosen !== undefined) {
    const exact = header.indexOf(chosen.trim());
    const index = exact < 0 ? plain.indexOf(toPlain(chosen)) : exact;
    if (index < 0)
      throw new CommandError(`${fileName}: --address-column is ${quote(chosen)}: expected one of ${listed}`);
    return index;
  }
  const name = foreignColumns.address.map(toPlain).find((known) => plain.includes(known));
  if (name === undefined)
    throw new CommandError(
      `${fileName} has no column of addresses. Its first line names ${listed}: expected one like "Email Address". If one of them holds addresses, name it with --address-column.`,
    );
  return plain.indexOf(name);
}

/** Returns the columns that are not read. In our own export, these are columns that were added. */
export function unreadColumns({
  header,
  names,
}: Columns): readonly { readonly name: string; readonly at: number }[] {
  return header.flatMap((name, at) => (names[at] === undefined && name !== '' ? { name, at } : []));
}

/** Returns the unread columns with names about leaving, without those that the operator ignores. */
export function leavingColumns(columns: Columns, { ignoredColumns = [] }: ColumnChoice): readonly string[] {
  const ignored = new Set(ignoredColumns.map(toPlain));
  return unreadColumns(columns)
    .map(({ name }) => name)
    .filter((name) => findEndingIn(name) !== undefined && !ignored.has(toPlain(name)));
}

/** Whether the columns are those of a listmonk export. Its `status` belongs to the account, not to a list. */
export function isFromListmonk({ header }: Columns): boolean {
  const plain = header.map(toPlain);
  return ['uuid', 'email', 'attributes', 'status'].every((name) => plain.includes(name));
}

/** Returns the cells of a record by field. If two columns hold the same field, the first cell that is not blank counts. */
export function toRow({ isOwnExport, names, minCells }: Columns, record: CsvRecord): Row {
  const { line, fault } = record;
  if (fault !== undefined) return { line, fault };
  const count = record.cells.length;
  if (count < minCells)
    return {
      line,
      fault: `it has ${toCountText(count, 'cell')}: expected at least ${minCells}, as in the first line`,
    };
  if (record.cells.slice(names.length).some((cell) => cell !== ''))
    return {
      line,
      fault: `it has ${toCountText(count, 'cell')}: expected ${names.length}, as in the first line`,
    };
  const cells: Record<string, string> = {};
  const statusCells: StatusCell[] = [];
  for (const [index, given] of record.cells.entries()) {
    const name = names[index];
    const cell = isOwnExport ? unescapeFormula(given) : given.trim();
    if (name === undefined || cell === '') continue;
    if (!isOwnExport && nullableColumns.has(name) && isNoValue(cell)) continue;
    if (cell.includes(REPLACEMENT) && !isOwnExport)
      return { line, fault: `${name} is ${quote(cell)}, which is not UTF-8: expected a file in UTF-8` };
    cells[name] ??= cell;
    if (isStatusColumn(name)) statusCells.push({ column: name, text: cell });
  }
  return { line, cells, statusCells };
}

function isStatusColumn(name: string): name is StatusColumn {
  return (statusColumns as readonly string[]).includes(name);
}

/** Returns the cells of a record that hold times. */
export function timeCells({ isOwnExport, names }: Columns, cells: readonly string[]): readonly string[] {
  return isOwnExport ? [] : cells.filter((_, index) => timeColumns.has(names[index]));
}
