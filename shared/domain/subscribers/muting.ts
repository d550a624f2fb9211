import { InvalidInputError } from '../errors.ts';
import type { PaperId } from '../papers/paper.ts';
import { MAX_MUTED_AUTHORS, MAX_MUTED_PAPERS, type Subscriber } from './subscriber.ts';

/** The papers and authors that a subscriber muted. */
export type Muted = Pick<Subscriber, 'mutedPapers' | 'mutedAuthors'>;

/** Returns the subscriber with one more muted paper, without the oldest if there are too many. Undefined if it is muted already. */
export function mutePaper(subscriber: Subscriber, id: PaperId): Subscriber | undefined {
  const { mutedPapers = [] } = subscriber;
  if (mutedPapers.includes(id)) return undefined;
  return { ...subscriber, mutedPapers: [...mutedPapers, id].slice(-MAX_MUTED_PAPERS) };
}

/**
 * Returns the subscriber with one more muted author. Undefined if the name is muted already.
 *
 * @throws InvalidInputError if no more authors can be muted. An old mute does not drop out, because authors go on writing
 */
export function muteAuthor(subscriber: Subscriber, name: string): Subscriber | undefined {
  const { mutedAuthors = [] } = subscriber;
  if (mutedAuthors.includes(name)) return undefined;
  if (mutedAuthors.length >= MAX_MUTED_AUTHORS) {
    throw new InvalidInputError(
      `You can mute at most ${MAX_MUTED_AUTHORS} authors. Unmute one on the page of your subscriptions first.`,
    );
  }
  return { ...subscriber, mutedAuthors: [...mutedAuthors, name] };
}

/** Returns the subscriber without one muted paper. Undefined if it is not muted. */
export function unmutePaper(subscriber: Subscriber, id: PaperId): Subscriber | undefined {
  const mutedPapers = without(subscriber.mutedPapers, id);
  return mutedPapers && { ...subscriber, mutedPapers };
}

/** Returns the subscriber without one muted author. Undefined if the name is not muted. */
export function unmuteAuthor(subscriber: Subscriber, name: string): Subscriber | undefined {
  const mutedAuthors = without(subscriber.mutedAuthors, name);
  return mutedAuthors && { ...subscriber, mutedAuthors };
}

function without(muted: readonly string[] = [], removed: string): string[] | undefined {
  return muted.includes(removed) ? muted.filter((text) => text !== removed) : undefined;
}
