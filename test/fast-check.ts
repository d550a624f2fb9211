import fc from 'fast-check';
import { isThorough } from './thorough.ts';

// Every default run tries the same inputs, so it fails only because of a change. A thorough run draws new ones, and names the seed of a failure.
fc.configureGlobal(isThorough ? { numRuns: 1_000 } : { seed: 20_260_105 });

export { fc };
