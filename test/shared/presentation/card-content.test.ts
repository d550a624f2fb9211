import { describe, expect, test } from '@jest/globals';
import { toCard } from '../../../shared/presentation/card-content.ts';
import { createMatch, createReason } from '../../factories/digests.ts';

const TODAY = '2026-01-07';
const metaOf = (...args: Parameters<typeof createMatch>) =>
  toCard(createMatch(...args), ['hf-daily'], TODAY).meta.map(({ text }) => text);

describe('the meta line', () => {
  test('names organisation, authors, day, comments, code and project', () => {
    const meta = metaOf({
      organisation: 'Example Lab',
      authorCount: 12,
      comments: 3,
      repositoryUrl: 'https://code.example.org/paper',
      stars: 1234,
      projectUrl: 'https://paper.example.org',
    });
    expect(meta).toEqual(['Example Lab', '12 authors', '3 Jan', '3 comments', 'code ★ 1.2k', 'project']);
  });

  test('leaves out missing facts', () => {
    expect(metaOf({ comments: 0 })).toEqual(['2 authors', '3 Jan']);
    expect(metaOf({ comments: 0, authorCount: 0 })).toEqual(['3 Jan']);
    expect(metaOf({ comments: 0, repositoryUrl: 'https://code.example.org/paper' })).toContain('code');
  });

  test('uses the singular for a count of one', () => {
    expect(metaOf({ authorCount: 1, comments: 1 })).toEqual(['1 author', '3 Jan', '1 comment']);
  });

  test('keeps the day of a time that was cut to midnight UTC', () => {
    expect(metaOf({ publishedAt: '2025-12-31T00:00:00.000Z' })).toContain('31 Dec 2025');
  });

  test('links only to URLs of the web', () => {
    const card = toCard(
      createMatch({ repositoryUrl: 'javascript:alert(1)', projectUrl: `https://e.org/${'x'.repeat(400)}` }),
      ['hf-daily'],
      TODAY,
    );
    expect(card.meta.filter(({ url }) => url)).toEqual([]);
  });
});

describe('code and project', () => {
  const linksOf = (repositoryUrl: string | undefined, projectUrl: string) =>
    toCard(
      createMatch({ ...(repositoryUrl && { repositoryUrl }), projectUrl }),
      ['hf-daily'],
      TODAY,
    ).meta.flatMap(({ url }) => url ?? []);
  const CODE = 'https://github.com/example/Code';

  test.each([
    CODE,
    'http://github.com/example/Code/',
    'https://www.github.com/example/code.git',
    'https://GITHUB.com/example/Code#readme',
  ])('of one address are one link: %s', (projectUrl) => {
    expect(linksOf(CODE, projectUrl)).toEqual([CODE]);
  });

  test.each([
    'https://github.com/example/code/wiki',
    'https://example.github.io/code',
    'https://example.org/?a=1',
  ])('of two addresses are two links: %s', (projectUrl) => {
    expect(linksOf(CODE, projectUrl)).toEqual([CODE, projectUrl]);
  });

  test.each([
    'https://arxiv.org/abs/2601.00001',
    'http://www.arxiv.org/pdf/2601.00001v2.pdf',
    'https://export.arxiv.org/abs/2601.00001v1',
    'https://huggingface.co/papers/2601.00001',
    'https://doi.org/10.48550/arXiv.2601.00001',
    'https://huggingface.co',
    'https://github.com/',
  ])('leave out a project that is no page of its own: %s', (projectUrl) => {
    expect(linksOf(undefined, projectUrl)).toEqual([]);
  });

  test.each(['https://huggingface.co/spaces/example/demo', 'https://arxiv.org/abs/2501.00009'])(
    'keep other pages of the same sites: %s',
    (projectUrl) => {
      expect(linksOf(undefined, projectUrl)).toEqual([projectUrl]);
    },
  );
});

describe('the title', () => {
  test.each([
    [['hf-daily'], { upvotes: 0, comments: 0 }, 'https://huggingface.co/papers/2601.00001'],
    [['arxiv/cs.CL'], { upvotes: 0, comments: 0 }, 'https://arxiv.org/abs/2601.00001'],
    [['arxiv/cs.CL'], { upvotes: 3, comments: 0 }, 'https://huggingface.co/papers/2601.00001'],
    [['hf-daily', 'arxiv/cs.CL'], { upvotes: 0, comments: 0 }, 'https://arxiv.org/abs/2601.00001'],
  ])('of a paper from %j with %j leads to %s', (lists, facts, url) => {
    expect(toCard(createMatch(facts), lists, TODAY).url).toBe(url);
  });

  test('is the id if nothing of it is readable', () => {
    for (const title of ['\u0000\u202e', '\u200b\u2060', '\u00ad', '\u3164', '\u{e0041}', '\u2800'])
      expect(toCard(createMatch({ title }), ['hf-daily'], TODAY).title).toBe('2601.00001');
  });

  test('shows the TeX of a title as Unicode', () => {
    const title = "$\\Psi$-Sampler: UFO^3 in $\\mathcal{O}(n^2)$ -- a ``Survey''";
    expect(toCard(createMatch({ title }), ['hf-daily'], TODAY).title).toBe(
      'Ψ-Sampler: UFO³ in O(n²) – a “Survey”',
    );
  });

  test('keeps the dollar signs of money', () => {
    const title = 'Earn $1 Million or \\$2';
    expect(toCard(createMatch({ title }), ['hf-daily'], TODAY).title).toBe('Earn $1 Million or $2');
  });
});

describe('the excerpt', () => {
  test.each(['\u200b', '\u00ad\u2060', '\u3164'])(
    'is the abstract if the summary is invisible: %j',
    (aiSummary) => {
      const match = createMatch({ aiSummary, abstract: 'A good abstract.', organisation: aiSummary });
      const card = toCard(match, ['hf-daily'], TODAY);
      expect(card).toMatchObject({ excerpt: 'A good abstract.', isAiSummary: false });
      expect(card.meta[0]?.text).toBe('2 authors');
    },
  );

  test('shows the TeX of a summary as Unicode', () => {
    const { excerpt } = toCard(createMatch({ aiSummary: 'UI2Code$^\\text{N}$ wins.' }), ['hf-daily'], TODAY);
    expect(excerpt).toBe('UI2Codeᴺ wins.');
  });

  test('is the summary if there is one', () => {
    const card = toCard(createMatch({ aiSummary: 'In short.' }), ['hf-daily'], TODAY);
    expect(card).toMatchObject({ excerpt: 'In short.', isAiSummary: true });
  });

  test('is the beginning of the abstract otherwise', () => {
    const match = createMatch({ aiSummary: ' ', abstract: 'One. Two. Three.' });
    const card = toCard(match, ['hf-daily'], TODAY);
    expect(card).toMatchObject({ excerpt: 'One. Two.', isAiSummary: false });
  });

  test('is cut at a limit', () => {
    const match = createMatch({ abstract: 'word '.repeat(2000) });
    expect(toCard(match, ['hf-daily'], TODAY).excerpt.length).toBeLessThanOrEqual(330);
  });
});

describe('the reason', () => {
  const reasonOf = (...reasons: Parameters<typeof createMatch>[1] & object) =>
    toCard(createMatch({}, reasons), ['hf-daily'], TODAY).reason;

  test('names the terms and their fields', () => {
    expect(reasonOf(createReason('residual stream', 'title'))).toBe(
      'Matches “residual stream” in the title.',
    );
    expect(
      reasonOf(
        createReason('mlp', 'title'),
        createReason('vision', 'abstract'),
        createReason('routing', 'title'),
        createReason('agents', 'keyword'),
      ),
    ).toBe('Matches “mlp” and “routing” in the title, “vision” in the abstract, “agents” in the keywords.');
  });

  test('names a term once and counts the rest of many', () => {
    expect(reasonOf(createReason('mlp', 'title'), createReason('mlp', 'title'))).toBe(
      'Matches “mlp” in the title.',
    );
    const many = ['a', 'b', 'c', 'd', 'e', 'f'].map((term) => createReason(term, 'title'));
    expect(reasonOf(...many)).toBe('Matches “a”, “b”, “c”, “d” and 2 more in the title.');
  });

  test('is missing for a subscription without a query', () => {
    expect(reasonOf()).toBeUndefined();
  });
});
