// What the bundled clients of the SDK share. Each client has a copy of its own in its package.

import { createDefaultUserAgentProvider } from '@aws-sdk/core/client';
import { AwsSdkSigV4Signer, resolveAwsSdkSigV4Config } from '@aws-sdk/core/httpAuthSchemes';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { DynamoDBDocumentClientCommand } from '@aws-sdk/lib-dynamodb/dist-es/baseCommand/DynamoDBDocumentClientCommand.js';
import { Sha256 } from '@smithy/core/checksum';
import { NoOpLogger, normalizeProvider } from '@smithy/core/client';
import { parseUrl } from '@smithy/core/protocols';
import { fromBase64, fromUtf8, toBase64, toUtf8 } from '@smithy/core/serde';

const SCHEME = 'aws.auth#sigv4';

const never = async () => false;

/**
 * Returns the configuration of a client. Lambda configures a function by its environment.
 *
 * @param service what differs from service to service
 */
export function createConfig(service, version, config) {
  return {
    region: process.env.AWS_REGION,
    credentialDefaultProvider: fromEnv,
    retryMode: 'standard',
    base64Decoder: fromBase64,
    base64Encoder: toBase64,
    disableHostPrefix: false,
    extensions: [],
    httpAuthSchemes: [
      {
        schemeId: SCHEME,
        identityProvider: (config) => config.getIdentityProvider(SCHEME),
        signer: new AwsSdkSigV4Signer(),
      },
    ],
    logger: new NoOpLogger(),
    sha256: Sha256,
    urlParser: parseUrl,
    utf8Decoder: fromUtf8,
    utf8Encoder: toUtf8,
    ...service,
    ...config,
    runtime: 'node',
    authSchemePreference: async () => [],
    // That of the SDK loads the streams of node:fs, to know the length of a file.
    bodyLengthChecker: (body) => (body ? Buffer.byteLength(body) : 0),
    defaultUserAgentProvider: createDefaultUserAgentProvider({
      serviceId: service.serviceId,
      clientVersion: version,
    }),
    endpointDiscoveryEnabledProvider: never,
    useDualstackEndpoint: never,
    useFipsEndpoint: never,
    userAgentAppId: async () => undefined,
  };
}

/** Returns what the signature of a request depends on. */
export async function toAuthParameters(config) {
  return { region: await config.region() };
}

/** Returns a function that returns how a request of a service is signed. */
export function createAuthOptions(name) {
  return ({ region }) => [
    {
      schemeId: SCHEME,
      signingProperties: { name, region },
      propertiesExtractor: (config, context) => ({ signingProperties: { config, context } }),
    },
  ];
}

export function resolveAuthConfig(config) {
  const resolved = resolveAwsSdkSigV4Config(config);
  return Object.assign(resolved, { authSchemePreference: normalizeProvider(config.authSchemePreference) });
}

/** Returns a command whose items are objects, from one with the types of DynamoDB. */
export function createDocumentCommand(Command, inputKeyNodes, outputKeyNodes) {
  return class extends DynamoDBDocumentClientCommand {
    inputKeyNodes = inputKeyNodes;
    outputKeyNodes = outputKeyNodes;

    constructor(input) {
      super();
      this.input = input;
      this.clientCommand = new Command(input);
      this.middlewareStack = this.clientCommand.middlewareStack;
    }

    resolveMiddleware(clientStack, configuration, options) {
      this.addMarshallingMiddleware(configuration);
      const stack = clientStack.concat(this.middlewareStack);
      const handler = this.clientCommand.resolveMiddleware(stack, configuration, options);
      return async () => handler(this.clientCommand);
    }
  };
}

/**
 * Returns a function that returns the class of an error, which is the same each time. The classes differ in their names, and whose fault
 * they are.
 */
export function createErrorClasses(Base, retryable) {
  const classes = new Map();
  return (namespace, name, fault) => {
    const shapeId = `${namespace}#${name}`;
    const known = classes.get(shapeId);
    if (known) return known;
    const Class = class extends Base {
      static shapeId = shapeId;
      name = name;
      $fault = fault;

      constructor(options) {
        super({ name, $fault: fault, ...options });
        if (retryable.includes(name)) this.$retryable = {};
        Object.setPrototypeOf(this, new.target.prototype);
      }
    };
    classes.set(shapeId, Class);
    return Class;
  };
}
