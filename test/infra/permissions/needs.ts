import type { CallExpression, MemberExpression } from '@swc/core';
import { build } from 'esbuild';
import { type FunctionName, functionNames } from '../../../shared/observability.ts';
import { portCallsIn } from './port-calls.ts';
import { readAdapter } from './sdk-calls.ts';
import { allOf, lastNameOf, namesUsedIn, type Source, type SourceReader } from './syntax.ts';

/** A call of a function to AWS: an action, and the variable that names the resource. */
export interface Need {
  readonly action: string;
  /** `PAPERS_TABLE`; undefined for an action on the whole account. */
  readonly variable?: string | undefined;
  /** Whether the resource is an index of that table. */
  readonly isOnIndex: boolean;
}

/** Actions on the whole account, which accept no resource. */
const OF_THE_ACCOUNT = ['ses:GetSendQuota'];

/** The one adapter that is given a port of another one: it limits its rate with leases. */
const HTTP_CLIENT = 'shared/adapters/http/';

/** Returns the project's source files in each function, without type-only imports. */
export async function filesOfFunctions(): Promise<ReadonlyMap<FunctionName, readonly string[]>> {
  const { metafile } = await build({
    entryPoints: functionNames.map((name) => `functions/${name}/index.ts`),
    outdir: 'nowhere',
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    metafile: true,
  });
  return new Map(
    functionNames.map((name) => {
      const outputs = Object.values(metafile.outputs);
      const output = outputs.find(({ entryPoint }) => entryPoint === `functions/${name}/index.ts`);
      const kept = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
      return [name, kept.map(([file]) => file).filter((file) => /\.tsx?$/.test(file))];
    }),
  );
}

/**
 * Finds in the sources of a function what it does on AWS. Its composition names its adapters and their resources. Its own files
 * and its HTTP client name the methods that it uses. The adapters name what each method sends.
 *
 * @param files the files in the function's bundle
 * @throws Error if no method of an adapter is used: the adapter is not needed, or the analysis misses its use
 */
export function needsOf(
  name: FunctionName,
  files: readonly string[],
  readSource: SourceReader,
): readonly Need[] {
  const adapters = ['index', 'ports']
    .map((part) => readSource(`functions/${name}/${part}.ts`))
    .flatMap((source) => adaptersOf(source, readSource))
    .filter(({ methods }) => [...methods.values()].some((calls) => calls.length > 0));
  const portOfType = new Map(
    adapters.flatMap(({ port, types }) => types.map((type) => [type, port] as const)),
  );
  const ownFiles = files.filter(
    (file) => !file.startsWith('shared/adapters/') || file.startsWith(HTTP_CLIENT),
  );
  const used = portCallsIn(ownFiles, portOfType, readSource);

  return adapters.flatMap(({ port, methods, variable }) => {
    const usedMethods = [...methods].filter(([method]) => used.has(`${port}.${method}`));
    if (usedMethods.length === 0) throw new Error(`${name} creates a ${port} and uses no method of it`);
    const calls = usedMethods.flatMap(([, some]) => some);
    if (!variable && calls.some(({ action }) => !OF_THE_ACCOUNT.includes(action)))
      throw new Error(`${name} creates a ${port} without a variable that names its resource`);
    return calls.map((call) => ({ ...call, variable }));
  });
}

/** Returns the adapters that a composition creates, each with its variable. */
function adaptersOf(source: Source, readSource: SourceReader) {
  return allOf<CallExpression>(source.tree, 'CallExpression').flatMap((call) => {
    const creator = call.callee.type === 'Identifier' ? call.callee.value : '';
    const file = source.imported.get(creator);
    if (!file?.startsWith('shared/adapters/') || !/^create(?!.*Client$)/.test(creator)) return [];
    return [{ ...readAdapter(file, creator, readSource), variable: variableIn(call, source) }];
  });
}

/** Variables that name a resource. Others, such as a number of days, name none. */
const RESOURCE_VARIABLE = /(_TABLE|_QUEUE_URL|_SECRET|CONFIGURATION_SET)$/;

/** Returns the first resource variable in the arguments of a call, also through a constant. */
function variableIn(call: CallExpression, { declared }: Source): string | undefined {
  const parts = [call.arguments, ...namesUsedIn(call).map((name) => declared.get(name))];
  return parts
    .flatMap((part) => allOf<MemberExpression>(part, 'MemberExpression'))
    .filter(({ object }) => lastNameOf(object) === 'env')
    .flatMap((expression) => lastNameOf(expression) ?? [])
    .find((variable) => RESOURCE_VARIABLE.test(variable));
}
