import { typedAddressSchema } from '../../../shared/domain/address.ts';
import type { Subscriber } from '../../../shared/domain/subscriber.ts';
import { toSubscriberId } from '../../../shared/subscribers/subscriber-id.ts';
import { parseProfileRow } from '../profile-row.ts';
import type { Columns, Row } from './columns.ts';
import { readForeignRow } from './foreign-row.ts';
import type { ImportContext, Reading } from './reading.ts';
import { type Ending, isEnding, readStatus } from './status.ts';
import { readTimeZone } from './time-zone.ts';

/** Reads a row: of our own export as it was, of any other file as its words are understood. */
export function readRow({ isOwnExport }: Columns, row: Row, context: ImportContext): Reading {
  if (row.fault !== undefined) return { fault: row.fault };
  if (!isOwnExport) return readForeignRow(row.cells, context);
  const { values: subscriber, fault } = parseProfileRow(row.cells, context.idKey);
  return subscriber === undefined ? { fault } : { ...withTimeZones(subscriber), isAsked: false };
}

/** A profile of our own export, with UTC instead of time zones that no digest can be planned for. */
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

/** Who left, as a row tells; undefined where nobody did, or the address is none. */
export function findEnding(
  { isOwnExport }: Columns,
  { cells }: Row,
  idKey: string,
): { readonly id: Subscriber['id']; readonly ending: Ending } | undefined {
  const status = cells && (isOwnExport ? cells.status : readStatus(cells).status);
  const address = typedAddressSchema.safeParse(cells?.address);
  if (status === undefined || !isEnding(status) || !address.success) return undefined;
  return { id: toSubscriberId(address.data, idKey), ending: status };
}
