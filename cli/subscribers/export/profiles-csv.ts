import { writeRecord } from '../csv/write-record.ts';
import { profileColumns, toProfileRow } from '../profile-row.ts';
import type { StoredProfiles } from './stored-profiles.ts';

/** Who is told of an export as it goes on. */
export interface ExportListener {
  /** A profile was written. */
  readonly written: () => void;
  /** A profile is not what it should be and was left out. */
  readonly leftOut: (fault: string) => void;
}

/** All profiles as CSV, one row at a time, below the names of the columns. */
export async function* toProfilesCsv(
  profiles: StoredProfiles,
  listener: ExportListener,
): AsyncGenerator<string> {
  yield writeRecord(profileColumns);
  for await (const { subscriber, fault } of profiles.loadAll()) {
    if (fault !== undefined) {
      listener.leftOut(fault);
      continue;
    }
    yield writeRecord(toProfileRow(subscriber));
    listener.written();
  }
}
