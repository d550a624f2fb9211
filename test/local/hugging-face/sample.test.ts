import { describe, expect, it } from '@jest/globals';
import { createSample, SAMPLE_DAYS } from '../../../local/hugging-face/sample.ts';
import { addDays, MS_PER_DAY, msBetween } from '../../../shared/domain/time/time.ts';
import { fc } from '../../fast-check.ts';
import { loadItems, type SampleItem, toWords } from './sample-items.ts';

const TODAY = '2028-02-29';

async function loadDays(days: readonly string[], today?: string): Promise<readonly SampleItem[]> {
  const answer = createSample(today ? { today } : {});
  return (await Promise.all(days.map((day) => loadItems(answer, day)))).flat();
}

describe('the sample', () => {
  it('has lists only for its two days', async () => {
    const answer = createSample();

    expect(SAMPLE_DAYS).toEqual(['2026-01-05', '2026-01-06']);
    expect(await answer('2026-01-05')).toHaveLength(15);
    expect(await answer('2026-01-06')).toHaveLength(25);
    expect(await answer('2026-01-04')).toBeUndefined();
    expect(await answer('2026-01-07')).toBeUndefined();
  });

  it('has each paper once', async () => {
    const ids = (await loadDays(SAMPLE_DAYS)).map(({ paper }) => paper.id);

    expect(new Set(ids).size).toBe(40);
  });

  it('says that every paper was listed on the day of its list', async () => {
    for (const day of SAMPLE_DAYS) {
      const listedOn = (await loadDays([day])).map(({ paper }) => paper.submittedOnDailyAt.slice(0, 10));
      expect(new Set(listedOn)).toEqual(new Set([day]));
    }
  });

  it('has a short summary for every paper in both fields', async () => {
    for (const { paper, summary } of await loadDays(SAMPLE_DAYS)) {
      expect(summary).toBe(paper.summary);
      const wordCount = summary.split(' ').length;
      expect([paper.id, wordCount >= 40 && wordCount <= 70]).toEqual([paper.id, true]);
    }
  });

  it('has a one-line summary for most papers and none for the others, as the API does', async () => {
    const papers = (await loadDays(SAMPLE_DAYS)).map(({ paper }) => paper);
    const aiSummaries = papers.flatMap(({ ai_summary }) => ai_summary ?? []);

    expect(aiSummaries.length / papers.length).toBeGreaterThan(0.6);
    expect(aiSummaries.length / papers.length).toBeLessThan(0.75);
    expect(aiSummaries.filter((summary) => toWords(summary).length > 30)).toEqual([]);
  });
});

describe('the re-dated sample', () => {
  it('has its last day today and its first day yesterday', async () => {
    const answer = createSample({ today: TODAY });

    expect(await answer('2028-02-28')).toHaveLength(15);
    expect(await answer('2028-02-29')).toHaveLength(25);
    expect(await answer('2028-03-01')).toBeUndefined();
    expect(await answer('2026-01-06')).toBeUndefined();
  });

  it('moves all times by the same number of days and changes nothing else', async () => {
    const original = await loadDays(SAMPLE_DAYS);
    const redated = await loadDays(['2028-02-28', TODAY], TODAY);
    const shiftMs = msBetween('2026-01-06T00:00:00.000Z', `${TODAY}T00:00:00.000Z`);

    expect(shiftMs % MS_PER_DAY).toBe(0);
    expect(redated).toEqual(original.map((item) => shift(item, shiftMs)));
  });

  it('can be re-dated to any day, forwards and backwards', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -3_000, max: 3_000 }), async (days) => {
        const today = addDays('2026-01-06', days);
        const lists = [addDays(today, -1), today];
        const listedOn = (await loadDays(lists, today)).map(({ paper }) => paper.submittedOnDailyAt);
        expect(new Set(listedOn.map((at) => at.slice(0, 10)))).toEqual(new Set(lists));
      }),
      { numRuns: 20 },
    );
  });

  it('refuses an invalid day', () => {
    expect(() => createSample({ today: 'tomorrow' })).toThrow('not a day: "tomorrow"');
  });
});

function shift(item: SampleItem, ms: number): SampleItem {
  const move = (instant: string) => new Date(Date.parse(instant) + ms).toISOString();
  const { paper } = item;
  return {
    ...item,
    publishedAt: move(item.publishedAt),
    paper: {
      ...paper,
      publishedAt: move(paper.publishedAt),
      submittedOnDailyAt: move(paper.submittedOnDailyAt),
    },
  };
}
