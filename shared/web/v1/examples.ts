/** The examples of the reference and of the OpenAPI document. A test checks each against its schema. */

const subscriptionFields = {
  lists: ['hf-daily'],
  query: 'agents "tool use"',
  cadence: 'daily',
  maxPapers: 10,
  sort: 'trending',
};

const subscription = { id: 's1', ...subscriptionFields };

const profile = {
  address: 'ada@example.org',
  status: 'confirmed',
  timeZone: 'Europe/Berlin',
  hour: 8,
  weekday: 1,
  format: 'html',
  mutedPapers: ['2601.00002'],
  mutedAuthors: ['Ada Example'],
  subscriptions: [subscription],
};

const { timeZone, hour } = profile;

const token = '1.x7Qf3mZk.2mD9rT';

/** When and how a reader agreed. */
const consent = {
  at: '2026-01-05T08:00:00.000Z',
  from: '192.0.2.1',
  text: 'Signed up through the HTTP API.',
};

/** A change of the status: when, and why. */
const statusChanges = [
  { status: 'unconfirmed', at: '2026-01-05T07:58:00.000Z', by: 'sign-up' },
  { status: 'confirmed', at: consent.at, by: 'confirmation' },
];

const paper = {
  id: '2601.00001',
  title: 'Agents That Ask for Help',
  abstract: 'A small agent learns when to hand a question to a larger one.',
  authors: ['Ada Example', 'Ben Sample'],
  authorCount: 2,
  organisation: 'Example Lab',
  categories: ['cs.CL', 'cs.LG'],
  publishedAt: '2026-01-03T18:00:00.000Z',
  listedOn: '2026-01-05',
  lists: ['hf-daily'],
  upvotes: 87,
  comments: 4,
  stars: 120,
  urls: {
    page: 'https://daily.example.org/papers/2601.00001',
    original: 'https://arxiv.org/abs/2601.00001',
    arxiv: 'https://arxiv.org/abs/2601.00001',
    pdf: 'https://arxiv.org/pdf/2601.00001',
    huggingFace: 'https://huggingface.co/papers/2601.00001',
    repository: 'https://github.com/example/agents',
  },
  aiSummary: 'Agents that ask a larger model only when unsure cost a third.',
  aiKeywords: ['agents', 'routing'],
};

const onePaper = {
  ...paper,
  listings: [{ list: 'hf-daily', days: [paper.listedOn] }],
  version: 2,
  versions: [
    { version: 1, at: paper.publishedAt },
    { version: 2, at: '2026-01-06T17:30:00.000Z' },
  ],
  voteCounts: [
    { at: '2026-01-05T08:00:00.000Z', upvotes: 12, comments: 0 },
    { at: '2026-01-06T08:15:00.000Z', upvotes: 87, comments: 4 },
  ],
  note: '10 pages, 4 figures',
  licence: 'https://creativecommons.org/licenses/by/4.0/',
};

export const examples = {
  /** Both samples of `npm start` have it, so that the example requests find it there. */
  paperId: '2512.24601',
  subscriptionFields,
  subscriptionChange: { cadence: 'weekly' },
  subscription,
  profile,
  profileChange: { timeZone, hour: 7 },
  signUp: { address: profile.address, timeZone, hour, subscription: subscriptionFields },
  address: { address: profile.address },
  confirmationRequest: { token, timeZone },
  confirmation: { manageToken: token, profile },
  renewedLinks: { manageToken: token },
  feedUrls: {
    atom: `https://daily.example.org/feeds/private/${token}.atom`,
    json: `https://daily.example.org/feeds/private/${token}.json`,
  },
  /** A fixed day would be over soon, or too far ahead. */
  pause: {},
  accepted: { message: 'If we can send email to this address, a message is on its way.' },
  paper,
  onePaper,
  papers: { papers: [paper], total: 41, next: 'WzM3MDI1NDEs' },
  searchResults: {
    papers: [{ ...paper, reasons: [{ term: 'agents', field: 'title' }] }],
    total: 1,
    isRelaxed: false,
  },
  somePapers: { papers: [paper] },
  list: {
    id: 'arxiv/cs.CL',
    name: 'arXiv cs.CL',
    description:
      'New papers of arXiv in Computation and Language, and those of other categories that are cross-listed there.',
    archive: { id: 'cs', name: 'Computer Science' },
    category: { id: 'cs.CL', name: 'Computation and Language' },
    url: 'https://arxiv.org/list/cs.CL/new',
    calendar: { timeZone: 'America/New_York', weekdays: [1, 2, 3, 4, 5], dueHour: 6 },
    source: 'arxiv',
    state: 'fresh',
    newestDay: paper.listedOn,
  },
  status: {
    overall: 'ok',
    lists: [
      {
        id: 'hf-daily',
        name: 'Hugging Face Daily Papers',
        state: 'fresh',
        lastReadAt: '2026-01-05T14:10:00.000Z',
        lastNewPaperAt: '2026-01-05T09:25:00.000Z',
        newestDay: paper.listedOn,
        nextDueAt: '2026-01-06T12:00:00.000Z',
        days: [{ day: paper.listedOn, state: 'came', papers: 23 }],
      },
    ],
  },
  preview: {
    days: 7,
    total: 1,
    counts: [
      { days: 7, total: 1, lists: [{ list: 'hf-daily', total: 1 }] },
      { days: 30, total: 9, lists: [{ list: 'hf-daily', total: 9 }] },
    ],
    papers: [
      {
        id: paper.id,
        title: paper.title,
        url: paper.urls.huggingFace,
        upvotes: paper.upvotes,
        reasons: [{ term: 'agents', field: 'title' }],
        reason: 'Matches “agents” in the title; 87 votes, +18 since yesterday.',
      },
    ],
  },
  personalData: {
    profile: { id: 'x7Qf3mZk', ...profile, consent, statusChanges, softBounces: 0, version: 7 },
    digests: [
      {
        subscriberId: 'x7Qf3mZk',
        cadence: 'daily',
        period: '2026-01-06',
        claimedAt: '2026-01-06T07:00:00.000Z',
        tries: 1,
        paperIds: ['2601.00001'],
        outcome: { state: 'sent', messageId: '0100018c' },
      },
    ],
  },
  problem: {
    type: '/docs#invalid-input',
    title: 'The input is not valid',
    status: 422,
    errors: [{ pointer: '#/address', detail: 'expected an email address, such as ada@example.org' }],
  },
} as const;
