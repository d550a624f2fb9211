import {
  SendRawEmail$,
  SendRawEmailCommand,
  type SendRawEmailCommandInput,
  type SendRawEmailCommandOutput,
} from '@aws-sdk/client-ses';
import { userAgentMiddleware } from '@aws-sdk/core/client';
import type { AwsQueryProtocol } from '@aws-sdk/core/protocols';
import { getEndpointFromInstructions } from '@smithy/core/endpoints';
import {
  collectBody,
  extendedEncodeURIComponent,
  HttpRequest,
  type HttpResponse,
} from '@smithy/core/protocols';
import { operation } from '@smithy/core/schema';
import { MAX_CONNECTIONS } from '../connections.ts';
import { createFormSigner, FORM_TYPE } from './sign-form.ts';

type Resolve = SendRawEmailCommand['resolveMiddleware'];
type Config = Parameters<Resolve>[1];

/** A mail as `SendRawEmail` takes it, but its message is the value of a form. The SDK takes bytes, and encodes each mail. */
type MailInput = Omit<SendRawEmailCommandInput, 'RawMessage'> & {
  readonly RawMessage: { /** In base64, escaped. */ readonly Data: string };
};

/** The steps of the SDK that a mail does without. Nothing else retries, so that no mail goes out twice. */
export const REPLACED_STEPS = [
  ...['loggerMiddleware', 'recursionDetectionMiddleware', 'httpAuthSchemeMiddleware', 'serializerMiddleware'],
  ...['contentLengthMiddleware', 'getUserAgentMiddleware', 'hostHeaderMiddleware'],
  ...['retryMiddleware', 'httpSigningMiddleware', 'deserializerMiddleware'],
];

/**
 * `SendRawEmail` by a short way through the client. The steps of the SDK serve any request of any service. They copy all settings four
 * times, and look for the endpoint and the user agent again. That takes several times as long as to hash a mail.
 *
 * The client keeps its settings, its credentials, its connections, and the steps that others added. The SDK reads each answer that is not
 * the usual one.
 */
export class SendMailCommand extends SendRawEmailCommand {
  constructor(input: MailInput) {
    super(input as unknown as SendRawEmailCommandInput);
  }

  override resolveMiddleware(...[clientStack, config, options]: Parameters<Resolve>): ReturnType<Resolve> {
    const stack = clientStack.clone();
    for (const name of REPLACED_STEPS) stack.remove(name);
    const bodies = createBodies();
    const toRequest = createRequestWriter(config, bodies);
    stack.add(
      (next) => async (args) =>
        next({ ...args, request: await toRequest(args.input as unknown as MailInput) }),
      { step: 'serialize', name: 'writeRequest' },
    );
    const sign = createFormSigner({ ...config, service: 'ses' });
    return stack.resolve(
      async (args) => {
        const request = args.request as HttpRequest;
        const sentAt = new Date(Date.now() + config.systemClockOffset);
        const signature = await sign({ host: request.headers.host ?? '', body: request.body, sentAt });
        Object.assign(request.headers, signature);
        const { response } = await config.requestHandler.handle(request, options);
        const output = await readAnswer(response, config);
        // SES accepts a mail only after it has read all of the request.
        if (output.MessageId !== undefined) bodies.giveBack(request.body);
        return { response, output };
      },
      { clientName: 'SESClient', commandName: 'SendRawEmailCommand' },
    );
  }
}

/** Returns a function that writes a mail as a request. It finds once what all requests of a client share. */
function createRequestWriter(config: Config, bodies: Bodies): (input: MailInput) => Promise<HttpRequest> {
  let shared: Pick<HttpRequest, 'protocol' | 'hostname' | 'port' | 'path' | 'headers'> | undefined;
  return async (input) => {
    shared ??= await prepareRequest(config);
    const body = toForm(input, bodies);
    return new HttpRequest({
      ...shared,
      method: 'POST',
      headers: { ...shared.headers, 'content-length': String(body.byteLength) },
      body,
    });
  };
}

async function prepareRequest(config: Config) {
  // A copy, because the SDK keeps an endpoint that it finds in the environment in what it is given.
  const { url } = await getEndpointFromInstructions({}, SendRawEmailCommand, { ...config });
  const request = new HttpRequest({
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    path: url.pathname,
    headers: { host: url.host, 'content-type': FORM_TYPE },
  });
  const addUserAgent = userAgentMiddleware(config);
  await addUserAgent(
    async () => ({ response: undefined, output: { $metadata: {} } }),
    {},
  )({ input: {}, request });
  return request;
}

/** The memory of the bodies of requests. */
interface Bodies {
  /** Returns memory of this size. No other mail has it until it is given back. */
  take(size: number): Buffer;
  /** Gives memory back. It must no longer be read. */
  giveBack(body: Uint8Array): void;
}

/** The least size of a new body, so that most other mails fit in. A usual digest takes 46,000 bytes. */
const MIN_BODY_BYTES = 64_000;

/**
 * Creates bodies that are used again. At most as many are kept as there are connections. The more bodies wait for an answer, the more often
 * V8 collects garbage. With the heap of `send-digests` and a new body for each mail, a digest takes a fifth more CPU.
 */
function createBodies(): Bodies {
  const spare: Buffer[] = [];
  return {
    take(size) {
      const known = spare.pop();
      const body =
        known && known.byteLength >= size ? known : Buffer.allocUnsafeSlow(Math.max(size, MIN_BODY_BYTES));
      return body.subarray(0, size);
    },
    giveBack({ buffer }) {
      if (spare.length < MAX_CONNECTIONS) spare.push(Buffer.from(buffer as ArrayBuffer));
    },
  };
}

/** Writes a mail as a form, in the manner of the query protocol. */
function toForm(
  { Source, Destinations = [], RawMessage, ConfigurationSetName, Tags = [] }: MailInput,
  bodies: Bodies,
): Buffer {
  const fields = [
    ['Source', Source],
    ...Destinations.map((address, at) => [`Destinations.member.${at + 1}`, address]),
    ['ConfigurationSetName', ConfigurationSetName],
    ...Tags.flatMap(({ Name, Value }, at) => [
      [`Tags.member.${at + 1}.Name`, Name],
      [`Tags.member.${at + 1}.Value`, Value],
    ]),
  ];
  let form = 'Action=SendRawEmail&Version=2010-12-01';
  for (const [name, value] of fields)
    if (value !== undefined) form += `&${name}=${extendedEncodeURIComponent(value)}`;
  // One new text, because V8 joins it in the young heap. It would join a mail that waited for its turn in the old one. See ADR 62.
  form += `&RawMessage.Data=${RawMessage.Data}`;
  // `Buffer.from` takes twice as long for a long text.
  const body = bodies.take(form.length);
  body.write(form, 'latin1');
  return body;
}

const OPERATION = operation(...(SendRawEmail$.slice(1) as Parameters<typeof operation>));

/** The answer to an accepted mail. Every other one is read by the SDK. */
const ACCEPTED = /<SendRawEmailResult>\s*<MessageId>([\w-]+)<\/MessageId>/;

async function readAnswer(response: HttpResponse, config: Config) {
  const body = await collectBody(response.body, config);
  const [, MessageId] =
    (response.statusCode === 200 && ACCEPTED.exec(Buffer.from(body).toString('latin1'))) || [];
  if (MessageId !== undefined) return { MessageId, $metadata: { httpStatusCode: response.statusCode } };
  try {
    const protocol = config.protocol as AwsQueryProtocol;
    return await protocol.deserializeResponse<SendRawEmailCommandOutput>(OPERATION, config, {
      ...response,
      body,
    });
  } catch (error) {
    // An answer that is not XML has no status yet.
    if (error instanceof Error && !('$metadata' in error))
      Object.assign(error, { $metadata: { httpStatusCode: response.statusCode } });
    throw error;
  }
}
