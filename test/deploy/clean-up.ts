/** What has to be undone before the process may end, the last thing first. */
export interface CleanUp {
  add(undo: () => Promise<void>): void;
  /** Undoes everything, whatever of it fails. A repeat does nothing. */
  run(): Promise<void>;
}

/** A list of things to undo. */
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
