import { quote } from '../csv/cells.ts';
import type { StatusCell, StatusColumn } from './columns.ts';
import { type Ending, endings, readEnding, readYesOrNo, toPlain } from './words.ts';

/** What a row says of somebody, and the word that says it. */
export interface ReadStatus {
  readonly status: 'subscribed' | 'paused' | 'unconfirmed' | Ending;
  /** As the file has it: `cleaned`; blank if it says nothing. */
  readonly word: string;
}

/** From the weakest to the strongest. */
const STATUSES = ['subscribed', 'paused', 'unconfirmed', ...endings] as const;

/** What other tools call somebody who did not leave, plain. Words for leaving are in `words.ts`. */
const STAYING: Readonly<Record<'subscribed' | 'paused' | 'unconfirmed', readonly string[]>> = {
  subscribed: [
    ...[
      'subscribed',
      'active',
      'enabled',
      'confirmed',
      'verified',
      'abonniert',
      'aktiv',
      'angemeldet',
      'bestatigt',
    ],
    ...[
      'abonne',
      'abonnee',
      'actif',
      'active',
      'inscrit',
      'inscrite',
      'suscrito',
      'suscrita',
      'activo',
      'activa',
    ],
    ...[
      'iscritto',
      'iscritta',
      'attivo',
      'attiva',
      'inscrito',
      'inscrita',
      'ativo',
      'ativa',
      'ingeschreven',
      'actief',
    ],
  ],
  paused: ['paused', 'snoozed'],
  unconfirmed: [
    'unconfirmed',
    'pending',
    'unbestatigt',
    'nonconfirme',
    'noconfirmado',
    'nonconfermato',
    'onbevestigd',
  ],
};

/** The columns in which a filled cell means that somebody left, and how. */
const ENDED_BY: Readonly<Partial<Record<StatusColumn, Ending>>> = {
  unsubscribedAt: 'unsubscribed',
  bouncedAt: 'bounced',
  complainedAt: 'complained',
};

/** Whether a status ends all mail. */
export function isEnding(status: string): status is Ending {
  return (endings as readonly string[]).includes(status);
}

/**
 * What a row of another tool says of somebody in all of its columns. If these differ, the strongest counts. A word that nobody
 * knows is a fault, unless another cell says that they left: it is not clear that they want mail.
 */
export function readStatus(
  cells: readonly StatusCell[],
): ReadStatus | { readonly status?: undefined; readonly fault: string } {
  const read = cells.map(readCell);
  const status = strongest('subscribed', ...read.flatMap((one) => one.status ?? []));
  const unknown = read.find((one) => one.status === undefined);
  if (unknown && !isEnding(status))
    return {
      fault: `its status is ${quote(unknown.word)}: expected a word like subscribed, pending, unsubscribed, bounced or complained, or none`,
    };
  return { status, word: read.find((one) => one.status === status)?.word ?? '' };
}

/** The strongest of some statuses. */
export function strongest<Status extends ReadStatus['status']>(
  first: Status,
  ...others: readonly Status[]
): Status {
  return others.reduce((most, one) => (STATUSES.indexOf(one) > STATUSES.indexOf(most) ? one : most), first);
}

function readCell({ column, text }: StatusCell): {
  readonly status: ReadStatus['status'] | undefined;
  readonly word: string;
} {
  const ended = ENDED_BY[column];
  if (ended !== undefined)
    return readYesOrNo(text) === false ? { status: 'subscribed', word: '' } : { status: ended, word: ended };
  if (column === 'isSubscribed') {
    const answer = readYesOrNo(text);
    if (answer !== undefined) return { status: answer ? 'subscribed' : 'unsubscribed', word: text };
  }
  const plain = toPlain(text);
  const staying = (['subscribed', 'paused', 'unconfirmed'] as const).find((one) =>
    STAYING[one].includes(plain),
  );
  return { status: staying ?? readEnding(text), word: text };
}
