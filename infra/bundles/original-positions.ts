/** Makes the stacks of errors name the sources. Each bundle starts with this file. */
import type { SourceMap, SourceMapping } from 'node:module';

type Call = NodeJS.CallSite;

const maps = new Map<string, SourceMap | undefined>();

// Node.js can do the same, but it reads the source maps at each start. This reads them when an error is logged.
Error.prepareStackTrace = (error, calls) =>
  [String(error), ...calls.map((call, index) => describeCall(call, calls[index + 1]))].join('\n    at ');

/** Returns a call with its original name and position: `parseEnvironment (shared/environment.ts:42:9)`. */
function describeCall(call: Call, caller: Call | undefined): string {
  const text = String(call);
  try {
    const original = findOriginal(call);
    if (!original) return text;
    const { originalSource, originalLine, originalColumn } = original;
    const source = originalSource.replace(/^(\.\.\/)+/, '');
    const minified = call.getFunctionName();
    // The map knows the names that a call uses. The one of the function itself is where it is called.
    const name = (caller && findOriginal(caller)?.name) ?? minified;
    return text
      .replace(positionOf(call), `${source}:${originalLine + 1}:${originalColumn + 1}`)
      .replace(`${minified} (`, () => `${name} (`);
  } catch {
    return text;
  }
}

function positionOf(call: Call): string {
  return `${call.getFileName()}:${call.getLineNumber()}:${call.getColumnNumber()}`;
}

/** Positions in a stack begin at 1, and those of a map at 0. */
function findOriginal(call: Call): (SourceMapping & { readonly name?: string }) | undefined {
  const file = call.getFileName();
  if (!file?.startsWith('file:')) return undefined;
  const entry = loadMap(file)?.findEntry((call.getLineNumber() ?? 1) - 1, (call.getColumnNumber() ?? 1) - 1);
  return entry && 'originalSource' in entry ? entry : undefined;
}

/** Returns the map beside a module, or `undefined` if it could not be read. */
function loadMap(file: string): SourceMap | undefined {
  if (!maps.has(file)) {
    maps.set(file, undefined);
    const { readFileSync } = process.getBuiltinModule('node:fs');
    const { SourceMap } = process.getBuiltinModule('node:module');
    maps.set(file, new SourceMap(JSON.parse(readFileSync(new URL(`${file}.map`), 'utf8'))));
  }
  return maps.get(file);
}
