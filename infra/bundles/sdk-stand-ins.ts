import { fileURLToPath } from 'node:url';
import { cutOut, type StandIn } from './stand-in.ts';

/** The module with the codecs, for an import. */
const CODECS = JSON.stringify(fileURLToPath(new URL('sdk-codecs.js', import.meta.url)));

interface Partition {
  readonly id: string;
  readonly regionRegex: string;
  readonly outputs: { readonly dnsSuffix: string };
}

/** What the bundles have in place of parts of the AWS SDK that all its clients use. */
export const sdkStandIns: readonly StandIn[] = [
  ...[
    '@smithy/core/dist-es/submodules/protocols/json/codec-v2/JsonShapeDeserializer2',
    '@smithy/core/dist-es/submodules/protocols/json/codec-v2/JsonShapeSerializer2',
    '@aws-sdk/core/dist-es/submodules/protocols/query/QueryShapeSerializer',
    '@aws-sdk/core/dist-es/submodules/protocols/xml/XmlShapeDeserializer',
  ].map(
    (path): StandIn => ({
      // They serve any value of any service: 25 KB with what they need.
      files: [`${path}.js`],
      replace: () => `export { ${path.replace(/.*\//, '')} } from ${CODECS};`,
    }),
  ),
  {
    // It gathers settings for the rules of endpoints, which follow from the region here.
    files: [
      '@smithy/core/dist-es/submodules/endpoints/middleware-endpoint/adaptors/getEndpointFromInstructions.js',
    ],
    replace: () => `
export const resolveParams = undefined;
export const bindGetEndpointFromInstructions = () => async (input, instructions, config) => {
  const custom = config.isCustomEndpoint ? await config.endpoint() : undefined;
  const Endpoint = custom
    ? \`\${custom.protocol}//\${custom.hostname}\${custom.port ? \`:\${custom.port}\` : ''}\${custom.path}\`
    : await config.serviceConfiguredEndpoint();
  return config.endpointProvider({ Endpoint, Region: await config.region() });
};
`,
  },
  {
    // Another way to sign, which an endpoint asks for. Ours ask for none.
    files: ['@smithy/core/dist-es/submodules/endpoints/middleware-endpoint/endpointMiddleware.js'],
    replace: (original) => cutOut(original, /^ {12}context\.authSchemes = .*?\n {12}\}\n/ms, ''),
  },
  {
    // A region of Lambda is neither an alias nor a region of FIPS.
    files: ['@smithy/core/dist-es/submodules/config/config-resolver/regionConfig/resolveRegionConfig.js'],
    replace: () => `
import { normalizeProvider } from '@smithy/core/client';
export const resolveRegionConfig = (config) => Object.assign(config, { region: normalizeProvider(config.region) });
`,
  },
  {
    // Endpoints of accounts are disabled.
    files: ['@aws-sdk/core/dist-es/submodules/account-id-endpoint/AccountIdEndpointModeConfigResolver.js'],
    replace: () => 'export const resolveAccountIdEndpointModeConfig = (config) => config;',
  },
  {
    // Clocks are always corrected. The setting is read from the environment and files.
    files: ['@aws-sdk/core/dist-es/submodules/httpAuthSchemes/aws_sdk/clock-skew-defaults.js'],
    replace: () => 'export const DEFAULT_DISABLE_CLOCK_SKEW_CORRECTION = async () => false;',
  },
  {
    // A setting of former clients, which said how a region signs.
    files: ['@aws-sdk/core/dist-es/submodules/httpAuthSchemes/aws_sdk/resolveAwsSdkSigV4Config.js'],
    replace: (original) => cutOut(original, /else if \(config\.regionInfoProvider\) \{.*?\n {4}\}\n/s, ''),
  },
  {
    // Each partition has an expression that matches its regions, so their names are not needed. Of the rest, only the suffix is read.
    files: ['@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js'],
    replace: (original) => {
      const { partitions }: { partitions: readonly Partition[] } = JSON.parse(
        original.replace('export const partitionsInfo =', '').replace(/;\s*$/, ''),
      );
      const shortened = partitions.map(({ id, regionRegex, outputs: { dnsSuffix } }) => ({
        id,
        regionRegex,
        regions: {},
        outputs: { dnsSuffix },
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
    files: ['@aws-sdk/middleware-endpoint-discovery/dist-es/resolveEndpointDiscoveryConfig.js'],
    replace: () => 'export const resolveEndpointDiscoveryConfig = (config) => config;',
  },
  {
    // It identifies browsers, for a user agent that Node.js does not send.
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
    // Nothing removes steps by their tags.
    files: ['@smithy/core/dist-es/submodules/client/middleware-stack/MiddlewareStack.js'],
    replace: (original) => cutOut(original, /^ {8}removeByTag: .*?\n {8}\},\n/ms, ''),
  },
  {
    // It makes another client if it is given one of another version.
    files: ['@aws-sdk/lib-dynamodb/dist-es/DynamoDBDocumentClient.js'],
    replace: (original) => cutOut(original, /^ {8}const middlewares = .*?\n {8}\}\n(?= {4}\})/ms, ''),
  },
  {
    // The name of the application. Ours have none.
    files: ['@aws-sdk/core/dist-es/submodules/client/middleware-user-agent/configurations.js'],
    replace: () => `
export const DEFAULT_UA_APP_ID = undefined;
export const resolveUserAgentConfig = (config) => config;
`,
  },
  {
    // Their logger prints nothing, but would be called each time.
    files: ['@aws-sdk/core/dist-es/submodules/client/middleware-logger/loggerMiddleware.js'],
    replace: () => `
export const loggerMiddleware = undefined;
export const loggerMiddlewareOptions = undefined;
export const getLoggerPlugin = () => ({ applyToStack() {} });
`,
  },
];

function failingFunctions(names: readonly string[], message: string): string {
  return names.map((name) => `export const ${name} = () => { throw new Error('${message}'); };`).join('\n');
}
