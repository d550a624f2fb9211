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
    ...['deserializeHttpMessage', 'resolveError', 'getRequestType', 'getResponseType'],
  ],
  [`${AWS}/protocols/ProtocolLib.js`]: ['resolveRestContentType'],
  // They hand on their options.
  [`${AWS}/protocols/json/AwsJson1_0Protocol.js`]: ['constructor'],
  [`${AWS}/protocols/json/AwsJson1_1Protocol.js`]: ['constructor'],
  // It reads a stream.
  [`${SMITHY}/protocols/json/parseJsonBody.js`]: ['parseJsonBody'],
  // Schemas that are looked up by name.
  [`${SMITHY}/schema/TypeRegistry.js`]: ['register', 'clear'],
  [`${SMITHY}/schema/schemas/NormalizedSchema.js`]: [
    ...['getMemberSchema', 'getMemberSchemas', 'getMemberName', 'getKeySchema', 'isIdempotencyToken'],
    ...['isUnionSchema', 'isBigIntegerSchema', 'isBigDecimalSchema', 'isBooleanSchema'],
  ],
  // Bodies in browsers.
  [`${SMITHY}/serde/util-stream/stream-collector.browser.js`]: ['collectBlob', 'collectReadableStream'],
  // Items are written as other requests are.
  '@aws-sdk/dynamodb-codec/dist-es/codec-v2/DynamoDBJsonCodec2.js': ['writeValue', 'writeAttributeValue'],
  // What a client shows to its logger. Ours have none.
  [`${SMITHY}/client/smithy-client/schemaLogFilter.js`]: ['schemaLogFilter'],
  // It paces the calls of a client after it was throttled. The standard strategy does not.
  [`${SMITHY}/retry/util-retry/AdaptiveRetryStrategy.js`]: ['AdaptiveRetryStrategy'],
  // Numbers that JavaScript cannot hold.
  '@aws-sdk/util-dynamodb/dist-es/NumberValue.js': ['NumberValue'],
  // What waits for promises, and the interface that libraries of forms share.
  'zod/v4/core/schemas.js': ['standardProps'],
  'zod/v4/mini/schemas.js': ['parseAsync', 'safeParseAsync', 'brand', 'register', 'apply'],
};

/** Functions and methods that are called, and have nothing to do in the bundles. */
const IDLE: Readonly<Record<string, readonly string[]>> = {
  // No operation has a host of its own.
  [`${SMITHY}/protocols/HttpProtocol.js`]: ['setHostPrefix'],
  // Errors of browsers and of HTTP/2.
  [`${SMITHY}/retry/service-error-classification/service-error-classification.js`]: [
    ...['isBrowserNetworkError', 'isNodeJsHttp2TransientError'],
  ],
  // Which features of the SDK are in use, for statistics of AWS.
  [`${AWS}/client/middleware-user-agent/check-features.js`]: ['checkFeatures'],
};

/** Modules of which nothing is called. Each exports one class. Node.js has these checksums built in. */
const UNUSED_MODULES = ['md5/Md5Js', 'crc32/Crc32Js', 'sha256/Sha256Js'];

/** Leaves out what nothing calls, and what has nothing to do. */
export const leftOut: readonly StandIn[] = [
  ...Object.entries(UNUSED).map(([file, names]) => ({
    files: [file],
    replace: (original: string) => names.reduce((code, name) => leaveOut(code, name), original),
  })),
  ...Object.entries(IDLE).map(([file, names]) => ({
    files: [file],
    replace: (original: string) => names.reduce((code, name) => leaveOut(code, name, true), original),
  })),
  ...UNUSED_MODULES.map((path) => ({
    files: [`${SMITHY}/checksum/${path}.js`],
    replace: () => `export ${refusing(path.replace(/.*\//, ''))}`,
  })),
];

function refusing(name: string): string {
  return `function ${name}() { throw new Error('${name} is left out'); }`;
}

/**
 * Returns code without a class, a function or the methods of this name. A class or function throws if it is called. The layout is
 * expected that the compiler of TypeScript writes: a block ends at the first brace with the indentation of its beginning.
 *
 * @param isIdle whether it stays, and does nothing
 * @throws Error if the code has nothing of this name
 */
export function leaveOut(code: string, name: string, isIdle = false): string {
  const block = String.raw`.*\{\n[^]*?\n\}`;
  const declared = new RegExp(
    String.raw`^(export )?(?:class ${name}\b${block}|(?:async )?function ${name}\(${block}|const ${name} = (?:${block};|.*;))$`,
    'm',
  );
  const methods = new RegExp(String.raw`^ {4}(?:async )?${name}\(.*\{\n[^]*?\n {4}\},?\n`, 'gm');
  const without = code
    .replace(
      declared,
      (_, exported = '') => `${exported}${isIdle ? `function ${name}() {}` : refusing(name)}`,
    )
    .replace(methods, isIdle ? `    ${name}() {}\n` : '');
  if (without === code) throw new Error(`there is no ${name} to leave out`);
  return without;
}
