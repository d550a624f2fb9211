import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readErrorNames, SHARED, shortenErrors, shortenSchemas } from './sdk-schemas.ts';
import { cutOut, PACKAGES, type StandIn } from './stand-in.ts';

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

/** The commands whose items are objects. */
const DOCUMENT_COMMANDS = ['BatchGet', 'Delete', 'Get', 'Put', 'Query', 'Update'];

/** What the bundles have in place of parts of each client. The clients share what does not differ from service to service. */
export const clientStandIns: readonly StandIn[] = [
  {
    // The client reads only its version.
    files: inEachClient('package.json'),
    replace: (original) => {
      const { name, version } = JSON.parse(original);
      return JSON.stringify({ name, version });
    },
  },
  {
    // Lambda configures a function by its environment. So no client reads files, profiles or instance metadata.
    files: inEachClient('dist-es/runtimeConfig.js'),
    replace: () => `
import { createConfig } from ${SHARED};
import { version } from '../package.json';
import { getRuntimeConfig as getServiceConfig } from './runtimeConfig.shared';

export const getRuntimeConfig = (config) => createConfig(getServiceConfig(), version, config);
`,
  },
  {
    files: inEachClient('dist-es/runtimeConfig.shared.js'),
    replace: keepServiceConfig,
  },
  {
    files: inEachClient('dist-es/auth/httpAuthSchemeProvider.js'),
    replace: shortenAuth,
  },
  {
    // Which settings the rules of endpoints read.
    files: inEachClient('dist-es/endpoint/EndpointParameters.js'),
    replace: (original) =>
      cutOut(original, /export const commonParams = \{.*\n\};/s, 'export const commonParams = {};'),
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
    // They change a client from outside. Ours have none.
    files: inEachClient('dist-es/runtimeExtensions.js'),
    replace: () => 'export const resolveRuntimeExtensions = (config) => config;',
  },
  {
    files: DOCUMENT_COMMANDS.map((name) => `@aws-sdk/lib-dynamodb/dist-es/commands/${name}Command.js`),
    replace: shortenDocumentCommand,
  },
];

/** Returns the names of the errors that the called operations of a service throw. */
export function findErrorNames(client: keyof typeof CLIENTS): ReadonlySet<string> {
  const types = CLIENTS[client].operations.map((name) =>
    readFileSync(join(PACKAGES, '@aws-sdk', client, 'dist-types/commands', `${name}Command.d.ts`), 'utf8'),
  );
  return new Set(types.flatMap(readErrorNames));
}

/** Returns the configuration of a service without what all services share. */
function keepServiceConfig(original: string): string {
  const shared = [
    ...['base64Decoder', 'base64Encoder', 'disableHostPrefix', 'extensions', 'logger', 'sha256', 'urlParser'],
    ...['utf8Decoder', 'utf8Encoder'],
  ];
  const without = shared.reduce(
    (text, name) => cutOut(text, new RegExp(String.raw`^ {8}${name}: .*\n`, 'm'), ''),
    original,
  );
  return cutOut(without, /^ {8}httpAuthSchemes: .*?\n {8}\],\n/ms, '').replaceAll(/config\?\.\w+ \?\? /g, '');
}

/** Signs the requests of a service as those of any service are signed. */
function shortenAuth(original: string): string {
  const [, service] = /export const default(\w+)HttpAuthSchemeParametersProvider/.exec(original) ?? [];
  const [, name] = /^ {12}name: ("\w+"),$/m.exec(original) ?? [];
  if (!service || !name || original.includes('sigv4a') || original.includes('noAuth'))
    throw new Error('the signatures of a client have another form than expected');
  return `
import { createAuthOptions, resolveAuthConfig, toAuthParameters } from ${SHARED};

export const default${service}HttpAuthSchemeParametersProvider = toAuthParameters;
export const default${service}HttpAuthSchemeProvider = createAuthOptions(${name});
export const resolveHttpAuthSchemeConfig = resolveAuthConfig;
`;
}

function inEachClient(path: string): readonly string[] {
  return clientNames.map((name) => `@aws-sdk/${name}/${path}`);
}

/** Writes a command as a call of one function. The commands differ in what they wrap, and where items are in it. */
function shortenDocumentCommand(original: string): string {
  const [, imports = ''] = /^(import \{ \w+ as __\w+ \} from .*)$/m.exec(original) ?? [];
  const [, wrapped] = /new (__\w+)\(/.exec(original) ?? [];
  const [, name] = /export class (\w+) /.exec(original) ?? [];
  const [, input] = /^ {4}inputKeyNodes = (\{.*?\n {4}\});$/ms.exec(original) ?? [];
  const [, output] = /^ {4}outputKeyNodes = (\{.*?\n {4}\});$/ms.exec(original) ?? [];
  if (!wrapped || !name || !input || !output)
    throw new Error('a command of items has another form than expected');
  return `
import { createDocumentCommand } from ${SHARED};
import { ALL_MEMBERS, ALL_VALUES, SELF } from './utils';
${imports}

export const ${name} = /* @__PURE__ */ createDocumentCommand(${wrapped}, ${input}, ${output});
`;
}
