import type { Condition, QueryNode } from './query.ts';

/**
 * Returns the normal form of a query: one space for AND, `OR`, `-` and only the parentheses that it needs. Parsing it gives the
 * same tree, apart from the places.
 *
 * @example printQuery(parseQuery('a AND (b or-else) NOT title:"c"'))
 */
export function printQuery(node: QueryNode): string {
  return print(node, false);
}

/** Returns the normal form with parentheses around every AND within an OR, for readers who do not know what binds more tightly. */
export function printClearly(node: QueryNode): string {
  return print(node, true);
}

function print(node: QueryNode, isClear: boolean): string {
  switch (node.kind) {
    case 'all':
      return '';
    case 'or':
      return node.parts.map((part) => printPart(part, isClear ? ['and'] : [], isClear)).join(' OR ');
    case 'and':
      return node.parts.map((part) => printPart(part, ['or'], isClear)).join(' ');
    case 'not':
      return `-${printPart(node.part, ['and', 'or'], isClear)}`;
    default:
      return printCondition(node);
  }
}

function printPart(part: QueryNode, grouped: readonly QueryNode['kind'][], isClear: boolean): string {
  const text = print(part, isClear);
  return grouped.includes(part.kind) ? `(${text})` : text;
}

function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'text': {
      const { field, text, isPrefix } = condition;
      return `${field ? `${field}:` : ''}${printText(text)}${isPrefix ? '*' : ''}`;
    }
    case 'author':
      return `author:${printText(condition.text)}`;
    case 'category':
      return `cat:${condition.value}`;
    case 'list':
      return `list:${condition.value}`;
    case 'id':
      return `id:${condition.value}`;
    case 'has':
      return `has:${condition.what}`;
    case 'number':
      return `${condition.field}:${condition.operator}${condition.value}`;
    default:
      return condition satisfies never;
  }
}

/** A word that means the same without quotes. */
const PLAIN = /^(?!(?:and|or|not)$)\.?[\p{L}\p{N}][\p{L}\p{M}\p{N}\-_.+#'’]*$/iu;

function printText(text: string): string {
  return PLAIN.test(text) ? text : `"${text}"`;
}
