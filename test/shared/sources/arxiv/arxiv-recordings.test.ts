import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { SaxesParser } from 'saxes';
import * as z from 'zod';
import { MAX_AUTHORS, type PaperFacts, paperFactsSchema } from '../../../../shared/domain/papers/paper.ts';
import type { HttpAnswer } from '../../../../shared/ports/http.ts';
import { parseFeed } from '../../../../shared/sources/arxiv/announcement-feed.ts';
import { readArxivId } from '../../../../shared/sources/arxiv/arxiv-id.ts';
import { parseOai } from '../../../../shared/sources/arxiv/oai.ts';
import { parseQueryAnswer } from '../../../../shared/sources/arxiv/query-api.ts';
import type { ItemNote } from '../../../../shared/sources/source.ts';

// Real answers that others recorded. A copy may be next to the repository, and is never part of it.
const folder = new URL('../../../../../shared/recordings/arxiv/', import.meta.url);
const files = existsSync(folder) ? readdirSync(folder) : [];

/** What each kind of answer is called, and the element of one record. */
type Kind = 'rss' | 'oai' | 'api';
const RECORD: Readonly<Record<Kind, string>> = { rss: 'item', oai: 'record', api: 'entry' };

interface Parsed {
  readonly itemsRead: number;
  readonly papers: readonly PaperFacts[];
  readonly rejections: readonly ItemNote[];
  readonly problem: string | undefined;
}

const parse: Readonly<Record<Kind, (answer: HttpAnswer) => Parsed>> = {
  rss(answer) {
    const { items, fault, ...read } = parseFeed(answer);
    return { ...read, papers: items.map(({ facts }) => facts), problem: fault?.what };
  },
  oai(answer) {
    const { records, fault, ...read } = parseOai(answer);
    return { ...read, papers: records.map(({ facts }) => facts), problem: fault?.what };
  },
  api: (answer) => ({ problem: undefined, ...parseQueryAnswer(answer) }),
};

const wrappedSchema = z.object({ status_code: z.int(), body: z.string() });

/** The answer in a file. Recorders of the query API wrapped it in JSON. */
function readAnswer(file: string): HttpAnswer {
  const text = readFileSync(new URL(file, folder), 'utf8');
  if (!file.endsWith('.json')) return { status: 200, body: text };
  const { status_code: status, body } = wrappedSchema.parse(JSON.parse(text));
  return { status, body };
}

/** A record as an independent reader sees it: the texts of its elements by local name. */
type RawRecord = ReadonlyMap<string, readonly string[]>;

/** Reads records with another XML parser, which throws at anything that is not well-formed. */
function readRecords(body: string, name: string): readonly RawRecord[] {
  const parser = new SaxesParser();
  const records: Map<string, string[]>[] = [];
  const open: string[] = [];
  let text = '';
  let record: Map<string, string[]> | undefined;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => {
    const local = tag.name.replace(/^.*:/, '');
    open.push(local);
    text = '';
    if (local === name) {
      record = new Map();
      records.push(record);
    }
    for (const [attribute, value] of Object.entries(tag.attributes)) {
      const key = `${local}@${attribute}`;
      record?.set(key, [...(record.get(key) ?? []), value]);
    }
  });
  parser.on('text', (more) => {
    text += more;
  });
  parser.on('closetag', () => {
    const local = open.pop() ?? '';
    if (local === name) record = undefined;
    if (text.trim() !== '') record?.set(local, [...(record.get(local) ?? []), text.trim()]);
    text = '';
  });
  parser.write(body).close();
  return records;
}

/** White space and the accents of TeX are the business of another test. */
const letters = (text: string | undefined) => text?.replace(/[^A-Za-z0-9]/g, '');

const kindOf = (file: string) => z.enum(['rss', 'oai', 'api']).parse(file.split('_')[0]);
const xmlFiles = files.filter((file) => !file.startsWith('feed_'));
const derivedFiles = files.filter((file) => file.startsWith('feed_'));

/** Files without papers: an unknown id, and errors as bodies. */
const PROBLEMS: Readonly<Record<string, string>> = {
  'api_id_abc_s0_m100_b79c8dcf6bc3.json': 'error: incorrect id format for abc',
  'oai_ErrorResponseBadResumptionToken.xml':
    'error badResumptionToken: The resumptionToken supplied is illegal for this repository',
};

if (files.length === 0) {
  process.stdout.write(`No recorded answers at ${folder.pathname}: not tested against them\n`);
  it.skip(`recorded answers: there are none at ${folder.pathname}`, () => undefined);
} else {
  describe.each(xmlFiles)('the recorded answer %s', (file) => {
    const kind = kindOf(file);
    const answer = readAnswer(file);
    const parsed = parse[kind](answer);
    const isError = PROBLEMS[file] !== undefined;
    const raw = isError ? [] : readRecords(answer.body, RECORD[kind]);

    it('has the papers that another reader finds, in their order', () => {
      expect(parsed.problem).toBe(PROBLEMS[file]);
      expect(parsed.rejections).toEqual([]);
      expect([parsed.itemsRead, parsed.papers.length]).toEqual([raw.length, raw.length]);
      const first = (record: RawRecord, ...names: string[]) =>
        names.flatMap((name) => record.get(name) ?? [])[0];
      for (const [at, record] of raw.entries()) {
        const facts = parsed.papers[at];
        expect(facts?.id).toBe(readArxivId(first(record, 'guid', 'id') ?? '')?.id);
        expect(letters(facts?.title)).toBe(letters(first(record, 'title')));
        const abstract = first(record, 'abstract', 'summary', 'description')?.replace(
          /^[\s\S]*?\nAbstract: /,
          '',
        );
        expect(letters(facts?.abstract)).toBe(letters(abstract));
        const categories =
          record.get('categories')?.[0]?.split(' ') ?? record.get('category') ?? record.get('category@term');
        expect(facts?.categories).toEqual(categories);
        const names = record.get('keyname')?.filter((name) => name !== ':') ?? record.get('name');
        if (names) expect(facts?.authorCount).toBe(names.length);
        expect(facts?.version).toBe(record.get('version@version')?.length ?? facts?.version);
      }
    });

    it('gives valid facts, in single lines', () => {
      for (const facts of parsed.papers) {
        expect(paperFactsSchema.parse(facts)).toEqual(facts);
        expect(facts.authors?.length).toBe(Math.min(facts.authorCount ?? 0, MAX_AUTHORS));
        for (const text of [facts.title, facts.abstract, facts.note, ...(facts.authors ?? [])]) {
          expect(text ?? '').not.toMatch(/[\n\r\t]| {2}|^ | $|…$/);
        }
        for (const name of facts.authors ?? []) expect(name).not.toMatch(/[,;()]|\band\b|^\W*$/);
      }
    });

    it('gives its first papers if it is cut, and a record that is damaged costs itself', () => {
      if (raw.length === 0) return;
      const cut = parse[kind]({
        ...answer,
        body: answer.body.slice(0, Math.floor(answer.body.length * 0.7)),
      });
      expect(cut.problem).toContain('breaks off');
      expect(cut.papers).toEqual(parsed.papers.slice(0, cut.papers.length));
      expect(cut.papers.length).toBeLessThan(parsed.papers.length);

      const { body } = answer;
      const at = body.lastIndexOf('</title>');
      const damaged = parse[kind]({ ...answer, body: `${body.slice(0, at)}</titel>${body.slice(at + 8)}` });
      const last = raw.length - 1;
      expect(damaged.rejections).toEqual([{ item: `#${last}`, reason: 'it is not well-formed XML' }]);
      expect(damaged.papers).toEqual(parsed.papers.slice(0, last));
    });
  });

  // Other readers wrote these feeds down as JSON. As feeds of arXiv they have hundreds of real titles, abstracts and authors.
  const derivedSchema = z.object({
    papers: z.array(
      z.object({
        arxiv_id: z.string(),
        title: z.string(),
        abstract: z.string(),
        authors: z.array(z.string()),
        categories: z.array(z.string()),
        announce_type: z.enum(['new', 'cross', 'replace', 'replace-cross']),
      }),
    ),
  });
  const toXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

  it.each(derivedFiles)('the papers of %s come back from a feed', (file) => {
    const { papers } = derivedSchema.parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8')));
    const items = papers.map(
      (paper) => `<item><title>${toXml(paper.title)}</title>
        <description>arXiv:${paper.arxiv_id}v1 Announce Type: ${paper.announce_type} \nAbstract: ${toXml(paper.abstract)}</description>
        <guid isPermaLink="false">oai:arXiv.org:${paper.arxiv_id}v1</guid>
        ${paper.categories.map((category) => `<category>${category}</category>`).join('')}
        <arxiv:announce_type>${paper.announce_type}</arxiv:announce_type>
        <dc:creator>${toXml(paper.authors.join(', '))}</dc:creator></item>`,
    );
    const body = `<rss><channel><title>cs.CV updates on arXiv.org</title>${items.join('')}</channel></rss>`;

    const feed = parseFeed({ status: 200, body });

    expect([feed.fault, feed.rejections]).toEqual([undefined, []]);
    expect(feed.items.map(({ facts, type }) => [facts.id, type, letters(facts.title)])).toEqual(
      papers.map((paper) => [paper.arxiv_id, paper.announce_type, letters(paper.title)]),
    );
    const counts = feed.items.map(({ facts }) => facts.authorCount);
    const odd = papers.filter(({ authors }, at) => authors.length !== counts[at]);
    expect(odd.map(({ authors }) => authors)).toEqual([]);
  });
}
