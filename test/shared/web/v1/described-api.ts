import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Hono } from 'hono';

interface Operation {
  readonly operationId: string;
  readonly security?: readonly object[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Readonly<Record<string, { readonly schema: object }>>;
  };
  readonly responses: Readonly<Record<string, ResponseObject>>;
}

interface ResponseObject {
  readonly $ref?: string;
  readonly headers?: object;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

/** What of an OpenAPI document is read here. */
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, unknown>>;
}

export interface ApiCall {
  readonly token?: string;
  /** Of the profile, for `If-Match`. */
  readonly etag?: string | null;
  readonly body?: unknown;
}

interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed answer. Its shape is checked against the document. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** An API whose every request and answer is held against its OpenAPI document, by a validator from outside. */
export interface DescribedApi {
  /** For requests that the document cannot describe. */
  readonly app: Hono;
  call(method: string, path: string, call?: ApiCall): Promise<ApiAnswer>;
  /** The operations that were called and ended well, by id. */
  readonly exercised: ReadonlySet<string>;
}

/** @throws Error that names the operation whose request or answer is not as the document has it */
export async function openDescribedApi(app: Hono): Promise<DescribedApi> {
  const document = (await (await app.request('/v1/openapi.json')).json()) as Document;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addFormat('iana-time-zone', true);
  ajv.addSchema({ $id: 'document', ...document });
  const exercised = new Set<string>();

  const check = (what: string, schema: object, value: unknown) => {
    const text = JSON.stringify(schema).replaceAll('"#/components', '"document#/components');
    const validate = ajv.compile(JSON.parse(text));
    if (!validate(value)) throw new Error(`${what} is not as described: ${ajv.errorsText(validate.errors)}`);
  };

  return {
    app,
    exercised,
    async call(method, path, { token, etag, body } = {}) {
      const operation = findOperation(document, method, path);
      const answer = await app.request(path, {
        method,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(etag && { 'if-match': etag }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      const name = `${operation.operationId}, ${answer.status}`;
      const described = findResponse(document, operation, answer.status);
      if (!described) throw new Error(`${name}: the document knows no such answer: ${text}`);

      const [type] = (answer.headers.get('content-type') ?? '').split(';');
      const content = described.content?.[type ?? ''];
      const json = text ? JSON.parse(text) : undefined;
      if (content) check(`the answer of ${name}`, content.schema, json);
      else if (text) throw new Error(`${name}: the document knows no ${type}`);

      for (const header of ['etag', 'retry-after', 'allow', 'www-authenticate']) {
        const isDescribed = Object.keys(described.headers ?? {}).some((one) => one.toLowerCase() === header);
        if (isDescribed !== answer.headers.has(header))
          throw new Error(`${name}: the header ${header} and the document do not agree`);
      }

      if (answer.ok) {
        const asked = operation.requestBody?.content['application/json'];
        if (asked && (operation.requestBody?.required || body !== undefined))
          check(`the request of ${name}`, asked.schema, body);
        if ((operation.security !== undefined) !== (token !== undefined))
          throw new Error(`${name}: a token and the document do not agree`);
        exercised.add(operation.operationId);
      }
      return { status: answer.status, headers: answer.headers, text, json };
    },
  };
}

/** The ids of all operations of a document. */
export function operationIdsOf({ paths }: Pick<Document, 'paths'>): readonly string[] {
  return Object.values(paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
}

function findOperation({ paths }: Document, method: string, path: string): Operation {
  const [pathname = ''] = path.split('?');
  const template = Object.keys(paths).find((one) =>
    new RegExp(`^${one.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(pathname),
  );
  const operation = paths[template ?? '']?.[method.toLowerCase()];
  if (!operation) throw new Error(`the document knows no ${method} ${path}`);
  return operation;
}

function findResponse(document: Document, { responses }: Operation, status: number) {
  const response = responses[status];
  const name = response?.$ref?.split('/').at(-1);
  const shared = document.components.responses as Readonly<Record<string, ResponseObject>>;
  return name === undefined ? response : shared[name];
}
