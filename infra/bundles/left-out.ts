import type { StandIn } from './stand-in.ts';

const SMITHY = '@smithy/core/dist-es/submodules';
const AWS = '@aws-sdk/core/dist-es/submodules';

/** Classes, functions and methods of packages that nothing in the bundles calls, by file. */
const UNUSED: Readonly<Record<string, readonly string[]>> = {
  // Addresses that are signed in advance, and streams of events.
  '@smithy/signature-v4/dist-es/SignatureV4.js': ['presign', 'signEvent', 'signMessage'],
  '@smithy/signature-v4/dist-es/HeaderFormatter.js': ['format', 'formatHeaderValue'],
  [`${SMITHY}/protocols/HttpProtocol.js`]: [
    ...['serializeEventStream', 'deserializeEventStream', 'loadEventStreamCapability'],
    ...['getEventStreamMarshaller', 'resolveEventStreamMarshaller'],
    // Parameters in addresses and headers, and errors of CBOR, which other services have.
    ...['deserializeHttpMessage', 'resolveError'],
  ],
  [`${SMITHY}/protocols/HttpBindingNormalizedSchema.js`]: ['getHttpBindings'],
  [`${AWS}/protocols/ProtocolLib.js`]: ['resolveRestContentType'],
  // Unions, other than the values of DynamoDB, and texts with JSON in them.
  [`${SMITHY}/protocols/UnionSerde.js`]: ['UnionSerde'],
  [`${AWS}/protocols/UnionSerde.js`]: ['UnionSerde'],
  // Schemas that are looked up by name.
  [`${SMITHY}/schema/TypeRegistry.js`]: ['register', 'clear'],
  [`${SMITHY}/schema/schemas/NormalizedSchema.js`]: ['getMemberSchema', 'getMemberName'],
  // Bodies in browsers.
  [`${SMITHY}/serde/util-stream/stream-collector.browser.js`]: ['collectBlob', 'collectReadableStream'],
  // A body is bytes. It also has the methods of a text, for code that takes it for one.
  [`${SMITHY}/protocols/json/codec-v2/JsonBytesStringAdapter.js`]: [
    ...[
      'includes',
      'indexOf',
      'lastIndexOf',
      'startsWith',
      'endsWith',
      'match',
      'replace',
      'search',
      'split',
    ],
    ...['substring', 'trim', 'trimStart', 'trimEnd', 'charAt', 'charCodeAt', 'padStart', 'padEnd', 'repeat'],
    ...['toUpperCase', 'toLowerCase'],
  ],
  // What a client shows to its logger. Ours have none.
  [`${SMITHY}/client/smithy-client/schemaLogFilter.js`]: ['schemaLogFilter'],
  // It paces the calls of a client after it was throttled. The standard strategy does not.
  [`${SMITHY}/retry/util-retry/AdaptiveRetryStrategy.js`]: ['AdaptiveRetryStrategy'],
  // Node.js has these built in.
  [`${SMITHY}/checksum/md5/Md5Js.js`]: ['Md5Js'],
  [`${SMITHY}/checksum/crc32/Crc32Js.js`]: ['Crc32Js'],
  [`${SMITHY}/checksum/sha256/Sha256Js.js`]: ['Sha256Js'],
  // Dates in XML and headers.
  [`${SMITHY}/serde/schema-serde-lib/schema-date-utils.js`]: [
    ...['_parseEpochTimestamp', '_parseRfc3339DateTimeWithOffset', '_parseRfc7231DateTime'],
  ],
  // Numbers that JavaScript cannot hold.
  '@aws-sdk/util-dynamodb/dist-es/NumberValue.js': ['NumberValue'],
  // What waits for promises, and the interface that libraries of forms share.
  'zod/v4/core/schemas.js': ['standardProps'],
  'zod/v4/mini/schemas.js': ['parseAsync', 'safeParseAsync', 'brand', 'register', 'apply'],
};

/** Leaves out what nothing calls. */
export const leftOut: readonly StandIn[] = Object.entries(UNUSED).map(([file, names]) => ({
  files: [file],
  replace: (original) => names.reduce(leaveOut, original),
}));

/**
 * Returns code without a class, a function or the methods of this name. A class or function throws if it is called. The layout is
 * expected that the compiler of TypeScript writes: a block ends at the first brace with the indentation of its beginning.
 *
 * @throws Error if the code has nothing of this name
 */
export function leaveOut(code: string, name: string): string {
  const block = String.raw`.*\{\n[^]*?\n\}`;
  const declared = new RegExp(
    String.raw`^(export )?(?:class ${name}\b${block}|(?:async )?function ${name}\(${block}|const ${name} = (?:${block};|.*;))$`,
    'm',
  );
  const methods = new RegExp(String.raw`^ {4}(?:async )?${name}\(.*\{\n[^]*?\n {4}\},?\n`, 'gm');
  const without = code
    .replace(
      declared,
      (_, exported = '') => `${exported}function ${name}() { throw new Error('${name} is left out'); }`,
    )
    .replace(methods, '');
  if (without === code) throw new Error(`there is no ${name} to leave out`);
  return without;
}
