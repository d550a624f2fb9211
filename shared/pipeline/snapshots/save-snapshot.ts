import { ConflictError } from '../../domain/errors.ts';
import type {
  ListDay,
  SnapshotHeader,
  SnapshotReader,
  SnapshotRepository,
  UnusableHeader,
} from '../../ports/snapshots.ts';
import { undefinedIfDamaged } from '../../snapshots/sealed.ts';
import {
  hasSameTexts,
  isSameState,
  type SnapshotState,
  sealState,
  toSnapshotState,
  unsealState,
} from '../../snapshots/snapshot-state.ts';
import { sealTexts, unsealTexts } from '../../snapshots/texts.ts';
import { loadPapersOfDay, type PapersOfDayPorts } from './load-papers-of-day.ts';

export interface SaveSnapshotPorts extends PapersOfDayPorts {
  readonly snapshots: SnapshotRepository;
}

/** A header, and the state of its snapshot if that can be read. */
export interface KnownSnapshot {
  readonly header: SnapshotHeader | UnusableHeader;
  readonly state: SnapshotState | undefined;
}

const MAX_ATTEMPTS = 4;

/**
 * Saves the snapshot of a list-day from its papers in the table, if it differs or `isForced`. Returns whether it was written.
 *
 * The papers are read after the header. The write fails if the header was replaced meanwhile, and both are read again. So of two
 * writers the later one has read the newer papers.
 *
 * @param known the header that was loaded before. Undefined if there was none.
 * @param isForced whether to write it even if nothing changed. A damaged text needs that.
 * @throws ConflictError if other writers keep replacing it
 */
export async function saveSnapshot(
  ports: SaveSnapshotPorts,
  listDay: ListDay,
  known: KnownSnapshot | undefined,
  isForced = false,
): Promise<'written' | 'unchanged'> {
  let previous = known;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const { papers } = await loadPapersOfDay(ports, listDay);
    const state = toSnapshotState(papers);
    const stored = isForced ? undefined : previous?.state;
    if (stored && isSameState(stored, state)) return 'unchanged';
    const text = stored && hasSameTexts(stored, state) ? 'same' : sealTexts(papers);
    if (await ports.snapshots.save(listDay, { text, state: sealState(state) }, previous?.header))
      return 'written';
    [previous] = await loadKnown(ports.snapshots, listDay.list, listDay.day, listDay.day);
  }
  throw new ConflictError(
    `the snapshot of ${listDay.list} ${listDay.day} was changed by others ${MAX_ATTEMPTS} times while being saved`,
  );
}

/** Loads the headers of a list, with the states of their snapshots. */
export async function loadKnown(
  snapshots: SnapshotReader,
  list: ListDay['list'],
  first: ListDay['day'],
  last: ListDay['day'],
): Promise<readonly KnownSnapshot[]> {
  const headers = await snapshots.loadHeaders(list, first, last);
  const parts = await snapshots.loadParts(
    headers.flatMap((header) => (header.kind === 'snapshot' ? { ...header, stored: header.state } : [])),
  );
  return headers.map((header) => ({ header, state: findState(header, parts) }));
}

function findState(
  header: SnapshotHeader | UnusableHeader,
  parts: ReadonlyMap<string, Uint8Array>,
): SnapshotState | undefined {
  if (header.kind !== 'snapshot') return undefined;
  const { state } = header;
  const sealed = state.kind === 'inline' ? state.bytes : parts.get(state.name);
  return sealed && undefinedIfDamaged(() => unsealState(sealed));
}

/** Reads the text of a snapshot. Returns whether it is intact and of the same papers as its state. */
export async function isTextIntact(
  snapshots: SnapshotReader,
  header: SnapshotHeader,
  state: SnapshotState,
): Promise<boolean> {
  const { text } = header;
  const parts = await snapshots.loadParts([{ ...header, stored: text }]);
  const sealed = text.kind === 'inline' ? text.bytes : parts.get(text.name);
  const texts = sealed && undefinedIfDamaged(() => unsealTexts(sealed));
  return texts?.ids.join() === state.ids.join();
}
