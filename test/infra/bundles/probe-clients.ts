import { inspect } from 'node:util';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { GetSendQuotaCommand, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import {
  BatchGetCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  paginateQuery,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { HttpResponse } from '@smithy/core/protocols';
import type { ClientOptions } from '../../../shared/adapters/client-options.ts';
import { createDocumentClient } from '../../../shared/adapters/dynamodb/table.ts';
import { createSecretsClient } from '../../../shared/adapters/secrets/keyring.ts';
import { createSesClient, createSesMailer } from '../../../shared/adapters/ses/mailer.ts';
import { createSqsClient } from '../../../shared/adapters/sqs/queue.ts';

/** A request of a client, as the SDK hands it to the network. */
interface HandledRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

type Handle = (request: HandledRequest) => Promise<{ response: HttpResponse }>;

/** The codes of errors by the name of a service. */
export type Codes = Readonly<Record<string, readonly string[]>>;

/** One call of a service, through a client as the functions make it. */
type Call = (options: ClientOptions, handle: Handle) => Promise<unknown>;

interface Service {
  readonly call: Call;
  /** Answers in XML. The others answer in JSON. */
  readonly isXml?: true;
  /** What it answers to the call. */
  readonly answer: object | string;
}

function withNetwork<Client extends { readonly config: object }>(client: Client, handle: Handle): Client {
  Object.assign(client.config, { requestHandler: { handle } });
  return client;
}

const QueueUrl = 'https://sqs.us-east-1.amazonaws.com/000000000000/digests';

const ACCEPTED =
  '<SendRawEmailResponse><SendRawEmailResult><MessageId>m-1</MessageId></SendRawEmailResult></SendRawEmailResponse>';

/** A value of each type that an item has. */
const VALUES = {
  text: 'é "\\\u2028\ud83d\ude00',
  number: -1.5e3,
  truth: true,
  nothing: null,
  missing: undefined,
  bytes: new Uint8Array([0, 255]),
  names: new Set(['a', 'b']),
  list: [1, 'a', { b: [] }],
  map: { c: 'd' },
};

const TableName = 'papers';
const Key = { pk: 'a', sk: 'b' };

/** Reads and writes items in each way. */
const useTable: Call = async (options, handle) => {
  const documents = withNetwork(createDocumentClient(options), handle);
  const ExpressionAttributeValues = { ':all': VALUES };
  const changed = await documents.send(
    new UpdateCommand({
      TableName,
      Key,
      UpdateExpression: 'SET #all = :all',
      ReturnValues: 'ALL_NEW',
      ExpressionAttributeNames: { '#all': 'all' },
      ExpressionAttributeValues,
    }),
  );
  const written = await documents.send(new PutCommand({ TableName, Item: { ...Key, ...VALUES } }));
  const removed = await documents.send(new DeleteCommand({ TableName, Key, ReturnValues: 'ALL_OLD' }));
  const found = await documents.send(new BatchGetCommand({ RequestItems: { [TableName]: { Keys: [Key] } } }));
  const pages = [];
  const query = { TableName, KeyConditionExpression: 'pk = :all', ExpressionAttributeValues, Limit: 2 };
  for await (const page of paginateQuery({ client: documents }, query)) {
    if (pages.push(page) === 2) break;
  }
  return { changed, written, removed, found, pages };
};

const ITEM = { pk: { S: 'a' }, list: { L: [{ N: '1' }, { M: { n: { NULL: true } } }] } };

const services: Readonly<Record<string, Service>> = {
  dynamodb: {
    call: (options, handle) =>
      withNetwork(createDocumentClient(options), handle).send(
        new GetCommand({ TableName: 'papers', Key: { pk: 'a', sk: 'b' } }),
      ),
    answer: {
      Item: {
        S: { S: 'é' },
        N: { N: '-1.5e3' },
        B: { B: 'AP8=' },
        BOOL: { BOOL: false },
        NULL: { NULL: true },
        SS: { SS: ['a'] },
        NS: { NS: ['1', '2'] },
        L: { L: [{ S: 'a' }] },
        M: { M: { n: { N: '2' } } },
      },
    },
  },
  table: {
    call: useTable,
    answer: {
      Attributes: ITEM,
      Items: [ITEM],
      Count: 1,
      LastEvaluatedKey: ITEM,
      Responses: { papers: [ITEM] },
      ConsumedCapacity: { TableName, CapacityUnits: 0.5 },
      UnprocessedKeys: { papers: { Keys: [ITEM] } },
    },
  },
  sqs: {
    call: (options, handle) =>
      withNetwork(createSqsClient(options), handle).send(
        new SendMessageBatchCommand({
          QueueUrl,
          Entries: [{ Id: '0', MessageBody: '{}', DelaySeconds: 300 }],
        }),
      ),
    answer: {
      Successful: [{ Id: '0', MessageId: 'm', MD5OfMessageBody: '99914b932bd37a50b983c5e7c90ae93b' }],
      Failed: [{ Id: '1', Code: 'InternalError', SenderFault: false, Message: 'later' }],
    },
  },
  secrets: {
    call: (options, handle) =>
      withNetwork(createSecretsClient(options), handle).send(new GetSecretValueCommand({ SecretId: 'keys' })),
    answer: { SecretString: '{}', VersionStages: ['AWSCURRENT'], CreatedDate: 1_767_600_000.125 },
  },
  ses: {
    call: (options, handle) =>
      withNetwork(createSesClient(options), handle).send(
        new SendRawEmailCommand({
          RawMessage: { Data: new Uint8Array([0, 62, 63, 255]) },
          Source: 'Papers & more <papers@example.org>',
          Destinations: ['ada+a@example.net', 'b@example.net'],
          Tags: [{ Name: 'kind', Value: 'a b/c*' }],
          ConfigurationSetName: undefined,
        }),
      ),
    isXml: true,
    answer: ACCEPTED,
  },
  quota: {
    call: (options, handle) =>
      withNetwork(createSesClient(options), handle).send(new GetSendQuotaCommand({})),
    isXml: true,
    answer: `<GetSendQuotaResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><GetSendQuotaResult><SentLast24Hours>127.0</SentLast24Hours>
      <Max24HourSend>200.0</Max24HourSend><MaxSendRate>1.5</MaxSendRate></GetSendQuotaResult></GetSendQuotaResponse>`,
  },
  // Mails take a short way through the client of SES.
  mails: {
    call: (options, handle) =>
      createSesMailer(withNetwork(createSesClient(options), handle), 'digests').send({
        from: 'papers@example.org',
        to: 'ada@example.net',
        tags: {},
        raw: 'Subject: Papers',
      }),
    isXml: true,
    answer: ACCEPTED,
  },
};

function toErrorAnswer(code: string, statusCode: number, isXml = false): HttpResponse {
  const body = isXml
    ? `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><!-- why --><Message>too <![CDATA[<bad>]]> &lt;a@b.example&gt; &#233; &amp;</Message></Error></ErrorResponse>`
    : { __type: `com.amazonaws#${code}`, message: 'too bad', Item: { pk: { S: 'a' } } };
  return toAnswer(statusCode, body, isXml ? {} : { 'x-amzn-query-error': `${code};Sender` });
}

/** Returns an answer in XML, or in JSON for an object. */
function toAnswer(statusCode: number, content: object | string, headers = {}): HttpResponse {
  const isXml = typeof content === 'string';
  return new HttpResponse({
    statusCode,
    headers: { 'content-type': isXml ? 'text/xml' : 'application/x-amz-json-1.0', ...headers },
    body: new TextEncoder().encode(isXml ? content : JSON.stringify(content)),
  });
}

/** Returns what code can see of an error. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, cause, stack, ...fields } = {
    ...error,
    ...error,
    name: error.name,
    message: error.message,
    cause: error.cause,
    stack: 0,
  };
  return { name, message, fields, ...(cause !== undefined && { cause: describeError(cause) }) };
}

/** Answers that are not what a service says they are, such as those of a proxy. */
const BROKEN = [
  '',
  ' ',
  '<',
  '{',
  '[]',
  '""',
  'null',
  '<html><body>Bad gateway</body></html>',
  'Bad gateway',
  '<a><b></a>',
];

async function probeBroken({ call }: Service, text: string, status: number): Promise<string> {
  const outcome = await call({ region: 'eu-west-1' }, async () => ({
    response: toAnswer(status, text),
  })).catch(describeError);
  return `${status} ${text}: ${inspect(outcome, { depth: 9 })}`;
}

async function probeError(service: Service, code: string, status: number) {
  let attempts = 0;
  const outcome = await service
    .call({ region: 'eu-west-1' }, async () => {
      attempts += 1;
      return { response: toErrorAnswer(code, status, service.isXml) };
    })
    .catch(describeError);
  return { code, status, outcome, attempts };
}

/** Returns what a call sends, and what it makes of a good answer, as text. */
async function probeAnswer({ call, answer }: Service): Promise<readonly string[]> {
  const sent: string[] = [];
  const outcome = await call({ region: 'eu-west-1' }, async ({ headers, body }) => {
    const text = Buffer.from(body).toString();
    const content = text.startsWith('{') ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
    sent.push(`${headers['x-amz-target']} ${inspect(content, { depth: 9, sorted: true })}`);
    return { response: toAnswer(200, answer) };
  });
  return [...sent, inspect(outcome, { depth: 9 })];
}

/** Returns the request of a call, without what differs each time. */
async function probeRequest(service: Service, options: ClientOptions) {
  const seen: object[] = [];
  await service
    .call(options, async ({ protocol, hostname, port, path, headers }) => {
      const { authorization = '', 'user-agent': agent = '', ...others } = headers;
      seen.push({
        url: `${protocol}//${hostname}:${port}${path}`,
        scope: authorization.replaceAll(/\d{8}|Signature=.*/g, ''),
        agent: agent.replace(/ m\/.*/, ''),
        headers: Object.keys(others).sort(),
        target: headers['x-amz-target'],
        type: headers['content-type'],
        trace: headers['X-Amzn-Trace-Id'],
      });
      return { response: toErrorAnswer('AccessDeniedException', 400, service.isXml) };
    })
    .catch(() => undefined);
  return seen;
}

/**
 * Returns the requests that the clients send to regions, or to the one of the environment. Then what they read in a good answer, and the
 * errors of each code. No request leaves the process.
 */
export async function probeClients(regions: readonly (string | undefined)[], codes: Codes) {
  const probes = Object.entries(services).map(async ([name, service]) => ({
    name,
    requests: await Promise.all(
      regions.map((region) => probeRequest(service, region === undefined ? {} : { region })),
    ),
    answer: await probeAnswer(service),
    broken: await Promise.all(
      BROKEN.flatMap((text) => [200, 400, 503].map((status) => probeBroken(service, text, status))),
    ),
    errors: await Promise.all(
      (codes[name] ?? []).flatMap((code) => [400, 500].map((status) => probeError(service, code, status))),
    ),
  }));
  return Promise.all(probes);
}
