/** Adds a text to the line of a step: `3 tables, 6 functions`. */
type Note = (text: string) => void;

/** Runs one step of the test, and prints a line with its duration and notes. */
export type Step = <Result>(name: string, work: (note: Note) => Promise<Result>) => Promise<Result>;

/** Returns a function that runs steps and prints their lines: `ok      3.2 s  deploys both stacks of dev`. */
export function createSteps(print: (line: string) => void): Step {
  return async (name, work) => {
    const startedAt = performance.now();
    const notes: string[] = [];
    const tell = (state: string) =>
      print(`${state.padEnd(6)} ${toSeconds(startedAt)}  ${[name, ...notes].join(': ')}`);
    try {
      const result = await work((text) => notes.push(text));
      tell('ok');
      return result;
    } catch (error) {
      tell('FAILED');
      throw error;
    }
  };
}

/** Returns the time since `startedAt`, a value of `performance.now()`: `  3.2 s`. */
export function toSeconds(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(5)} s`;
}
