import { clearLine, cursorTo } from 'node:readline';

/** Where progress is shown: the terminal, or whatever the output goes to in place of it. */
export type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** Tells how far a long piece of work has come. */
export interface Progress {
  /** One more is done. */
  advance(): void;
  /** Takes the bar away; the next step brings it back. */
  clear(): void;
}

/** What is over sooner needs no bar. */
const FIRST_AFTER_MS = 500;
const EVERY_MS = 100;
const WIDTH = 30;

/** A bar on a terminal that is redrawn at times; nothing where the stream is a file or a pipe. */
export function createProgress(
  stream: ProgressStream,
  total: number,
  elapsedMs: () => number = () => performance.now(),
): Progress {
  const startedAt = elapsedMs();
  let done = 0;
  let drawnAt = startedAt + FIRST_AFTER_MS - EVERY_MS;
  let isShown = false;
  return {
    advance() {
      done += 1;
      if (!stream.isTTY || elapsedMs() - drawnAt < EVERY_MS) return;
      drawnAt = elapsedMs();
      isShown = true;
      cursorTo(stream, 0);
      stream.write(toBar(done, total));
      clearLine(stream, 1);
    },
    clear() {
      if (!isShown) return;
      isShown = false;
      cursorTo(stream, 0);
      clearLine(stream, 0);
    },
  };
}

/** `████████░░░░  67 %  2/3` */
function toBar(done: number, total: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.round(share * WIDTH);
  const percent = String(Math.floor(share * 100)).padStart(3);
  return `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${percent} %  ${done}/${total}`;
}
