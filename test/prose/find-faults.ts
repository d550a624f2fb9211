import { toString as toText } from 'nlcst-to-string';
import { type Comment, parseSync } from 'oxc-parser';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import retextEnglish from 'retext-english';
import retextPassive from 'retext-passive';
import { unified } from 'unified';
import { visit } from 'unist-util-visit';
import { VFile } from 'vfile';
import { avoidedWords } from './avoided-words.ts';

/** Something in a text that a reader would have to read twice. */
export interface Fault {
  readonly kind: 'long' | 'passive' | 'avoided';
  /** Its line in the file, from 1. */
  readonly line: number;
  readonly message: string;
}

interface Prose {
  readonly sentences: number;
  readonly faults: readonly Fault[];
}

/** A paragraph, a heading, a table cell or a comment. */
interface Block {
  /** The line of the file on which the text begins, from 1. */
  readonly line: number;
  readonly text: string;
}

interface MarkdownNode {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly MarkdownNode[];
}

/** The most words that a sentence may have. Inline code counts as one word. */
const MAX_WORDS = 25;

/** A page may have this many passives, however short it is, and one in ten sentences. */
const FREE_PASSIVES = 3;
const MAX_PASSIVE_SHARE = 0.1;

/** Replaces inline code. Its capital letter lets a sentence begin with it. */
const CODE = 'Code';

const markdown = unified().use(remarkParse).use(remarkGfm);
const english = unified().use(retextEnglish);
const passive = unified().use(retextPassive);

/**
 * Returns what is wrong with the prose of a file. A page has no long sentence, no avoided word and few passives. For a source
 * only the length of the sentences in its comments counts.
 */
export function checkProse(file: string, text: string): readonly Fault[] {
  if (!file.endsWith('.md')) {
    return findFaults(toCommentBlocks(text, parseSync(file, text).comments)).faults.filter(
      ({ kind }) => kind === 'long',
    );
  }
  const { sentences, faults } = findFaults(toMarkdownBlocks(text));
  const passives = faults.filter(({ kind }) => kind === 'passive').length;
  const isActive = passives <= Math.max(FREE_PASSIVES, sentences * MAX_PASSIVE_SHARE);
  return isActive ? faults.filter(({ kind }) => kind !== 'passive') : faults;
}

/** The text of each paragraph, heading and table cell. Code blocks and HTML are left out. */
function toMarkdownBlocks(page: string): readonly Block[] {
  const blocks: Block[] = [];
  visit(markdown.parse(page), (node) => {
    if (node.type !== 'paragraph' && node.type !== 'heading' && node.type !== 'tableCell') return;
    blocks.push({ line: node.position?.start.line ?? 1, text: toPlainText(node) });
  });
  return blocks;
}

function toPlainText({ type, value, children }: MarkdownNode): string {
  if (type === 'text') return value ?? '';
  if (type === 'inlineCode') return CODE;
  if (type === 'break') return '\n';
  return children?.map(toPlainText).join('') ?? '';
}

/** The text of each paragraph, tag and list item of the comments. Line comments below each other are one comment. */
function toCommentBlocks(source: string, comments: readonly Comment[]): readonly Block[] {
  const blocks: Block[] = [];
  let written: { text: string; line: number; end: number } | undefined;
  const close = () => {
    if (written) blocks.push(...toParagraphs(written));
    written = undefined;
  };
  for (const { type, value, start, end } of comments) {
    const isNext =
      type === 'Line' && written && /^[^\S\n]*\n[^\S\n]*$/.test(source.slice(written.end, start));
    if (written && isNext) {
      written = { ...written, text: `${written.text}\n${value}`, end };
    } else {
      close();
      written = { text: value, line: toLine(source, start), end };
    }
    if (type === 'Block') close();
  }
  close();
  return blocks;
}

function toParagraphs({ text, line }: Block): readonly Block[] {
  const blocks: { line: number; text: string }[] = [];
  let isNew = true;
  for (const [index, written] of text.split('\n').entries()) {
    const words = written.replace(/^\s*\*?\s*/, '').replaceAll(/`[^`]*`|\{@\w+ [^}]*\}/g, CODE);
    if (isNew || /^(?:@|[-*] |\d+\. )/.test(words)) blocks.push({ line: line + index, text: '' });
    const last = blocks.at(-1);
    if (last) last.text += `${words.replace(/^@\w+ ?/, '')}\n`;
    isNew = words === '';
  }
  return blocks;
}

function findFaults(blocks: readonly Block[]): Prose {
  const faults: Fault[] = [];
  let sentences = 0;
  for (const { line, text } of blocks) {
    const file = new VFile(withoutFinalNumbers(text));
    const tree = english.parse(file);
    visit(tree, 'SentenceNode', (sentence) => {
      sentences += 1;
      const written = toText(sentence).replaceAll(/\s+/g, ' ');
      const at = line + (sentence.position?.start.line ?? 1) - 1;
      const words = sentence.children.filter(({ type }) => type === 'WordNode').length;
      if (words > MAX_WORDS) faults.push({ kind: 'long', line: at, message: `${words} words: ${written}` });
      for (const { pattern, instead } of avoidedWords) {
        const found = written.match(pattern)?.[0];
        if (found)
          faults.push({ kind: 'avoided', line: at, message: `"${found}"; write ${instead}: ${written}` });
      }
    });
    passive.runSync(tree, file);
    for (const { line: row = 1, actual } of file.messages) {
      faults.push({ kind: 'passive', line: line + row - 1, message: `"${actual}"; write who does it` });
    }
  }
  return { sentences, faults };
}

/** A number at the end of a sentence looks like "1." at the start of a list, which would join two sentences. */
function withoutFinalNumbers(text: string): string {
  return text.replaceAll(/\d(?=\.\s+\p{Lu})/gu, 'n');
}

function toLine(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length;
}
