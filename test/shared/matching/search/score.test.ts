import { expect, test } from '@jest/globals';
import { IMPACT_STEPS, toImpact, toImpactSteps } from '../../../../shared/matching/search/score.ts';
import { fc } from '../../../fast-check.ts';

const FEW_OR_MANY = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 0xffff }));

test('the impact of a word that only the abstract has is the same when it is looked up', () => {
  fc.assert(
    fc.property(FEW_OR_MANY, fc.oneof(fc.nat(1_200), FEW_OR_MANY), (count, length) => {
      const counts = Uint16Array.of(0, count, 0, 0, 0);
      const lengths = Uint16Array.of(9, length, 0, 0, 40);
      const steps = Math.round(toImpact(counts, 0, lengths, 0) * IMPACT_STEPS);

      for (const _time of ['computed', 'looked up']) expect(toImpactSteps(counts, 0, lengths, 0)).toBe(steps);
    }),
  );
});
