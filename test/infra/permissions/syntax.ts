import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import {
  type CallExpression,
  type FunctionDeclaration,
  type Identifier,
  type MemberExpression,
  type Module,
  parseSync,
  type VariableDeclarator,
} from '@swc/core';

/** A node of a syntax tree. Its `type` decides which other properties it has. */
interface Node {
  readonly type: string;
}

/** A source file with its declarations and imports, by name. */
export interface Source {
  readonly tree: Module;
  /** Its named functions and values, at any depth. */
  readonly declared: ReadonlyMap<string, unknown>;
  /** The file of each imported name, including types. A package keeps its specifier. */
  readonly imported: ReadonlyMap<string, string>;
}

/** Returns a source file by its path from the project's root. */
export type SourceReader = (path: string) => Source;

/** Reads each file once. A test can replace where it reads from. */
export function createSourceReader(readText: (path: string) => string = readProjectFile): SourceReader {
  const known = new Map<string, Source>();
  return (path) => {
    const source = known.get(path) ?? parseSource(path, readText(path));
    known.set(path, source);
    return source;
  };
}

/** Returns the text of a file by its path from the project's root. */
export function readProjectFile(path: string): string {
  return readFileSync(path, 'utf8');
}

function parseSource(path: string, text: string): Source {
  const syntax = { syntax: 'typescript', tsx: path.endsWith('.tsx'), target: 'es2022' } as const;
  const tree = parseSync(text, syntax);
  const declared = new Map<string, unknown>();
  for (const { identifier, ...fn } of allOf<FunctionDeclaration>(tree, 'FunctionDeclaration')) {
    declared.set(identifier.value, fn);
  }
  for (const { id, init } of allOf<VariableDeclarator>(tree, 'VariableDeclarator')) {
    if (id.type === 'Identifier') declared.set(id.value, init);
  }
  const imported = new Map<string, string>();
  const toFile = (specifier: string) =>
    specifier.startsWith('.') ? join(dirname(path), specifier) : specifier;
  for (const item of tree.body) {
    if (item.type !== 'ImportDeclaration') continue;
    for (const { local } of item.specifiers) imported.set(local.value, toFile(item.source.value));
  }
  // `const { createQueue } = await import('…')`, also through a constant that holds the function that imports.
  for (const { id, init } of allOf<VariableDeclarator>(tree, 'VariableDeclarator')) {
    if (id.type !== 'ObjectPattern' || init?.type !== 'AwaitExpression') continue;
    const specifier = [init, ...namesUsedIn(init).map((name) => declared.get(name))]
      .map(importedBy)
      .find((child) => child !== undefined);
    if (specifier === undefined) continue;
    for (const { value } of allOf<Identifier>(id, 'Identifier')) imported.set(value, toFile(specifier));
  }
  return { tree, declared, imported };
}

/** Returns what the first dynamic `import()` within a part names. Undefined if it has none. */
function importedBy(part: unknown): string | undefined {
  const call = allOf<CallExpression>(part, 'CallExpression').find(({ callee }) => callee.type === 'Import');
  const specifier = call?.arguments[0]?.expression;
  return specifier?.type === 'StringLiteral' ? specifier.value : undefined;
}

/** Caches the nodes in each queried part, because the same parts are queried often. */
const nodesWithin = new WeakMap<object, readonly Node[]>();

/** Returns the nodes of one type within a part of a tree. */
export function allOf<One extends Node>(part: unknown, type: One['type']): readonly One[] {
  if (typeof part !== 'object' || part === null) return [];
  const nodes = nodesWithin.get(part) ?? listNodes(part);
  nodesWithin.set(part, nodes);
  return nodes.filter((node): node is One => node.type === type);
}

function listNodes(part: object): readonly Node[] {
  const found: Node[] = [];
  const visit = (inner: unknown) => {
    if (typeof inner !== 'object' || inner === null) return;
    if ('type' in inner) found.push(inner as Node);
    for (const child of Object.values(inner)) visit(child);
  };
  visit(part);
  return found;
}

/** Returns the last name of an expression: `b` of `a.b` and of `b`. Undefined if it has none. */
export function lastNameOf(expression: Node): string | undefined {
  if (isOf<MemberExpression>(expression, 'MemberExpression')) return lastNameOf(expression.property);
  return isOf<Identifier>(expression, 'Identifier') ? expression.value : undefined;
}

/** Returns the plain names that are called or passed on within a part: `f` and `g` of `f(g)`. */
export function namesUsedIn(part: unknown): readonly string[] {
  return allOf<CallExpression>(part, 'CallExpression').flatMap(({ callee, arguments: given }) =>
    [callee, ...given.map(({ expression }) => expression)].flatMap((expression) =>
      expression.type === 'Identifier' ? [expression.value] : [],
    ),
  );
}

function isOf<One extends Node>(node: Node, type: One['type']): node is One {
  return node.type === type;
}
