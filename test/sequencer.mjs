import DefaultSequencer from '@jest/test-sequencer';

/** The folders whose tests take longest, longest first. */
const SLOW_FOLDERS = ['browser', 'flow', 'chaos', 'infra', 'pace', 'cli'];

/**
 * Starts slow tests first, so that none of them runs alone at the end. Jest knows durations only from earlier runs; a fresh
 * clone has none, and goes by folder.
 */
export default class Sequencer extends DefaultSequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    if (sorted.some(({ duration }) => duration !== undefined)) return sorted;
    return sorted.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}

function rankOf({ path, context }) {
  const [, folder] = path.slice(context.config.rootDir.length + 1).split(/[\\/]/);
  const rank = SLOW_FOLDERS.indexOf(folder);
  return rank === -1 ? SLOW_FOLDERS.length : rank;
}
