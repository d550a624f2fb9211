import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readErrorNames, shortenErrors, shortenSchemas } from './sdk-schemas.ts';
import { PACKAGES, type StandIn } from './stand-in.ts';

/** The clients of the functions, each with the first part of its host name and the operations that are called. */
export const CLIENTS = {
  'client-dynamodb': {
    host: 'dynamodb',
    operations: ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
  },
  'client-secrets-manager': { host: 'secretsmanager', operations: ['GetSecretValue'] },
  'client-ses': { host: 'email', operations: ['GetSendQuota', 'SendRawEmail'] },
  'client-sqs': { host: 'sqs', operations: ['SendMessageBatch'] },
} as const;

const clientNames = Object.keys(CLIENTS) as readonly (keyof typeof CLIENTS)[];

interface Partition {
  readonly id: string;
  readonly regionRegex: string;
  readonly outputs: { readonly dnsSuffix: string };
}

/**
 * What the bundles have in the place of parts of the AWS SDK. Lambda configures a function by its environment, so the clients need no
 * configuration files, profiles, instance metadata or choice among ten kinds of credentials. Their hosts follow from the region.
 */
export const sdkStandIns: readonly StandIn[] = [
  {
    // The client reads only its version.
    files: inEachClient('package.json'),
    replace: (original) => {
      const { name, version } = JSON.parse(original);
      return JSON.stringify({ name, version });
    },
  },
  {
    files: inEachClient('dist-es/runtimeConfig.js'),
    replace: () => `
import { createDefaultUserAgentProvider } from '@aws-sdk/core/client';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { NodeHttpHandler, streamCollector } from '@smithy/node-http-handler';
import { version } from '../package.json';
import { getRuntimeConfig as getSharedRuntimeConfig } from './runtimeConfig.shared';

const never = async () => false;

export const getRuntimeConfig = (config) => {
  const shared = getSharedRuntimeConfig(config);
  return {
    region: process.env.AWS_REGION,
    credentialDefaultProvider: fromEnv,
    retryMode: 'standard',
    ...shared,
    ...config,
    runtime: 'node',
    defaultsMode: async () => 'legacy',
    accountIdEndpointMode: async () => 'disabled',
    authSchemePreference: async () => [],
    // That of the SDK loads the streams of node:fs, to know the length of a file.
    bodyLengthChecker: (body) => (body ? Buffer.byteLength(body) : 0),
    defaultUserAgentProvider: createDefaultUserAgentProvider({ serviceId: shared.serviceId, clientVersion: version }),
    endpointDiscoveryEnabledProvider: never,
    requestHandler: NodeHttpHandler.create(config.requestHandler),
    streamCollector,
    useDualstackEndpoint: never,
    useFipsEndpoint: never,
    userAgentAppId: async () => undefined,
  };
};
`,
  },
  ...clientNames.map(
    (name): StandIn => ({
      // The rules cover FIPS, IPv6, accounts and ARNs, and are run by an interpreter.
      files: [`@aws-sdk/${name}/dist-es/endpoint/endpointResolver.js`],
      replace: () => `
import { partition } from '@aws-sdk/core/client';

export const defaultEndpointResolver = ({ Endpoint, Region }) => ({
  url: new URL(Endpoint ?? \`https://${CLIENTS[name].host}.\${Region}.\${partition(Region).dnsSuffix}\`),
});
`,
    }),
  ),
  {
    // Each partition has an expression that matches its regions, so their names are not needed. Of the rest, only the suffix is read.
    files: ['@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js'],
    replace: (original) => {
      const { partitions }: { partitions: readonly Partition[] } = JSON.parse(
        original.replace('export const partitionsInfo =', '').replace(/;\s*$/, ''),
      );
      const shortened = partitions.map(({ id, regionRegex, outputs: { dnsSuffix } }) => ({
        ...{ id, regionRegex, regions: {}, outputs: { dnsSuffix } },
      }));
      return `export const partitionsInfo = ${JSON.stringify({ partitions: shortened })};`;
    },
  },
  {
    // Only the rules of endpoints call them.
    files: ['@aws-sdk/core/dist-es/submodules/client/util-endpoints/aws.js'],
    replace: () => 'export const awsEndpointFunctions = {};',
  },
  {
    // The deploy test names its emulator in these variables.
    files: [
      '@smithy/core/dist-es/submodules/endpoints/middleware-endpoint/adaptors/getEndpointFromConfig.js',
    ],
    replace: () => `
export const getEndpointFromConfig = async (serviceId) => {
  const suffix = serviceId.replaceAll(' ', '_').toUpperCase();
  return process.env[\`AWS_ENDPOINT_URL_\${suffix}\`] ?? process.env.AWS_ENDPOINT_URL;
};
`,
  },
  {
    // One setting is read at each start, and its reader loads node:fs/promises.
    files: ['@smithy/core/dist-es/submodules/config/node-config-provider/fromSharedConfigFiles.js'],
    replace: () => `
import { CredentialsProviderError } from '../property-provider/CredentialsProviderError';

export const fromSharedConfigFiles = () => async () => {
  throw new CredentialsProviderError('a function has no configuration files');
};
`,
  },
  {
    files: inEachClient('dist-es/models/errors.js'),
    replace: shortenErrors,
  },
  ...clientNames.map(
    (name): StandIn => ({
      files: [`@aws-sdk/${name}/dist-es/schemas/schemas_0.js`],
      replace: (original) => {
        const { operations } = CLIENTS[name];
        return shortenSchemas(original, { operations, errors: findErrorNames(name) });
      },
    }),
  ),
  {
    // The client of DynamoDB only hands it to its discovery of endpoints.
    files: ['@aws-sdk/client-dynamodb/dist-es/commands/DescribeEndpointsCommand.js'],
    replace: () => 'export const DescribeEndpointsCommand = undefined;',
  },
  {
    files: ['@aws-sdk/middleware-endpoint-discovery/dist-es/resolveEndpointDiscoveryConfig.js'],
    replace: () => 'export const resolveEndpointDiscoveryConfig = (config) => config;',
  },
  {
    // It tells browsers apart, for a user agent that Node.js does not send.
    files: [
      '@aws-sdk/core/dist-es/submodules/client/util-user-agent-browser/createUserAgentStringParsingProvider.js',
    ],
    replace: () => 'export const createUserAgentStringParsingProvider = undefined;',
  },
  {
    // Lambda keeps the trace of a request itself. The package has two more stores, for programs elsewhere.
    files: ['@aws/lambda-invoke-store/dist-es/invoke-store.js'],
    replace: () => `
export const InvokeStore = { getInstanceAsync: async () => globalThis.awslambda?.InvokeStore };
`,
  },
  {
    // A call makes a paginator, so the bundler would keep the command. No function scans a table.
    files: ['@aws-sdk/lib-dynamodb/dist-es/pagination/ScanPaginator.js'],
    replace: () => failingFunctions(['paginateScan'], 'the functions scan no table'),
  },
  {
    // Our services write dates as seconds, and Retry-After as HTTP does. Other forms: 6 KB.
    files: ['@smithy/core/dist-es/submodules/serde/date-utils.js'],
    replace: () => `
${failingFunctions(['dateToUtcString', 'parseRfc3339DateTime', 'parseRfc3339DateTimeWithOffset'], 'the bundles have no such dates')}
export const parseEpochTimestamp = (value) => new Date(Math.round(Number(value) * 1000));
export const parseRfc7231DateTime = (value) => new Date(value);
`,
  },
  {
    // They change a client from outside. Ours have none.
    files: inEachClient('dist-es/runtimeExtensions.js'),
    replace: () => 'export const resolveRuntimeExtensions = (config) => config;',
  },
  {
    // Their logger shows nothing, but it would be told of each call.
    files: ['@aws-sdk/core/dist-es/submodules/client/middleware-logger/loggerMiddleware.js'],
    replace: () => `
export const loggerMiddleware = undefined;
export const loggerMiddlewareOptions = undefined;
export const getLoggerPlugin = () => ({ applyToStack() {} });
`,
  },
  {
    // Numbers that JavaScript cannot hold, and texts with JSON in them. The answers of our services have neither.
    files: ['@smithy/core/dist-es/submodules/protocols/json/needsReviver.js'],
    replace: () => 'export const needsReviver = () => false;',
  },
  {
    files: ['@smithy/core/dist-es/submodules/protocols/json/jsonReviver.js'],
    replace: () => 'export const jsonReviver = undefined;',
  },
  {
    files: ['@smithy/core/dist-es/submodules/serde/lazy-json.js'],
    replace: () => 'export const LazyJsonString = undefined;',
  },
];

/** Returns the names of the errors that the called operations of a service throw. */
export function findErrorNames(client: keyof typeof CLIENTS): ReadonlySet<string> {
  const types = CLIENTS[client].operations.map((name) =>
    readFileSync(join(PACKAGES, '@aws-sdk', client, 'dist-types/commands', `${name}Command.d.ts`), 'utf8'),
  );
  return new Set(types.flatMap(readErrorNames));
}

function inEachClient(path: string): readonly string[] {
  return clientNames.map((name) => `@aws-sdk/${name}/${path}`);
}

function failingFunctions(names: readonly string[], message: string): string {
  return names.map((name) => `export const ${name} = () => { throw new Error('${message}'); };`).join('\n');
}
