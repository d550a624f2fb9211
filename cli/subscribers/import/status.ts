import { type Ending, endings, isEnding } from '../../../shared/domain/subscribers/subscriber.ts';
import { quote } from '../csv.ts';
import type { StatusCell, StatusColumn } from './columns.ts';
import { isTime } from './times.ts';
import { readEnding, readYesOrNo, toPlain } from './words.ts';

/** The status of a person in a row, and the word that says it. */
export interface ReadStatus {
  readonly status: 'subscribed' | 'paused' | 'unconfirmed' | Ending;
  /** The word in the file, such as `cleaned`. Empty if there is none. */
  readonly word: string;
}

/** From the weakest to the strongest. */
const STATUSES = ['subscribed', 'paused', 'unconfirmed', ...endings] as const;

/**
 * The words of other tools for a person who did not leave, folded by `toPlain`. Words for leaving are in `words.ts`, with their
 * source.
 */
const STAYING: Readonly<Record<'subscribed' | 'paused' | 'unconfirmed', ReadonlySet<string>>> = {
  subscribed: toWords(
    'subscribed active enabled confirmed verified',
    'abonniert aktiv angemeldet bestatigt abonne abonnee actif inscrit inscrite suscrito suscrita activo activa',
    'iscritto iscritta attivo attiva inscrito inscrita ativo ativa ingeschreven actief',
    'подписан подтвержден включен підписані підтверджені чинні абониран потвърден активиран',
    'εγγεγραμμένο επιβεβαιωμένο ενεργοποιημένο مشترك مؤكد مفعل נרשם מאושר מופעל',
    '加入済み 確認済み 有効 구독됨 확인됨 활성화됨 订阅 已订阅 已确认 启用 訂閱 已訂閱 已確認 啟用',
  ),
  paused: toWords('paused snoozed'),
  unconfirmed: toWords(
    'unconfirmed pending unbestatigt nonconfirme noconfirmado nonconfermato onbevestigd',
    'неподтвержден непідтверджені непотвърден ανεπιβεβαίωτο غيرمؤكد לאמאושר 未確認 미확인 未确认',
  ),
};

function toWords(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')).map(toPlain));
}

/** The columns that say when a person left, or whether they did. */
const ENDED_AT: Readonly<Partial<Record<StatusColumn, Ending>>> = {
  unsubscribedAt: 'unsubscribed',
  bouncedAt: 'bounced',
  complainedAt: 'complained',
};

/** The columns that say why a person left. Any text there means that they did. */
const ENDED_BY: Readonly<Partial<Record<StatusColumn, Ending>>> = {
  unsubscribedBy: 'unsubscribed',
  bouncedBy: 'bounced',
};

/**
 * Reads the status from all columns of a row of another tool. If they differ, the strongest counts. An unknown word is a fault,
 * because it may mean that the person left. It does no harm if another cell says so anyway.
 */
export function readStatus(
  cells: readonly StatusCell[],
): ReadStatus | { readonly status?: undefined; readonly fault: string } {
  const read = cells.map(readCell);
  const status = strongest('subscribed', ...read.flatMap((cell) => cell.status ?? []));
  const unknown = cells.find((_, at) => read[at]?.status === undefined);
  if (unknown && !isEnding(status)) return { fault: describeUnknown(unknown) };
  return { status, word: read.find((cell) => cell.status === status)?.word ?? '' };
}

/** Returns the strongest status. */
export function strongest<Status extends ReadStatus['status']>(
  first: Status,
  ...others: readonly Status[]
): Status {
  return others.reduce(
    (most, status) => (STATUSES.indexOf(status) > STATUSES.indexOf(most) ? status : most),
    first,
  );
}

function describeUnknown({ column, text }: StatusCell): string {
  return ENDED_AT[column] === undefined
    ? `its status is ${quote(text)}: expected a word like subscribed, pending, unsubscribed, bounced or complained, or none`
    : `a column that says when people left has ${quote(text)}: expected a time, yes, no, or a blank cell`;
}

function readCell({ column, text }: StatusCell): {
  readonly status: ReadStatus['status'] | undefined;
  readonly word: string;
} {
  const ended = ENDED_AT[column] ?? ENDED_BY[column];
  if (ended !== undefined) {
    const answer = readYesOrNo(text);
    if (answer === false) return { status: 'subscribed', word: '' };
    const hasLeft = answer || column in ENDED_BY || isTime(text) || readEnding(text) !== undefined;
    return { status: hasLeft ? ended : undefined, word: ended };
  }
  if (column === 'isSubscribed') {
    const answer = readYesOrNo(text);
    if (answer !== undefined) return { status: answer ? 'subscribed' : 'unsubscribed', word: text };
  }
  const plain = toPlain(text);
  const staying = (['subscribed', 'paused', 'unconfirmed'] as const).find((status) =>
    STAYING[status].has(plain),
  );
  return { status: staying ?? readEnding(text), word: text };
}
