import { clearLine, cursorTo } from 'node:readline';
import { SingleBar } from 'cli-progress';
import type { Terminal } from './command.ts';

/** Shows the progress of a long piece of work. */
export interface Progress {
  /** Counts one more as done, or the given number. */
  advance(more?: number): void;
  /** Takes the bar off the line, so that something else can be printed. The bar comes back by itself. */
  clear(): void;
  /** Ends the progress, and takes the bar away. Call it however the work ends. */
  stop(): void;
}

/** The name of a piece of work: `{ verb: 'Imported', unit: 'rows' }`. */
export interface Work {
  readonly verb: string;
  readonly unit: string;
  /** How many there are in all, if that is known. */
  readonly total?: number;
}

/** Work that ends sooner needs no bar. */
const FIRST_AFTER_MS = 500;
const FRAMES_PER_SEC = 10;
/** Often enough for an operator who waits, and seldom enough for the log of a scheduled run. */
const LINE_EVERY_MS = 10_000;

/** Returns a bar with the remaining time on a terminal. Without a terminal it prints a line every ten seconds. */
export function createProgress(
  terminal: Terminal,
  work: Work,
  elapsedMs: () => number = () => performance.now(),
): Progress {
  return terminal.isTTY ? createBar(terminal, work, elapsedMs) : createLines(terminal, work, elapsedMs);
}

function createBar(terminal: Terminal, { verb, unit, total }: Work, elapsedMs: () => number): Progress {
  const startedAt = elapsedMs();
  let done = 0;
  let bar: SingleBar | undefined;
  const start = () => {
    const counts = total === undefined ? '{value}' : '{bar} {percentage} %  {value} of {total}';
    const started = new SingleBar({
      format: `${verb} ${counts} ${unit}${total === undefined ? '' : ', {eta_formatted} left'}`,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 30,
      fps: FRAMES_PER_SEC,
      clearOnComplete: true,
      // Ctrl-C belongs to the command.
      gracefulExit: false,
      formatValue: (value, _, kind) =>
        kind === 'percentage' ? String(value).padStart(3) : value.toLocaleString('en'),
      stream: terminal,
    });
    started.start(total ?? 0, done);
    return started;
  };
  return {
    advance(more = 1) {
      done += more;
      if (!bar && elapsedMs() - startedAt >= FIRST_AFTER_MS) bar = start();
      bar?.update(done);
    },
    clear() {
      if (!bar) return;
      cursorTo(terminal, 0);
      clearLine(terminal, 0);
    },
    stop() {
      bar?.stop();
    },
  };
}

function createLines(terminal: Terminal, { verb, unit, total }: Work, elapsedMs: () => number): Progress {
  let done = 0;
  let saidAt = elapsedMs();
  return {
    advance(more = 1) {
      done += more;
      if (elapsedMs() - saidAt < LINE_EVERY_MS) return;
      saidAt = elapsedMs();
      const count = done.toLocaleString('en');
      terminal.write(
        `${verb} ${count}${total === undefined ? '' : ` of ${total.toLocaleString('en')}`} ${unit}\n`,
      );
    },
    clear() {},
    stop() {},
  };
}
