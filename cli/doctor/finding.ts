/** How a part of a deployment is, from the best to the worst. `wait`: it is not done yet, and comes by itself or when asked for. */
export const states = ['ok', 'wait', 'warn', 'fail'] as const;

export type State = (typeof states)[number];

/** What a check found, and what an operator should do about it. */
export interface Finding {
  readonly state: State;
  readonly found: string;
  readonly advice?: string;
}

export function ok(found: string, advice?: string): Finding {
  return toFinding('ok', found, advice);
}

export function wait(found: string, advice?: string): Finding {
  return toFinding('wait', found, advice);
}

export function warn(found: string, advice: string): Finding {
  return toFinding('warn', found, advice);
}

export function fail(found: string, advice: string): Finding {
  return toFinding('fail', found, advice);
}

/** The worst of these states; `ok` of none. */
export function worstOf(all: readonly State[]): State {
  return states.findLast((state) => all.includes(state)) ?? 'ok';
}

function toFinding(state: State, found: string, advice: string | undefined): Finding {
  return advice === undefined ? { state, found } : { state, found, advice };
}
