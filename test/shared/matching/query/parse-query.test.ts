import { describe, expect, test } from '@jest/globals';
import { explainFault, type QueryFault } from '../../../../shared/matching/query/explain-fault.ts';
import { fieldExamples } from '../../../../shared/matching/query/guess-meaning.ts';
import { MAX_CONDITIONS, MAX_DEPTH, parseQuery } from '../../../../shared/matching/query/parse-query.ts';
import { printClearly, printQuery } from '../../../../shared/matching/query/print-query.ts';
import { conditionsOf, QueryError, type QueryNode } from '../../../../shared/matching/query/query.ts';
import { fc } from '../../../fast-check.ts';

test.each([
  ["author:'Kaiming He'", `author:"'Kaiming" He'`],
  ['title:vision|audio mlp', 'title:"vision|audio" mlp'],
  ["author:O'Brien", "author:O'Brien"],
])('%s stays readable, because subscribers may have stored it', (query, printed) => {
  expect(printQuery(parseQuery(query))).toBe(printed);
});

describe('the normal form', () => {
  test.each([
    ['', ''],
    ['  ', ''],
    ['Agents', 'Agents'],
    ['agents AND memory', 'agents memory'],
    ['agents and memory', 'agents memory'],
    ['a OR b c', 'a OR b c'],
    ['(a OR b) c', '(a OR b) c'],
    ['a (b (c))', 'a b c'],
    ['(a OR b) OR c', 'a OR b OR c'],
    ['NOT a', '-a'],
    ['a AND NOT b', 'a -b'],
    ['NOT NOT a', 'a'],
    ['-(-a)', 'a'],
    ['−a –b', '-a -b'],
    ['-(a b)', '-(a b)'],
    ['NOT (a OR NOT b)', '-(a OR -b)'],
    ['“residual stream”', '"residual stream"'],
    ['„residual stream“ «x y»', '"residual stream" "x y"'],
    ['" residual  stream "', '"residual stream"'],
    ['"or" "AND" "not"', '"or" "AND" "not"'],
    ['"agents"', 'agents'],
    ['C++ C# .NET GPT-4o k-NN', 'C++ C# .NET GPT-4o k-NN'],
    ['A* "A* search"', '"A*" "A* search"'],
    ['R&D A/B don’t 10:30', '"R&D" "A/B" don’t "10:30"'],
    ['diffus* "flow match*" "flow match"*', 'diffus* "flow match"* "flow match"*'],
    ['扩散* 模型', '扩散 模型'],
    ['Mamba: Linear-Time', 'Mamba Linear-Time'],
    [
      'video, LLMs? (agents; -"why?") title:maps, .NET. C++, A*,',
      'video LLMs agents -why title:maps .NET C++ "A*"',
    ],
    ['video,* "flow match,"*', 'video* "flow match"*'],
    ['TITLE:a title:"a b"', 'title:a title:"a b"'],
    ['title:(a OR "b c" -d)', 'title:a OR title:"b c" -title:d'],
    ['-title:(a OR b)', '-(title:a OR title:b)'],
    ['abstract:a keyword:b org:c', 'abstract:a keyword:b org:c'],
    ['author:He author:"He, Kaiming"', 'author:He author:"He, Kaiming"'],
    ['cat:CS.lg cat:cs.* cat:physics.Optics cat:hep-th', 'cat:cs.LG cat:cs cat:physics.optics cat:hep-th'],
    ['cat:(cs -cs.CV)', 'cat:cs -cat:cs.CV'],
    ['list:arxiv/cs.CL', 'list:arxiv/cs.CL'],
    ['id:2501.12345v2 id:arXiv:hep-ex/0307015', 'id:2501.12345 id:hep-ex/0307015'],
    ['id:feed-0123456789abcdef', 'id:feed-0123456789abcdef'],
    ['has:code has:Project', 'has:code has:project'],
    ['upvotes:>=010 stars:≥5', 'upvotes:>=10 stars:>=5'],
    ['comments:(>1 <=5) authors:=3', 'comments:>1 comments:<=5 authors:=3'],
    ['title：（扩散　模型）', 'title:扩散 title:模型'],
    ['AND(a)', undefined],
    ['NOT(a OR b)', '-(a OR b)'],
    ['Müller, networks; more.', 'Müller networks more'],
  ])('of %s is %s', (query, printed) => {
    if (printed === undefined) expect(() => parseQuery(query)).toThrow(QueryError);
    else expect(printQuery(parseQuery(query))).toBe(printed);
  });

  test('can show what belongs together', () => {
    expect(printClearly(parseQuery('a OR b c OR -(d OR e f)'))).toBe('a OR (b c) OR -(d OR (e f))');
    expect(printClearly(parseQuery('(a OR b) c'))).toBe('(a OR b) c');
  });
});

describe('a condition', () => {
  test('knows its words and its range', () => {
    const query = 'mlp OR -title:"Residual Streams"* author:He';

    expect(conditionsOf(parseQuery(query)).map(({ range }) => query.slice(range.start, range.end))).toEqual([
      'mlp',
      'title:"Residual Streams"*',
      'author:He',
    ]);
    expect(parseQuery('-title:"Vision-Language Mod*"')).toEqual({
      kind: 'not',
      part: {
        kind: 'text',
        field: 'title',
        text: 'Vision-Language Mod',
        words: ['vision', 'language', 'mod'],
        isJoined: [true, false, false],
        isPrefix: true,
        range: { start: 1, end: 29 },
      },
    });
  });

  test('without a field searches the text', () => {
    expect(parseQuery('mlps')).toMatchObject({ kind: 'text', field: undefined, words: ['mlp'] });
  });

  test.each(Object.values(fieldExamples))('%s is an example of a field, in normal form', (example) => {
    expect(printQuery(parseQuery(example))).toBe(example);
  });
});

/** The position counts characters from 1. */
const MALFORMED: readonly (readonly [query: string, position: number, problem: string, hint: string])[] = [
  ['mlp "residual', 5, 'quotation mark is never closed', 'Add a quotation mark'],
  ['mlp “residual', 5, 'quotation mark is never closed', 'Add a quotation mark'],
  ['say"x y"', 4, 'a space is missing after "say"', 'Add a space'],
  ['"a b"c', 6, 'a space is missing after the quotation mark', 'Add a space'],
  ['"a b", c', 6, '"," has no meaning here', 'Leave out the ","'],
  ["'residual stream'", 1, '"\'" has no meaning here', 'write double quotes'],
  ['‘residual stream’', 1, '"‘" has no meaning here', 'write double quotes'],
  ['a (b OR c', 3, 'parenthesis is never closed', 'Add a ")"'],
  ['a b) c', 4, 'parenthesis was never opened', 'Remove the ")"'],
  [')', 1, 'parenthesis was never opened', 'Remove the ")"'],
  ['a ()', 4, 'nothing follows "("', 'Add a condition'],
  ['title:()', 8, 'nothing follows "title:("', 'Add a condition'],
  ['(un)supervised', 5, 'a space is missing after ")"', 'in one pair of quotes'],
  ['LoRA(s)', 5, 'a space is missing after "LoRA"', 'in one pair of quotes'],
  ['vision or audio', 8, '"or" is not in capitals', 'Write OR in capitals'],
  ['Or audio', 1, '"Or" is not in capitals', 'To search for the word itself, put it in quotes. As an'],
  ['Is Not a', 4, '"Not" is not in capitals', 'put it in quotes. As an operator, write NOT in capitals'],
  ['audio not vision', 7, '"not" is not in capitals', 'Write NOT in capitals'],
  ['or(a b)', 1, '"or" is not in capitals', 'Write OR in capitals'],
  ['AND vision', 1, '"AND" has no condition before it', 'write "AND" in quotes'],
  ['and vision', 1, '"and" has no condition before it', 'write "and" in quotes'],
  ['OR vision', 1, '"OR" has no condition before it', 'remove it'],
  ['vision AND', 11, 'nothing follows "AND"', 'Add a condition after it'],
  ['vision OR ', 11, 'nothing follows "OR"', 'Add a condition after it'],
  ['a NOT', 6, 'nothing follows "NOT"', 'Add a condition after it'],
  ['a AND OR b', 7, '"OR" stands directly after "AND"', 'Add a condition before it'],
  ['(OR a)', 2, '"OR" stands directly after "("', 'Add a condition before it'],
  ['vision - audio', 8, 'a "-" stands alone', 'directly before a word'],
  ['--vision', 1, 'a "-" stands alone', 'directly before a word'],
  ['-', 1, 'a "-" stands alone', 'directly before a word'],
  ['!vision', 1, '"!" has no meaning', 'write - before a word'],
  ['vision|audio', 7, '"|" has no meaning', 'Write OR'],
  ['vision || audio', 8, '"|" has no meaning', 'Write OR'],
  ['vision && audio', 8, '"&" has no meaning', 'Write AND'],
  ['vision & audio', 8, '"&" has no meaning', 'Write AND'],
  ['vision ...', 8, '"..." has no letter or digit', 'Leave out'],
  ['vision , audio', 8, '"," has no letter or digit', 'Leave out'],
  ['""', 1, '"" has no letter or digit', 'add a word'],
  ['é!', 1, 'only "e" of "é!"', 'Leave out the sign'],
  ['*', 1, '"*" has no meaning', 'An empty query brings every paper'],
  ['*fusion', 1, '"*" has no meaning', 'at the end of a word'],
  ['dif*sion', 1, 'has a * inside', 'at the end of a word'],
  ['"flow* match"', 1, 'has a * inside', 'at the end of a word'],
  ['di*', 1, '"di*" is too short', 'Write at least 3 letters or digits before the *'],
  ['title:"flow ma*"', 7, '"ma*" is too short', 'Write at least 3 letters or digits before the *'],
  ['autor:He', 1, '"autor:" is not a field', 'Write author:'],
  ['x titel:y', 3, '"titel:" is not a field', 'Write title:'],
  ['abstracts:y', 1, '"abstracts:" is not a field', 'Write abstract:'],
  ['organisation:mit', 1, '"organisation:" is not a field', 'Write org:'],
  ['abs:"a b"', 1, '"abs:" is not a field', 'Write abstract:'],
  ['votes:>5', 1, '"votes:" is not a field', 'Write upvotes:'],
  ['from:2026-01', 1, '"from:" is not a field', 'A query cannot choose dates. Open the page of a day'],
  ['agents since:yesterday', 8, '"since:" is not a field', 'use the parameters day, week and month'],
  ['before:2026', 1, '"before:" is not a field', 'A query cannot choose dates'],
  ['Date:2026-01-05', 1, '"Date:" is not a field', 'A query cannot choose dates'],
  ['submittedDate:2026', 1, '"submittedDate:" is not a field', 'A query cannot choose dates'],
  ['year:2026', 1, '"year:" is not a field', 'A query cannot choose dates'],
  ['year>=2026', 5, 'a colon is missing after "year"', 'A query cannot choose dates'],
  ['from:He', 1, '"from:" is not a field', 'Write author:'],
  ['doi:10.48550/arXiv.2501.12345', 1, '"doi:" is not a field', 'write id:2501.12345'],
  ['arXiv:2512.24601v2 OR agents', 1, '"arXiv:" is not a field', 'Write id:2512.24601. To search for the'],
  ['code:yes', 1, '"code:" is not a field', 'Write has:code for papers with a repository'],
  ['Repo:a/b', 1, '"Repo:" is not a field', 'The fields are title: '],
  ['page:2', 1, '"page:" is not a field', 'The fields are title: '],
  ['code:no', 1, '"code:" is not a field', 'Write -has:code for papers without a repository'],
  ['github:true', 1, '"github:" is not a field', 'Write has:code'],
  ['project:yes', 1, '"project:" is not a field', 'Write has:project for papers with a project page'],
  ['demo:1', 1, '"demo:" is not a field', 'Write has:project'],
  ['source:hf', 1, '"source:" is not a field', 'Write the id of a list'],
  ['arxiv:cs.CL', 1, '"arxiv:" is not a field', 'Write cat:cs.CL. To search for the text itself'],
  ['in:title agents', 1, '"in:" is not a field', 'Write title: before the word, as in title:diffusion.'],
  ['in:cs.CL', 1, '"in:" is not a field', 'Write list:arxiv/cs.CL.'],
  ['ti:Mamba', 1, '"ti:" is not a field', 'Write title:Mamba.'],
  ['votes:>10', 1, '"votes:" is not a field', 'Write upvotes:>10.'],
  ['votes:many', 1, '"votes:" is not a field', 'Write upvotes:, as in upvotes:>=10.'],
  ['tag:"a b"', 1, '"tag:" is not a field', 'Write keyword:, as in keyword:robotics.'],
  ['re:invent', 1, '"re:" is not a field', 'The fields are title:'],
  ['constructor:x', 1, '"constructor:" is not a field', 'The fields are title:'],
  ['https://arxiv.org/abs/2501.12345v2', 1, '"https:" is not a field', 'write id:2501.12345'],
  ['https://example.org', 1, '"https:" is not a field', 'Remove the link'],
  ['title: diffusion', 7, '"title:" has no value', 'Remove the space'],
  ['title:', 7, '"title:" has no value', 'Write a value'],
  ['title:-vision', 7, 'a "-" stands after "title:"', 'write -title:vision'],
  ['title:(a author:b)', 10, '"author:" is inside the parentheses of "title:"', 'close the parenthesis'],
  ['title:x"y"', 8, 'a space is missing after "title:x"', 'Add a space'],
  ['author:123', 8, '"123" is not a name', 'Write a name'],
  ['author:Lec*', 8, 'a name has no *', 'Leave out the *'],
  ['cat:LG', 5, '"LG" is not a category', 'Write cat:cs.LG'],
  ['cat:nlp', 5, '"nlp" is not a category', 'Write cat:cs.CL'],
  ['cat:csLG', 5, '"csLG" is not a category', 'Write cat:cs.LG'],
  ['cat:stats', 5, '"stats" is not a category', 'Write cat:stat'],
  ['cat:cs.LG.x', 5, '"cs.LG.x" is not a category', 'cat:cs'],
  ['cat:zoology', 5, '"zoology" is not a category', 'as in cat:cs.LG'],
  ['list:"HF Daily"', 6, '"HF Daily" is not a list', 'list:hf-daily'],
  ['id:12345', 4, '"12345" is not the id of a paper', 'id:2501.12345'],
  ['id:abs/2501.00001', 4, 'is not the id of a paper', 'Write id:2501.00001'],
  ['has:code,project', 5, '"code,project" is nothing', 'Write has:(code OR project)'],
  ['cat:cs.CL,cs.LG', 5, '"cs.CL,cs.LG" is not a category', 'Write cat:(cs.CL OR cs.LG)'],
  ['cat:cs.CL|stat', 5, '"cs.CL|stat" is not a category', 'Write cat:(cs.CL OR stat)'],
  ['cat:cs.CL, cs.LG', 5, '"cs.CL," is not a category', 'Write cat:cs.CL'],
  ['list:hf-daily,arxiv/cs.CL', 6, 'is not a list', 'Write list:(hf-daily OR arxiv/cs.CL)'],
  ['id:2512.24601,2601.01739', 4, 'is not the id', 'Write id:(2512.24601 OR 2601.01739)'],
  ['has:github', 5, '"github" is nothing that a paper can have', 'Write has:code'],
  ['has:website', 5, '"website" is nothing that a paper can have', 'Write has:project'],
  ['has:money', 5, '"money" is nothing that a paper can have', 'has:code for a repository'],
  ['upvotes:10', 9, '"10" is not a comparison', 'Write upvotes:>=10 for at least 10, or upvotes:=10'],
  ['upvotes:=>10', 9, '"=>10" is not a comparison', 'Write upvotes:>=10'],
  ['upvotes:=<10', 9, '"=<10" is not a comparison', 'Write upvotes:<=10'],
  ['stars:>1,000', 7, '">1,000" is not a comparison', 'Write stars:>1000'],
  ['stars:1.5k', 7, '"1.5k" is not a comparison', 'Write stars:>=1500'],
  ['stars:10..20', 7, '"10..20" is not a comparison', 'Write stars:>=10 stars:<=20'],
  ['stars:many', 7, '"many" is not a comparison', 'as in stars:>100'],
  ['stars:>9999999999', 7, 'is not a comparison', 'at most 9 digits, without spaces, as in stars:>100'],
  ['authors:He', 9, '"He" is not a comparison', 'write author:He'],
  ['authors:"Kaiming He"', 9, '"Kaiming He" is not a comparison', 'write author:"Kaiming He"'],
  ['upvotes>10', 8, 'a colon is missing after "upvotes"', 'Write upvotes:>10'],
  ['agents votes≥5', 13, 'a colon is missing after "votes"', 'Write upvotes:>=5'],
  ['upvotes>', 8, 'a colon is missing after "upvotes"', 'as in upvotes:>=10'],
  ['org=mit', 4, 'a colon is missing after "org"', 'Write org:google'],
  ['upvotes >= 10', 9, '">=" does not follow a field', 'without spaces'],
];

describe('a malformed query', () => {
  test.each(MALFORMED)('%s is refused with a hint', (query, position, problem, hint) => {
    const fault = faultOf(query);

    expect(fault?.position).toBe(position - 1);
    expect(fault?.problem).toContain(problem);
    expect(fault?.hint).toContain(hint);
    expect(fault?.message).toBe(
      `at character ${position}: ${fault?.problem}. Expected ${fault?.expected}. ${fault?.hint}`,
    );
  });

  test('may have at most 40 conditions', () => {
    expect(conditionsOf(parseQuery('a '.repeat(MAX_CONDITIONS)))).toHaveLength(MAX_CONDITIONS);
    expect(faultOf('a '.repeat(MAX_CONDITIONS + 1))).toMatchObject({
      position: 2 * MAX_CONDITIONS,
      expected: 'at most 40 words, "phrases" and fields',
    });
  });

  test('may have at most 10 open parentheses', () => {
    const nest = (depth: number) => `${'a -('.repeat(depth)}b${')'.repeat(depth)}`;

    expect(printQuery(parseQuery(nest(MAX_DEPTH)))).toContain('b)');
    expect(faultOf(nest(MAX_DEPTH + 1))).toMatchObject({ position: 4 * MAX_DEPTH + 3 });
  });
});

describe('printing and parsing', () => {
  const pieces = [
    ...['a', 'Agents', 'world models', '"', '“', '”', '(', ')', '-', '−', '*', ':', ' ', ' ', ' ', '　'],
    ...['AND', 'and', 'OR', 'or', 'NOT', 'title:', 'author:', 'cat:cs', 'cat:', 'id:2501.12345', 'has:code'],
    ...[
      'upvotes:>=5',
      'stars:',
      '>',
      '=',
      'C++',
      'A*',
      '.NET',
      "'",
      '’s',
      ',',
      '扩散',
      'é',
      '$x^2$',
      '\\"',
      '😀',
    ],
  ];
  const texts = fc.oneof(
    fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join('')),
    fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join(' ')),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
  );

  test('every text is a query with a normal form, or has a fault inside it', () => {
    let valid = 0;
    fc.assert(
      fc.property(texts, (text) => {
        const fault = faultOf(text);
        if (fault) {
          expect(fault.position).toBeGreaterThanOrEqual(0);
          expect(fault.position).toBeLessThanOrEqual(text.length);
          expect([fault.problem, fault.expected, fault.hint]).not.toContain('');
          return;
        }
        valid += 1;
        const node = parseQuery(text);
        const printed = printQuery(node);
        expect(withoutPlaces(parseQuery(printed))).toEqual(withoutPlaces(node));
        expect(printQuery(parseQuery(printed))).toBe(printed);
        expect(withoutPlaces(parseQuery(printClearly(node)))).toEqual(withoutPlaces(node));
      }),
      { numRuns: 2_000 },
    );
    expect(valid).toBeGreaterThan(100);
  });

  test('a query means what its operators and parentheses say', () => {
    fc.assert(
      fc.property(spoken, ({ text, holds }) => {
        fc.pre((text.match(/vision|flow|title|upvotes/g) ?? []).length <= MAX_CONDITIONS);
        const node = parseQuery(text);
        for (let truths = 0; truths < 2 ** LEAVES.length; truths += 1) {
          const isTrue = (leaf: string) => ((truths >> LEAVES.indexOf(leaf)) & 1) === 1;
          expect(evaluate(node, isTrue)).toBe(holds(isTrue));
          expect(evaluate(parseQuery(printQuery(node)), isTrue)).toBe(holds(isTrue));
          expect(evaluate(parseQuery(printClearly(node)), isTrue)).toBe(holds(isTrue));
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** Conditions in normal form. */
const LEAVES = ['vision', '"flow match"*', 'title:agents', 'upvotes:>=5'];

/** A query as it may be typed, and what it means if these conditions hold. */
interface Spoken {
  readonly text: string;
  readonly holds: (isTrue: (leaf: string) => boolean) => boolean;
}

const { spoken } = fc.letrec<{ spoken: Spoken; all: Spoken; signed: Spoken; single: Spoken }>((tie) => ({
  spoken: fc.array(tie('all'), { minLength: 1, maxLength: 3 }).map((parts) => ({
    text: parts.map(({ text }) => text).join(' OR '),
    holds: (isTrue) => parts.some(({ holds }) => holds(isTrue)),
  })),
  all: fc
    .tuple(
      fc.array(tie('signed'), { minLength: 1, maxLength: 3 }),
      fc.constantFrom(' ', ' AND ', ' and ', '  '),
    )
    .map(([parts, and]) => ({
      text: parts.map(({ text }) => text).join(and),
      holds: (isTrue) => parts.every(({ holds }) => holds(isTrue)),
    })),
  signed: fc.tuple(tie('single'), fc.constantFrom('', '', '-', 'NOT ', '–')).map(([part, sign]) => ({
    text: `${sign}${part.text}`,
    holds: (isTrue) => part.holds(isTrue) !== (sign !== ''),
  })),
  single: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(...LEAVES).map((leaf): Spoken => ({ text: leaf, holds: (isTrue) => isTrue(leaf) })),
    tie('spoken').map(({ text, holds }): Spoken => ({ text: `(${text})`, holds })),
  ),
}));

function evaluate(node: QueryNode, isTrue: (leaf: string) => boolean): boolean {
  switch (node.kind) {
    case 'all':
      return true;
    case 'and':
      return node.parts.every((part) => evaluate(part, isTrue));
    case 'or':
      return node.parts.some((part) => evaluate(part, isTrue));
    case 'not':
      return !evaluate(node.part, isTrue);
    default:
      return isTrue(printQuery(node));
  }
}

function withoutPlaces(node: QueryNode): unknown {
  return JSON.parse(JSON.stringify(node, (key, value) => (key === 'range' ? undefined : value)));
}

function faultOf(query: string): QueryFault | undefined {
  try {
    parseQuery(query);
    return undefined;
  } catch (error) {
    if (error instanceof QueryError) return explainFault(error);
    throw error;
  }
}
