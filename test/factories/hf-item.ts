/** The fields of `paper` in an item of Hugging Face's daily list that tests override. */
export type HfPaper = Record<string, unknown>;

/** Creates an item of Hugging Face's daily list with every field that the source reads. */
export function makeHfItem(paper: HfPaper = {}, item: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    paper: {
      id: '2601.00001',
      title: 'Teaching Small Models to Count',
      summary: 'We teach small models to count, and they do.',
      authors: [
        { _id: 'a1', name: 'Ada Author', hidden: false },
        { _id: 'a2', name: 'Ben Writer', hidden: false },
      ],
      publishedAt: '2026-01-02T00:00:00.000Z',
      submittedOnDailyAt: '2026-01-05T07:30:00.000Z',
      submittedOnDailyBy: {
        _id: 'u1',
        user: 'lister',
        name: 'lister',
        fullname: 'Lena Lister',
        type: 'user',
      },
      upvotes: 8,
      discussionId: 'd1',
      ai_summary: 'Small models learn to count.',
      ai_keywords: ['counting', 'small models'],
      githubRepo: 'https://github.com/example/count',
      githubStars: 3,
      projectPage: 'https://count.example.org/',
      organization: { _id: 'o1', name: 'counters', fullname: 'The Counters', avatar: '/avatars/1.svg' },
      ...paper,
    },
    publishedAt: '2026-01-01T19:00:00.000Z',
    title: 'Teaching Small Models to Count',
    summary: 'We teach small models to count, and they do.',
    thumbnail: 'https://thumbnails.example.org/2601.00001.png',
    numComments: 2,
    submittedBy: { name: 'lister', fullname: 'Lena Lister', type: 'user', avatarUrl: '/avatars/2.svg' },
    organization: { _id: 'o1', name: 'counters', fullname: 'The Counters' },
    isAuthorParticipating: false,
    ...item,
  };
}

/** Creates items with the ids `2601.00001`, `2601.00002` and so on. */
export function makeHfItems(count: number): readonly Record<string, unknown>[] {
  return Array.from({ length: count }, (_, index) =>
    makeHfItem({ id: `2601.${String(index + 1).padStart(5, '0')}` }),
  );
}
