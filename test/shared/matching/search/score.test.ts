import { expect, test } from '@jest/globals';
import { indexedFields } from '../../../../shared/matching/index/day-index.ts';
import {
  IMPACT_STEPS,
  SCORE_RULES,
  sumFieldPoints,
  toFieldPoints,
  toImpact,
  toImpactSteps,
  toPostingPoints,
} from '../../../../shared/matching/search/score.ts';
import { fc } from '../../../fast-check.ts';

const FEW_OR_MANY = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 0xffff }));

test('the points of a field are the same if those of a place are looked up', () => {
  const { weights, lengthShares, usualLengths } = SCORE_RULES;
  fc.assert(
    fc.property(
      fc.constantFrom(...indexedFields),
      FEW_OR_MANY,
      fc.oneof(fc.nat(600), FEW_OR_MANY),
      (name, count, length) => {
        const share = lengthShares[name];
        const points = (weights[name] * count) / (1 - share + share * (length / usualLengths[name]));

        const field = indexedFields.indexOf(name);
        expect(toFieldPoints(field, count, length)).toBe(points);
        expect(toPostingPoints(field, length)).toBe(toFieldPoints(field, 1, length));
      },
    ),
  );
});

test('the points of a paper are those of its fields, and its impact is rounded', () => {
  fc.assert(
    fc.property(fc.uint16Array({ minLength: 5, maxLength: 5, max: 30 }), (counts) => {
      const lengths = Uint16Array.of(9, 200, 12, 2, 40);
      const fields = Array.from(counts, (count, field) => toFieldPoints(field, count, lengths[field] ?? 0));
      const points = sumFieldPoints(counts, 0, lengths, 0);

      expect(points).toBe(fields.reduce((sum, own) => sum + own, 0));
      expect(toImpactSteps(points)).toBe(Math.round(toImpact(points) * IMPACT_STEPS));
    }),
  );
});
