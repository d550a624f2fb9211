import { describe, expect, test } from '@jest/globals';
import type { ListId } from '../../../../shared/domain/lists/lists.ts';
import { toPublicNames } from '../../../../shared/web/parts/list-names.ts';

const categories: readonly ListId[] = ['arxiv/cs.AI', 'arxiv/cs.CL', 'arxiv/cs.CV', 'arxiv/cs.LG'];
const blogs: readonly ListId[] = ['feed/One', 'feed/Two', 'feed/Three', 'feed/Four'];

describe('the names of the lists of a page', () => {
  test.each<[string, readonly ListId[]]>([
    ['arXiv cs.AI, arXiv cs.CL, arXiv cs.CV and arXiv cs.LG', categories],
    ['Hugging Face Daily Papers and 4 categories of arXiv', ['hf-daily', ...categories]],
    ['Hugging Face Daily Papers, One and 4 categories of arXiv', ['hf-daily', 'feed/One', ...categories]],
    [
      'Hugging Face Daily Papers, One, Two, Three, 1 other list and 4 categories of arXiv',
      ['hf-daily', ...blogs, ...categories],
    ],
  ])('are written in short: %s', (names, lists) => {
    expect(toPublicNames(lists)).toBe(names);
  });
});
