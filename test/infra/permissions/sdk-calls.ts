import type {
  CallExpression,
  KeyValueProperty,
  MethodProperty,
  NewExpression,
  ReturnStatement,
  TsInterfaceDeclaration,
  TsTypeReference,
} from '@swc/core';
import * as z from 'zod';
import { allOf, lastNameOf, namesUsedIn, type Source, type SourceReader } from './syntax.ts';

/** An IAM action of an SDK call, and whether its resource is the table or an index. */
interface SdkCall {
  readonly action: string;
  readonly isOnIndex: boolean;
}

/** An adapter's port, and the SDK calls of each of its methods. */
export interface Adapter {
  readonly port: string;
  /** The port and the interfaces that it extends. Other code may declare it with one of them. */
  readonly types: readonly string[];
  readonly methods: ReadonlyMap<string, readonly SdkCall[]>;
}

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html */
const ACTIONS: Readonly<Record<string, string>> = {
  GetCommand: 'dynamodb:GetItem',
  BatchGetCommand: 'dynamodb:BatchGetItem',
  QueryCommand: 'dynamodb:Query',
  paginateQuery: 'dynamodb:Query',
  PutCommand: 'dynamodb:PutItem',
  UpdateCommand: 'dynamodb:UpdateItem',
  DeleteCommand: 'dynamodb:DeleteItem',
  SendMessageBatchCommand: 'sqs:SendMessage',
  SendMailCommand: 'ses:SendRawEmail',
  GetSendQuotaCommand: 'ses:GetSendQuota',
  GetSecretValueCommand: 'secretsmanager:GetSecretValue',
};

const declaredTypeSchema = z.object({ returnType: z.object({ typeAnnotation: z.unknown() }) });

/**
 * Finds what the methods of an adapter send: the commands that they name, and those of the functions that they call. It follows
 * calls within the file and into its imports. A creator that returns the adapter of another one has the methods of that one.
 *
 * @param creator the function that creates the adapter, and whose return type is the port: `createPaperRepository`
 */
export function readAdapter(file: string, creator: string, readSource: SourceReader): Adapter {
  const source = readSource(file);
  const made = source.declared.get(creator);
  // `Pick<PaperRepository, 'load'>` counts as its port.
  const port = allOf<TsTypeReference>(declaredTypeSchema.parse(made).returnType, 'TsTypeReference').find(
    ({ typeName }) => typeName.type !== 'Identifier' || typeName.value !== 'Pick',
  );
  if (port?.typeName.type !== 'Identifier') throw new Error(`${creator} has no return type`);

  const other = createdIn(made, source);
  if (other) return readAdapter(other.file, other.creator, readSource);
  const returned = allOf<ReturnStatement>(made, 'ReturnStatement').flatMap(({ argument }) =>
    argument?.type === 'ObjectExpression' ? argument.properties : [],
  );
  const methods = returned.filter(
    (property): property is MethodProperty | KeyValueProperty =>
      property.type === 'MethodProperty' || property.type === 'KeyValueProperty',
  );
  return {
    port: port.typeName.value,
    types: typesOf(port.typeName.value, source, readSource),
    methods: new Map(
      methods.map((method) => [
        method.key.type === 'Identifier' ? method.key.value : '',
        callsFrom(method, source, readSource, new Set()),
      ]),
    ),
  };
}

/** Returns the adapter that a creator returns as it is: `return createQueue(client, queueUrl)`. */
function createdIn(
  made: unknown,
  { imported }: Source,
): { readonly file: string; readonly creator: string } | undefined {
  for (const { argument } of allOf<ReturnStatement>(made, 'ReturnStatement')) {
    const creator = argument?.type === 'CallExpression' ? nameOf(argument) : '';
    const file = imported.get(creator);
    if (file?.startsWith('shared/adapters/') && creator.startsWith('create')) return { file, creator };
  }
  return undefined;
}

/** Returns a type's name, and the names that its interface extends. */
function typesOf(name: string, { imported }: Source, readSource: SourceReader): readonly string[] {
  const file = imported.get(name);
  if (!file) return [name];
  const own = allOf<TsInterfaceDeclaration>(readSource(file).tree, 'TsInterfaceDeclaration').find(
    ({ id }) => id.value === name,
  );
  const bases = own?.extends.flatMap(({ expression }) => lastNameOf(expression) ?? []) ?? [];
  return [name, ...bases];
}

function callsFrom(
  part: unknown,
  source: Source,
  readSource: SourceReader,
  seen: Set<unknown>,
): readonly SdkCall[] {
  if (seen.has(part)) return [];
  seen.add(part);
  return [
    ...directCallsIn(part, source),
    ...namesUsedIn(part).flatMap((name) => {
      const declared = source.declared.get(name);
      if (declared !== undefined) return callsFrom(declared, source, readSource, seen);
      const file = source.imported.get(name);
      if (!file?.startsWith('shared/adapters/')) return [];
      const other = readSource(file);
      return callsFrom(other.declared.get(name), other, readSource, seen);
    }),
  ];
}

function directCallsIn(part: unknown, { imported }: Source): readonly SdkCall[] {
  const sent = [
    ...allOf<NewExpression>(part, 'NewExpression').filter((call) => nameOf(call).endsWith('Command')),
    ...allOf<CallExpression>(part, 'CallExpression').filter((call) => nameOf(call).startsWith('paginate')),
  ].filter((call) =>
    ['@aws-sdk/', 'shared/adapters/'].some((from) => imported.get(nameOf(call))?.startsWith(from)),
  );
  return sent.map((call) => {
    const action = ACTIONS[nameOf(call)];
    if (!action) throw new Error(`add the IAM action of ${nameOf(call)} to the analysis`);
    const properties = allOf<KeyValueProperty>(call, 'KeyValueProperty');
    return {
      action,
      isOnIndex: properties.some(({ key }) => key.type === 'Identifier' && key.value === 'IndexName'),
    };
  });
}

function nameOf({ callee }: NewExpression | CallExpression): string {
  return callee.type === 'Identifier' ? callee.value : '';
}
