/** What must be undone before the process ends, in reverse order. */
export interface CleanUp {
  add(undo: () => Promise<void>): void;
  /** Undoes everything, even if some of it fails. A repeat does nothing. */
  run(): Promise<void>;
}

/** Creates an empty list of things to undo. */
export function createCleanUp(): CleanUp {
  const undos: (() => Promise<void>)[] = [];
  return {
    add(undo) {
      undos.push(undo);
    },
    async run() {
      for (let undo = undos.pop(); undo; undo = undos.pop()) await undo().catch(() => undefined);
    },
  };
}
