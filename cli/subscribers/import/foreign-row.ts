import * as z from 'zod';
import { typedAddressSchema } from '../../../shared/domain/address.ts';
import { InvalidInputError } from '../../../shared/domain/errors.ts';
import { firstLinksSince } from '../../../shared/domain/sign-up.ts';
import type { Subscriber } from '../../../shared/domain/subscriber.ts';
import { sourceNames } from '../../../shared/sources/source-names.ts';
import { createNewSubscriber } from '../../../shared/subscribers/new-subscriber.ts';
import { MAX_PAPERS } from '../../../shared/web/sign-up.ts';
import { type Cells, parseCells, quote } from '../csv/cells.ts';
import { preferenceCells } from '../profile-row.ts';
import { readEvidence } from './evidence.ts';
import type { ImportContext, Reading } from './reading.ts';
import { isEnding, readStatus, type ToldStatus } from './status.ts';
import { readTimeZone } from './time-zone.ts';

type Known = Pick<Subscriber, 'status' | 'consent'>;

const foreignCells = z.object({ address: typedAddressSchema, ...z.object(preferenceCells).partial().shape });

/**
 * Reads a row that another tool wrote. Who left there is kept as somebody who left; whose consent the row proves is
 * confirmed; everybody else is asked.
 */
export function readForeignRow(cells: Cells, context: ImportContext): Reading {
  const told = readStatus(cells);
  if (told.status === undefined) return told;
  try {
    const known = toKnown(told, cells, context);
    // The preferences of who left matter to nobody, so none of them can be wrong.
    const { address = '' } = cells;
    const read = isEnding(told.status) ? { ...(address !== '' && { address }) } : cells;
    return readPreferences(read, known, context);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return { fault: error.message };
  }
}

/**
 * What a row makes of somebody: their status here, and what it rests on.
 *
 * @throws InvalidInputError where the evidence of a consent cannot be read, or is missing where nobody could be asked
 */
function toKnown(
  { status, word }: ToldStatus,
  cells: Cells,
  { fileName, now, ...context }: ImportContext,
): Known {
  const here = { at: now, from: fileName };
  if (isEnding(status))
    return { status, consent: { ...here, text: `Mailed nothing: imported as ${quote(word)}.` } };
  const text = cells.consentText ?? context.consentText;
  const evidence = status === 'unconfirmed' ? undefined : readEvidence(cells, now);
  if (evidence)
    return {
      status: status === 'paused' ? 'paused' : 'confirmed',
      consent: { ...evidence, text: text ?? `Confirmed elsewhere, as ${fileName} tells.` },
    };
  if (status === 'paused')
    throw new InvalidInputError(
      `its status is ${quote(word)}, and no consent is told: expected when and from where they confirmed`,
    );
  return {
    status: 'unconfirmed',
    consent: { ...here, text: text ?? `Asked by mail to confirm, imported from ${fileName}.` },
  };
}

/** What the cells say of preferences, and the settings where they do not; with what is known of the rest. */
function readPreferences(cells: Cells, known: Known, { defaults, idKey, now }: ImportContext): Reading {
  const { values, fault } = parseCells(foreignCells, cells);
  if (values === undefined) return { fault };
  const { address, hour = defaults.hour, weekday = 1, format = 'html', subscriptions } = values;
  const { timeZone, note } = readTimeZone(cells.timeZone);
  const wish = { lists: [...sourceNames], query: '', cadence: defaults.cadence, maxPapers: MAX_PAPERS };
  const created = createNewSubscriber(
    {
      ...{ ...known, address, timeZone, hour, weekday, format, wishes: [wish] },
      cause: { at: now, by: 'import' },
    },
    idKey,
  );
  const subscriber = {
    ...created,
    subscriptions: subscriptions ?? created.subscriptions,
    linksSince: firstLinksSince({ at: now }),
  };
  return { subscriber, isAsked: known.status === 'unconfirmed', note };
}
