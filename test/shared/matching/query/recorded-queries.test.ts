import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parseQuery } from '../../../../shared/matching/query/parse-query.ts';
import { printQuery } from '../../../../shared/matching/query/print-query.ts';
import { findQueryFault } from '../../../../shared/matching/query/query-schema.ts';
import { createPaper } from '../../../factories/papers.ts';
import { matchesPlainly, toPlainPaper } from '../naive-evaluator.ts';

/** Papers by the letter that the fixture gives them. */
const PAPERS = {
  a: createPaper({
    id: '2601.00001',
    title: 'Residual Streams in Vision-Language Models',
    abstract: 'We read the residual stream of a multimodal transformer with sparse autoencoders.',
    authors: ['Kaiming He', 'Jürgen Schmidhuber'],
    authorCount: 2,
    organisation: 'Google DeepMind',
    categories: ['cs.LG', 'cs.CV'],
    aiKeywords: ['interpretability'],
    upvotes: 42,
    comments: 5,
    repositoryUrl: 'https://github.com/example/streams',
    stars: 120,
    projectUrl: 'https://streams.example.org/',
  }),
  b: createPaper({
    id: '2601.00002',
    title: 'A Survey of Diffusion Policies for Robots',
    abstract: 'We compare flow matching and diffusion for robot control. Code generation in C++ is covered.',
    authors: ['Chelsea Finn', 'Ada Lovelace', 'Grace Hopper'],
    authorCount: 3,
    organisation: 'Stanford University',
    categories: ['cs.RO'],
    aiKeywords: ['robotics', 'imitation learning'],
    upvotes: 8,
    comments: 0,
  }),
  c: createPaper({
    id: '2601.00003',
    title: 'Speech Agents with GPT-4o and k-NN Memory',
    abstract: 'Large language models talk. An audio agent plans with A* search over world models.',
    authors: ['Yann LeCun'],
    authorCount: 1,
    organisation: 'Meta AI',
    categories: ['eess.AS', 'cs.CL', 'stat.ML'],
    aiKeywords: ['agents', 'speech recognition'],
    upvotes: 15,
    comments: 1,
    repositoryUrl: 'https://github.com/example/agents',
    stars: 3,
  }),
};

/** Each line has a query and its normal form with the letters of its papers, or the place and the kind of its fault. */
const rows = readFileSync('test/fixtures/queries.tsv', 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => line.split('\t'));

test.each(rows)('%s', (query = '', normalForm = '', found = '') => {
  const fault = findQueryFault(query);
  if (fault) {
    expect([`fault at ${fault.position + 1}`, fault.kind]).toEqual([normalForm, found]);
    return;
  }
  const node = parseQuery(query);
  const papers = Object.entries(PAPERS).filter(([, paper]) =>
    matchesPlainly(node, toPlainPaper(paper, ['hf-daily'])),
  );
  expect([printQuery(node), papers.map(([letter]) => letter).join('') || 'none']).toEqual([
    normalForm,
    found,
  ]);
});

test('there are at least 200 queries', () => {
  expect(rows.length).toBeGreaterThanOrEqual(200);
});
