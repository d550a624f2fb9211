import { open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { loadSettings } from '../../infra/settings/load-settings.ts';
import { toCountText } from '../../shared/presentation/wording.ts';
import { type CommandContext, EXIT_OK, EXIT_TROUBLE } from '../command.ts';
import { CommandError, InterruptedError } from '../deployment/errors.ts';
import { toCostText } from '../deployment/table-reads.ts';
import { createProgress } from '../progress.ts';
import { fileErrorCode, writeRecord } from './csv.ts';
import { openSubscribers, type StoredProfiles } from './open-subscribers.ts';
import { profileColumns, toProfileRow } from './profile-row.ts';

/** Exports the subscribers of a deployment, and returns the exit code. */
export async function runExport(
  given: { readonly path: string | undefined; readonly settings: string; readonly force?: true },
  context: CommandContext,
): Promise<number> {
  const { profiles, meterReads } = await openSubscribers(loadSettings(given.settings));
  const costOf = meterReads();
  const code = await exportTo(given.path, given.force ?? false, profiles, context);
  context.printError(toCostText(costOf()));
  return code;
}

/** Writes the profiles into a file, or to the output. Prints how many, and returns the exit code. */
export async function exportTo(
  path: string | undefined,
  isForced: boolean,
  profiles: Pick<StoredProfiles, 'loadAll'>,
  {
    output,
    terminal,
    printError,
    onInterrupt,
  }: Pick<CommandContext, 'output' | 'terminal' | 'printError' | 'onInterrupt'>,
): Promise<number> {
  const interruption = onInterrupt();
  const progress = createProgress(terminal, { verb: 'Written', unit: 'subscribers' });
  let written = 0;
  let leftOut = 0;
  const csv = toProfilesCsv(profiles, {
    written: () => {
      written += 1;
      progress.advance();
      if (interruption.aborted)
        throw new InterruptedError(
          `Stopped after ${toCountText(written, 'subscriber')}. The export is not complete: run it again.`,
        );
    },
    leftOut: (fault) => {
      leftOut += 1;
      progress.clear();
      printError(`left out: ${fault}`);
    },
  });
  try {
    if (path === undefined) await pipeline(csv, output, { end: false });
    else await writePrivateFile(path, isForced, csv);
  } finally {
    progress.stop();
  }
  const where = path === undefined ? '' : ` to ${path}`;
  printError(
    `${toCountText(written, 'subscriber')} written${where}${leftOut > 0 ? `, ${leftOut} left out` : ''}`,
  );
  return leftOut > 0 ? EXIT_TROUBLE : EXIT_OK;
}

/** Receives the progress of an export. */
export interface ExportListener {
  /** A profile was written. */
  readonly written: () => void;
  /** A profile cannot be read and was left out. */
  readonly leftOut: (fault: string) => void;
}

/** Yields the names of the columns, and then each profile as a row of CSV. */
export async function* toProfilesCsv(
  profiles: Pick<StoredProfiles, 'loadAll'>,
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

/**
 * Writes a file that only its owner can read. If writing fails, no file is left. With `isForced` the earlier file stays.
 *
 * @throws CommandError if the file exists and is not forced, or if it cannot be created
 */
async function writePrivateFile(
  path: string,
  isForced: boolean,
  pieces: AsyncIterable<string>,
): Promise<void> {
  const target = isForced ? `${path}.part` : path;
  // A killed run leaves it.
  if (isForced) await rm(target, { force: true });
  const file = await open(target, 'wx', 0o600).catch((error: unknown) => {
    throw explain(target, error);
  });
  try {
    await pipeline(pieces, file.createWriteStream());
    if (isForced) await rename(target, path);
  } catch (error) {
    await rm(target, { force: true });
    throw explain(path, error);
  }
}

/** Explains an error of the file system. Any other error stays as it is. */
function explain(path: string, error: unknown): unknown {
  const code = fileErrorCode(error);
  if (code === undefined) return error;
  if (code === 'EEXIST')
    return new CommandError(
      `"${path}" already exists. Give the path of a new file, or add --force to replace it.`,
    );
  return new CommandError(`"${path}" cannot be written (${code}). Give the path of another file.`, {
    cause: error,
  });
}
