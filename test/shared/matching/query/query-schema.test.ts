import { describe, expect, test } from '@jest/globals';
import { explainFault } from '../../../../shared/matching/query/explain-fault.ts';
import { parseQuery } from '../../../../shared/matching/query/parse-query.ts';
import { QueryError, type TextCondition } from '../../../../shared/matching/query/query.ts';
import { adviseOn } from '../../../../shared/matching/query/query-advice.ts';
import {
  findEnteredQueryFault,
  queryFaultOfIssue,
  querySchema,
  upgradeLinkedQuery,
} from '../../../../shared/matching/query/query-schema.ts';
import { analyse } from '../../../../shared/matching/text/analyser.ts';
import { findPhrase } from '../../../../shared/matching/text/phrase.ts';
import { toSingular } from '../../../../shared/matching/text/singular.ts';

const faultOf = (query: string) => {
  const fault = queryFaultOfIssue(querySchema.safeParse(query).error?.issues[0]);
  return fault && explainFault(fault);
};

describe('an entered query', () => {
  test.each(['', 'vision OR audio', 'list:hf-daily -title:survey', 'x'.repeat(500)])('may be %s', (query) => {
    expect(querySchema.safeParse(query).data).toBe(query);
  });

  test('has a position and a hint for its fault', () => {
    expect(faultOf('vision or audio')).toMatchObject({ position: 7, hint: expect.stringContaining('OR') });
    expect(querySchema.safeParse('vision or audio').error?.issues[0]?.message).toMatch(
      'invalid query at character 8: lower case operator',
    );
  });

  test.each([
    ['upvotes :>=10', 7, 'Remove the space before the colon: upvotes:>=10'],
    ['a -(Title  : video)', 9, 'Remove the space before the colon: title:video'],
    ['author ："Kaiming He" x', 6, 'Remove the space before the colon: author:"Kaiming He"'],
    ['title :', 5, 'Remove the space before the colon, as in title:diffusion'],
  ])('may have no space before a colon: %s', (query, position, hint) => {
    expect(faultOf(query)).toMatchObject({ position, hint });
  });

  test.each([
    ['-cat:cs.CL,cs.LG', 'Write -cat:(cs.CL OR cs.LG)'],
    ['agents NOT has:code,project', 'Write -has:(code OR project)'],
    ['-has:(code,project)', 'Write -has:(code OR project)'],
    ['-author :Kaiming', 'Remove the space before the colon: -author:Kaiming'],
    ['-code:yes', 'Write -has:code for papers without a repository'],
    ['-code:no', 'Write has:code for papers with a repository'],
    ['a -list:cs.LG', 'Write -list:arxiv/cs.LG'],
    ['-list:arxiv/cs.*', 'For all categories of the archive write -cat:cs'],
    ['-cat:nlp', 'Write -cat:cs.CL'],
    ['-id:arxiv.org/abs/2601.01739', 'Write -id:2601.01739'],
    ['-votes>5', 'Write -upvotes:>5'],
    ['-has:github', 'Write -has:code'],
    ['-arxiv:cs.CL', 'Write -cat:cs.CL'],
    ['-upvotes:5-10', 'Write -(upvotes:>=5 upvotes:<=10)'],
    ['-(agents cat:nlp)', 'Write cat:cs.CL'],
  ])('keeps its minus in a hint: %s', (query, hint) => {
    expect(faultOf(query)?.hint).toContain(hint);
  });

  test.each(['agents :>=10', '"title" :xy', '"title :x"', 'beyond upvotes :measuring'])(
    'may have a colon that is of no field: %s',
    (query) => {
      expect(faultOf(query)).toBeUndefined();
    },
  );

  test('names only lists that are read', () => {
    expect(faultOf('a -list:hf')).toMatchObject({ position: 3, problem: 'there is no list "hf"' });
  });

  test.each([
    ['list:arxiv/*', 'Write list:arxiv/cs.CL, list:arxiv/cs.LG or list:arxiv/cs.CV'],
    ['list:arxiv', 'Write list:arxiv/cs.CL, list:arxiv/cs.LG or list:arxiv/cs.CV'],
    ['list:hf', 'Write list:hf-daily'],
    ['source:hf', 'Write list:hf-daily. To search for the text itself, put it in quotes'],
    ['list:arxiv/cs.CX', 'Write list:arxiv/cs.CL, list:arxiv/cs.CV or list:arxiv/cs.LG'],
    ['list:cs.CL', 'Write list:arxiv/cs.CL'],
    ['list:cs.CC', 'To find papers of the category, write cat:cs.CC, because its list is not read here'],
    ['list:arxiv/cs.*', 'For all categories of the archive write cat:cs'],
  ])('gets a hint of lists that are read here: %s', (query, hint) => {
    const lists = ['hf-daily', 'arxiv/cs.CL', 'arxiv/cs.LG', 'arxiv/cs.CV', 'arxiv/stat.ML'];
    const fault = findEnteredQueryFault(query);

    expect(fault && explainFault(fault, lists).hint).toBe(hint);
  });

  test.each(['list:arxiv/*', 'list:arxiv'])('gets a hint without lists if none are known: %s', (query) => {
    expect(faultOf(query)?.hint).toBe('Write the id of a list that is read here, as in list:hf-daily');
  });

  test('has at most 500 characters', () => {
    expect(faultOf('x'.repeat(501))).toMatchObject({ position: 500, expected: 'at most 500 characters' });
  });
});

describe('the query of a link', () => {
  test.each([
    ['vision OR audio', 'vision OR audio'],
    ['C++', 'C++'],
    ['vision or audio', 'vision "or" audio'],
  ])('%s is %s', (text, query) => {
    expect(upgradeLinkedQuery(text)).toBe(query);
  });

  test.each(['titel:agents', '"open', 'x'.repeat(1001)])('%s is refused', (text) => {
    expect(upgradeLinkedQuery(text)).toBeInstanceOf(QueryError);
  });
});

describe('advice', () => {
  test.each([
    ['vision OR audio', []],
    ['(vision OR audio) -survey', []],
    ['vision OR audio -survey', ['We read this as: vision OR (audio -survey)']],
    ['vision OR  (audio -survey)', []],
    ['author:Kaiming He', ['For the whole name, write author:"Kaiming He".']],
    ['-author:Yuchen Shi', ['For the whole name, write -author:"Yuchen Shi".']],
    ['agents NOT org:LG AI Research', ['For the whole name, write -org:"LG AI Research".']],
    [
      'author:Laurens van der Maaten has:code',
      ['For the whole name, write author:"Laurens van der Maaten".'],
    ],
    ['(author:Ada Lovelace) Diffusion', ['For the whole name, write author:"Ada Lovelace".']],
    ['author:He, Kaiming, Diffusion', ['For the whole name, write author:"He, Kaiming".']],
    [
      'author:Kaiming He OR Vision',
      [expect.stringContaining('We read'), 'For the whole name, write author:"Kaiming He".'],
    ],
    ['author:Kaiming He title:Vision', ['For the whole name, write author:"Kaiming He".']],
    ['author:Kaiming van agents', []],
    ['org:University of Cambridge', ['For the whole name, write org:"University of Cambridge".']],
    [
      'org:Institute of Science and Technology agents',
      ['For the whole name, write org:"Institute of Science and Technology".'],
    ],
    ['org:Google and Robotics', []],
    [
      'author:Kaiming He ResNet',
      ['For the whole name, write author:"Kaiming He". If the name is longer, put all of it in quotes.'],
    ],
    [
      'author:Luc Van Gool ResNet',
      ['For the whole name, write author:"Luc Van Gool". If the name is longer, put all of it in quotes.'],
    ],
    [
      'author:K. M. Ting Isolation',
      ['For the whole name, write author:"K. M. Ting". If the name is longer, put all of it in quotes.'],
    ],
    [
      'org:Google DeepMind Gemini',
      ['For the whole name, write org:"Google DeepMind". If the name is longer, put all of it in quotes.'],
    ],
    [
      '-org:Johns Hopkins University and Microsoft',
      [
        'For the whole name, write -org:"Johns Hopkins University". If the name is longer, put all of it in quotes.',
      ],
    ],
    [
      'org:University of Cambridge and Microsoft',
      [
        'For the whole name, write org:"University of Cambridge". If the name is longer, put all of it in quotes.',
      ],
    ],
    [
      'org:Technology Innovation Institute Falcon',
      [
        'For the whole name, write org:"Technology Innovation Institute". If the name is longer, put all of it in quotes.',
      ],
    ],
    ['org:Allen Institute for AI', ['For the whole name, write org:"Allen Institute for AI".']],
    ['org:Google Inc. agents', ['For the whole name, write org:"Google Inc.".']],
    ['org:Google,Inc', []],
    ['org:Tencent,ByteDance,Ltd.', [expect.stringContaining('write org:(Tencent OR ByteDance).')]],
    ['org:Google, Microsoft', []],
    ['author:"Zhang A"', ['If the family name is Zhang, write author:"Zhang, A.".']],
    ['-author:He K.', ['If the family name is He, write -author:"He, K.".']],
    ['author:"Alayrac J.-B."', ['If the family name is Alayrac, write author:"Alayrac, J.-B.".']],
    ['author:"Zhang, A." author:"K. He" author:"KM He" author:He author:"AI Team" author:"Falcon LLM"', []],
    ['m* agents', [expect.stringContaining('We read this as the word “m*”, as in “A* search”.')]],
    ['A* "a* search"', []],
    ['author:He diffusion', []],
    ['author:"Kaiming He" Diffusion', []],
    ['author:Kaiming AND He', []],
    ['author:Kaiming title:He', []],
    ["author:'Kaiming He'", ['For the whole name, write author:"Kaiming He".']],
    ['mlp title:‘residual stream’', ['For these words next to each other, write title:"residual stream".']],
    ["-author:'Kaiming He'", ['For the whole name, write -author:"Kaiming He".']],
    ["author:'He'", []],
    ["author:O'Brien newton's models'", []],
    ["title:'our model's", []],
    ["title:'residual stream'*", []],
    ["author:'he author:li'", []],
    ['titel:a b OR c', []],
    ['', []],
    ["author:'t hooft NOT newtons' laws", []],
    ['org:Google DeepMind has:code', ['For the whole name, write org:"Google DeepMind".']],
    ['org:google diffusion', []],
    ['org:(Google DeepMind)', []],
    [
      'agents,robotics',
      [
        'We read this as the phrase “agents robotics”. For one of the words, write agents OR robotics. For both, write agents robotics.',
      ],
    ],
    ['agents、video', [expect.stringContaining('write agents OR video. For both, write agents video.')]],
    [
      'agents，video;audio survey',
      [expect.stringContaining('write (agents OR video OR audio). For all, write')],
    ],
    [
      'org:Tencent,ByteDance',
      [
        'We read this as the phrase “Tencent ByteDance”. For one of the organisations, write org:(Tencent OR ByteDance).',
      ],
    ],
    [
      'Title:video,image',
      [expect.stringContaining('title:(video OR image). For both, write title:(video image).')],
    ],
    ['title:video|image', [expect.stringContaining('write title:(video OR image).')]],
    ['-agents,robotics', [expect.stringContaining('with any of the words, write -(agents OR robotics).')]],
    ['10,000 TCP/IP agents, video "agents,video" author:He,Kaiming and,or GPT-4', []],
    ['title:language models', ['For these words next to each other, write title:"language models".']],
    ['abstract:large language models', [expect.stringContaining('write abstract:"large language models".')]],
    ['title:chain-of-thought models', [expect.stringContaining('title:"chain-of-thought models".')]],
    ['title:vision,image models', [expect.stringContaining('write title:(vision OR image).')]],
    ['title:language models has:code', []],
    ['title:language -models', []],
    ['title:language AND models', []],
    ['title:(language models)', []],
    ['title:"language models" agents', []],
    ['title:language model*', []],
    ['models*', ['models* does not find “models”. Write model*.']],
    ['-LLMs* OR agents', ['LLMs* does not find “LLMs”. Write -LLMs.']],
    ['indices*', ['indices* does not find “indices”. Write indices.']],
    ['diseas* succes*', []],
    ['title:studies*', ['title:studies* does not find “studies”. Write title:stud*.']],
    ['"Language Models*"', ['"Language Models"* does not find “Language Models”. Write "Language model"*.']],
    [
      'vision-models* Matrices*',
      [expect.stringContaining('vision-model*.'), expect.stringContaining('matri*.')],
    ],
    ['modèles*', ['modèles* does not find “modèles”. Write modele*.']],
    ['mice*', ['mice* does not find “mice”. Write mice.']],
    ['"IDs*"', ['IDs* does not find “IDs”. Write IDs.']],
    ['model* diffus* class* analysis* bayes* physics* models "language models"', []],
    ['trans* analys* spars* sens*', []],
    ['upvotes:>=10 a upvotes:<5', ['No paper can match both upvotes:>=10 and upvotes:<5.']],
    ['upvotes:>4 upvotes:<5', ['No paper can match both upvotes:>4 and upvotes:<5.']],
    ['upvotes:>=5 upvotes:<=5 stars:<5 upvotes:=5', []],
    ['agents -"agent"', ['No paper can match both agents and -agent.']],
    ['-has:code "a b" has:code', ['No paper can match both -has:code and has:code.']],
    ['title:agents -agents -agent* upvotes:>5 OR upvotes:<5', [expect.stringContaining('We read this as')]],
    ['cs.CL', ['To find papers of the category, write cat:cs.CL.']],
    ['2601.01739v2 agents', ['To find the paper with this id, write id:2601.01739.']],
    ['hep-ex/0307015', ['To find the paper with this id, write id:hep-ex/0307015.']],
    [
      '2512.24601, 2601.01739v2.',
      ['To find the papers with these ids, write id:2512.24601 OR id:2601.01739.'],
    ],
    ['2512.24601,2601.01739', ['To find the papers with these ids, write id:2512.24601 OR id:2601.01739.']],
    [
      '2512.24601 -2601.01739',
      [
        'To find the paper with this id, write id:2512.24601.',
        'To leave out the paper with this id, write -id:2601.01739.',
      ],
    ],
    ['id:2601.01739 "2601.01739" 2026', []],
    ['agents arxiv/cs.cl', ['To find papers of the category, write cat:cs.CL.']],
    ['-hep-th', ['To leave out papers of the category, write -cat:hep-th.']],
    ['"cs.CL" OR cs.XX OR title:(cs.CL)', []],
    ['list:hf-daily -list:arxiv/math.NA', []],
    ['-list:arxiv/cs.NA', ['To leave out this list, write -list:arxiv/math.NA.']],
    ['list:arxiv/cs.NA', ['For this list, write list:arxiv/math.NA.']],
    [
      '(a list:feed/distill) OR list:feed/distill',
      ['"feed/distill" is not a list here. The lists here: hf-daily, arxiv/math.NA.'],
    ],
  ])('on %s', (query, advice) => {
    expect(adviseOn(query, ['hf-daily', 'arxiv/math.NA'])).toEqual(advice);
  });

  test.each(['models', 'studies', 'LLMs', 'matrices', 'criteria', 'queries', 'mice', 'IDs', 'biases'])(
    'on %s* names a query that finds the plural',
    (plural) => {
      const [advice = ''] = adviseOn(`${plural}*`, []);
      const [, advised = ''] = /Write (.*)\.$/.exec(advice) ?? [];
      const { text, ...phrase } = parseQuery(advised) as TextCondition;

      expect(text.length).toBeGreaterThan(1);
      expect(findPhrase(analyse(plural), phrase)).toHaveLength(1);
      expect(findPhrase(analyse(toSingular(plural.toLowerCase())), phrase)).toHaveLength(1);
    },
  );
});
