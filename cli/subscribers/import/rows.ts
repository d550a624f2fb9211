import { isIP } from 'node:net';
import * as z from 'zod';
import type { Settings } from '../../../infra/settings/schema.ts';
import { InvalidInputError } from '../../../shared/domain/errors.ts';
import { explainUnknownList, findChosenList } from '../../../shared/domain/lists/list-choice.ts';
import type { ListId } from '../../../shared/domain/lists/lists.ts';
import { DEFAULT_SORT } from '../../../shared/domain/papers/sort.ts';
import { firstLinksSince } from '../../../shared/domain/subscribers/sign-up.ts';
import {
  type ChangeCause,
  DEFAULT_MAX_PAPERS,
  type Ending,
  isEnding,
  lastChangeOf,
  type Subscriber,
  type Subscription,
} from '../../../shared/domain/subscribers/subscriber.ts';
import { typedAddressSchema } from '../../../shared/domain/subscribers/typed-address.ts';
import { type Instant, latestOf } from '../../../shared/domain/time/time.ts';
import { adviseOn } from '../../../shared/matching/query/query-advice.ts';
import { createNewSubscriber } from '../../../shared/subscribers/new-subscriber.ts';
import { toSubscriberId } from '../../../shared/subscribers/subscriber-id.ts';
import { quote } from '../csv.ts';
import { type Cells, parseCells, parseProfileRow, preferenceCells } from '../profile-row.ts';
import type { Columns, Row } from './columns.ts';
import { type ReadStatus, readStatus, strongest } from './status.ts';
import { type DateOrder, parseTime, readTimeZone } from './times.ts';

/** The longest note of a status change. */
const MAX_NOTE_CHARS = 200;

/** What reading a row depends on, besides the row. */
export interface RowContext {
  readonly fileName: string;
  /** The status of everybody in the file, whatever its columns say. */
  readonly as?: Ending | undefined;
  /** The text that the people in the file agreed to, as given by the operator. */
  readonly consentText?: string | undefined;
  /** The order of day and month in the file. Undefined if it is unknown. */
  readonly dateOrder?: DateOrder | undefined;
  readonly defaults: Pick<Settings['defaults'], 'cadence' | 'hour'>;
  /** The lists of the deployment. */
  readonly lists: readonly ListId[];
  /** The lists of a row that names none. */
  readonly defaultLists: readonly ListId[];
  /** Turns addresses into ids. */
  readonly idKey: string;
  readonly now: Instant;
}

/** The subscriber that a row describes, or what is wrong with the row. */
export type Reading =
  | {
      readonly subscriber: Subscriber;
      /** Whether the file does not prove a consent. Then a mail asks them, and nothing is stored before they answer. */
      readonly isAsked: boolean;
      /** The cause of the status change of a known subscriber, if the row says that they left. */
      readonly cause: ChangeCause;
      /** When they left, if the row says when. */
      readonly leftAt?: Instant | undefined;
      /** A note for the operator. */
      readonly note?: string | undefined;
      readonly fault?: undefined;
    }
  | { readonly fault: string };

/** Reads a row of our own export, or of another tool. */
export function readRow({ isOwnExport }: Columns, row: Row, context: RowContext): Reading {
  if (row.fault !== undefined) return { fault: row.fault };
  if (!isOwnExport) return readForeignRow(row, context);
  const { values: subscriber, fault } = parseProfileRow(row.cells, context.idKey);
  if (subscriber === undefined) return readBrokenRow(row.cells, fault, context);
  const last = lastChangeOf(subscriber);
  return {
    ...withTimeZones(subscriber),
    isAsked: false,
    cause: last ?? causeHere(context),
    leftAt: last?.at,
  };
}

/** Reads a row of our own export that has invalid cells. If it says that the person left, only that is imported. */
function readBrokenRow(
  { address = '', status = '', ended_at: endedAt }: Cells,
  fault: string,
  context: RowContext,
): Reading {
  if (!isEnding(status)) return { fault };
  const reading = readPreferences({ address }, toKnown({ status, word: status }, {}, context), context);
  if (reading.fault !== undefined) return { fault };
  const leftAt = findLeftAt({ ...(endedAt && { unsubscribedAt: endedAt }) }, context);
  return { ...reading, leftAt, note: `only the status is imported: ${fault}` };
}

/** Returns this import as the cause of a status change. */
function causeHere({ now, fileName }: RowContext): ChangeCause {
  return { at: now, by: 'import', note: fileName.slice(0, MAX_NOTE_CHARS) };
}

/** Replaces time zones that the planner cannot use by UTC. */
function withTimeZones(subscriber: Subscriber): { readonly subscriber: Subscriber; readonly note?: string } {
  const own = readTimeZone(subscriber.timeZone);
  const asked = subscriber.signUp && readTimeZone(subscriber.signUp.timeZone);
  const note = own.note ?? asked?.note;
  if (note === undefined) return { subscriber };
  return {
    subscriber: {
      ...subscriber,
      ...(own.note && { timeZone: own.timeZone }),
      ...(subscriber.signUp && asked?.note && { signUp: { ...subscriber.signUp, timeZone: asked.timeZone } }),
    },
    note,
  };
}

/** Returns who left according to a row. Undefined if they did not leave, or the address is invalid. */
export function findEnding(
  { isOwnExport }: Columns,
  row: Row,
  { as, idKey }: Pick<RowContext, 'as' | 'idKey'>,
): { readonly id: Subscriber['id']; readonly ending: Ending } | undefined {
  if (row.fault !== undefined) return undefined;
  const { cells } = row;
  const read = isOwnExport ? cells.status : readStatus(row.statusCells).status;
  const status = as !== undefined && !(read !== undefined && isEnding(read)) ? as : read;
  const address = typedAddressSchema.safeParse(cells.address);
  if (status === undefined || !isEnding(status) || !address.success) return undefined;
  return { id: toSubscriberId(address.data, idKey), ending: as ? strongest(as, status) : status };
}

type ForeignRow = Extract<Row, { readonly cells: Cells }>;
type Known = Pick<Subscriber, 'status' | 'consent'>;

const foreignCells = z.object({ address: typedAddressSchema, ...z.object(preferenceCells).partial().shape });

/**
 * Reads a row of another tool. A person who left there is stored as having left. A person with a proven consent is confirmed.
 * Everybody else is asked.
 */
function readForeignRow({ cells, statusCells }: ForeignRow, context: RowContext): Reading {
  const read = statusIn(statusCells, context.as);
  if (read.status === undefined) return read;
  try {
    const known = toKnown(read, cells, context);
    if (!isEnding(read.status)) return readPreferences(cells, known, context);
    // A person who left needs no preferences, so invalid ones do not matter.
    const { address = '' } = cells;
    const reading = readPreferences(address === '' ? {} : { address }, known, context);
    return reading.fault === undefined ? { ...reading, leftAt: findLeftAt(cells, context) } : reading;
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return { fault: error.message };
  }
}

function statusIn(cells: ForeignRow['statusCells'], as: Ending | undefined): ReturnType<typeof readStatus> {
  const read = readStatus(cells);
  if (as === undefined) return read;
  const status = read.status !== undefined && isEnding(read.status) ? strongest(as, read.status) : as;
  return { status, word: read.status === status ? read.word : status };
}

/**
 * Returns the status and the consent that follow from a row.
 *
 * @throws InvalidInputError if the evidence of a consent cannot be read, or is missing for a person who cannot be asked
 */
function toKnown({ status, word }: ReadStatus, cells: Cells, context: RowContext): Known {
  const { fileName, now } = context;
  const here = { at: now, from: fileName };
  if (isEnding(status))
    return { status, consent: { ...here, text: `Mailed nothing: imported as ${quote(word)}.` } };
  const text = cells.consentText ?? context.consentText;
  const evidence = status === 'unconfirmed' ? undefined : readEvidence(cells, context);
  if (evidence)
    return {
      status: status === 'paused' ? 'paused' : 'confirmed',
      consent: { ...evidence, text: text ?? `Confirmed elsewhere, according to ${fileName}.` },
    };
  if (status === 'paused')
    throw new InvalidInputError(
      `its status is ${quote(word)}, and it has no proof of consent: expected when and from where they confirmed`,
    );
  return {
    status: 'unconfirmed',
    consent: { ...here, text: text ?? `Asked by mail to confirm, imported from ${fileName}.` },
  };
}

/**
 * Returns the evidence of a consent in a row of another tool: when it was given, and from which IP address or source. Undefined if
 * one of the two is missing, because then it proves nothing.
 *
 * @throws InvalidInputError if it cannot be read
 */
function readEvidence(
  { confirmedAt, confirmedFrom, source, requestedAt, requestedFrom }: Cells,
  { now, dateOrder }: RowContext,
): Omit<Subscriber['consent'], 'text'> | undefined {
  const from = confirmedFrom ?? source;
  if (confirmedAt === undefined || from === undefined) return undefined;
  if (confirmedFrom !== undefined && isIP(confirmedFrom) === 0)
    throw new InvalidInputError(
      `${quote(confirmedFrom)} is not an IP address: expected the one that confirmed`,
    );
  return {
    at: parseTime(confirmedAt, now, dateOrder),
    from,
    ...(requestedAt !== undefined && { requestedAt: parseTime(requestedAt, now, dateOrder) }),
    ...(requestedFrom !== undefined && { requestedFrom }),
  };
}

/** Returns when the person left, if the row has a valid time. */
function findLeftAt(
  { unsubscribedAt, bouncedAt, complainedAt }: Cells,
  context: RowContext,
): Instant | undefined {
  const times = [unsubscribedAt, bouncedAt, complainedAt].flatMap((text) => {
    try {
      return text === undefined ? [] : parseTime(text, context.now, context.dateOrder);
    } catch (error) {
      if (error instanceof InvalidInputError) return [];
      throw error;
    }
  });
  return latestOf(times);
}

/** Returns subscriptions with lists of the deployment, or says which list is none. An export of ours keeps the lists that it has. */
function chooseLists(
  subscriptions: readonly Subscription[] | undefined,
  known: readonly ListId[],
): { readonly subscriptions?: Subscription[] | undefined; readonly fault?: string } {
  const unknown = subscriptions?.flatMap(({ lists }) => lists).find((id) => !findChosenList(id, known));
  if (unknown !== undefined) return { fault: `subscriptions: ${explainUnknownList(unknown, known)}` };
  return {
    subscriptions: subscriptions?.map((subscription) => ({
      ...subscription,
      lists: [...new Set(subscription.lists.flatMap((id) => findChosenList(id, known) ?? []))],
    })),
  };
}

/** Reads the preferences in the cells. The settings supply the missing ones. */
function readPreferences(cells: Cells, known: Known, context: RowContext): Reading {
  const { defaults, defaultLists, idKey, now } = context;
  const { values, fault } = parseCells(foreignCells, cells);
  if (values === undefined) return { fault };
  const { address, hour = defaults.hour, weekday = 1, format = 'html' } = values;
  const { subscriptions, fault: unknown } = chooseLists(values.subscriptions, context.lists);
  if (unknown !== undefined) return { fault: unknown };
  const { timeZone, note } = readTimeZone(cells.timeZone);
  const subscription = {
    lists: [...defaultLists],
    query: '',
    cadence: defaults.cadence,
    maxPapers: DEFAULT_MAX_PAPERS,
    sort: DEFAULT_SORT,
  };
  const cause = causeHere(context);
  const created = createNewSubscriber(
    { ...known, address, timeZone, hour, weekday, format, subscriptions: [subscription], cause },
    idKey,
  );
  const subscriber = {
    ...created,
    subscriptions: subscriptions ?? created.subscriptions,
    linksSince: firstLinksSince({ at: now }),
  };
  const notes = [note, ...adviseOnQueries(subscriptions, context.lists)].filter((text) => text !== undefined);
  return {
    subscriber,
    isAsked: known.status === 'unconfirmed',
    cause,
    note: notes.length > 0 ? notes.join('; ') : undefined,
  };
}

/**
 * Returns notes about queries that may not mean what the writer of the file thinks. Rows of our own export get none: their owners wrote
 * these queries, and an operator can do nothing about them.
 */
function adviseOnQueries(
  subscriptions: readonly Subscription[] | undefined,
  lists: readonly ListId[],
): readonly string[] {
  return (subscriptions ?? []).flatMap(({ query }) => {
    const advice = adviseOn(query, lists);
    return advice.length === 0 ? [] : `about the query ${quote(query)}: ${advice.join(' ')}`;
  });
}
