import type { FC } from 'hono/jsx';
import type { Publication } from '../../mail/publication.ts';
import { SitePage } from '../parts/page.tsx';
import { type Endpoint, findExample, problemsOf } from './endpoint.ts';
import { endpointGroups } from './endpoints.ts';
import { examples } from './examples.ts';
import openApi from './openapi.json' with { type: 'json' };
import { describeProblem, problemKinds } from './problem.ts';
import { SchemaView } from './schema-view.tsx';

const STYLE = `
main ul { margin: .5rem 0; padding-left: 1.1rem; }
li, code { overflow-wrap: anywhere; }
code, pre { font: .875em/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; }
pre { margin: .5rem 0; padding: .75rem 1rem; border-left: 2px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; font-size: .8125rem; }
section { break-inside: avoid-page; }
h3 { margin: 2rem 0 .25rem; font: 700 1.1rem/1.35 var(--serif); }
h4 { margin: 1rem 0 0; font-size: .875rem; }
.group { margin: 1rem 0 0; font-weight: 600; }
`;

/** The reference of the HTTP API for people: every operation, shape and problem of the OpenAPI document. */
export const ReferencePage: FC<{ publication: Publication; openApiPath: string }> = ({
  publication,
  openApiPath,
}) => (
  <SitePage
    publication={publication}
    heading="HTTP API"
    preview={{
      path: '/docs',
      description: `The HTTP API of ${publication.name}: sign up, choose papers, and unsubscribe.`,
    }}
    style={STYLE}
  >
    <p>
      Requests and answers are JSON. Programs can read <a href={openApiPath}>the OpenAPI document</a>.
      Requests about a subscriber need <code>Authorization: Bearer</code> with the token at the end of a
      manage link. Requests that export, erase or renew links need the token of a data link, which you{' '}
      <a href="#requestDataLink">request by mail</a>. To change a profile, send the <code>ETag</code> of the
      last answer as <code>If-Match</code>.
    </p>
    <h2 id="operations">Operations</h2>
    {endpointGroups.map(({ name, endpoints }) => (
      <>
        <p class="group">{name}</p>
        <ul>
          {endpoints.map(({ operationId, method, path, summary }) => (
            <li key={operationId}>
              <a href={`#${operationId}`}>{summary}</a>{' '}
              <code class="faint">
                {method} {path}
              </code>
            </li>
          ))}
        </ul>
      </>
    ))}
    {endpointGroups.map((group) => (
      <>
        <h2>{group.name}</h2>
        <p>{group.description}</p>
        {group.endpoints.map((endpoint) => (
          <Operation key={endpoint.operationId} endpoint={endpoint} origin={publication.publicUrl} />
        ))}
      </>
    ))}
    <h2 id="shapes">Shapes</h2>
    {Object.entries(openApi.components.schemas).map(([name, schema]) => (
      <section key={name} id={`shape-${name}`}>
        <h3>{name}</h3>
        <SchemaView schema={schema} />
        {'examples' in schema && <Json value={schema.examples[0]} />}
      </section>
    ))}
    <h2 id="problems">Problems</h2>
    <p>
      An error has a body of the type <code>application/problem+json</code> (RFC 9457). Its <code>type</code>{' '}
      links to this list. Its <code>errors</code> name each fault in the request by a JSON pointer. With 429,{' '}
      <code>Retry-After</code> gives the seconds to wait. With 405, <code>Allow</code> lists the methods that
      the path accepts.
    </p>
    <dl>
      {problemKinds.map((kind) => (
        <>
          <dt id={kind}>
            {describeProblem(kind).status} <code>{kind}</code>
          </dt>
          <dd>{describeProblem(kind).title}</dd>
        </>
      ))}
    </dl>
  </SitePage>
);

const Operation: FC<{ endpoint: Endpoint; origin: string }> = ({ endpoint, origin }) => {
  const { operationId, method, path, summary, description, body, answer } = endpoint;
  const operation = findOperation(endpoint);
  const answerSchema = schemaOf(operation.responses[answer.status]);
  const example = answer.schema && findExample(answer.schema);
  return (
    <section id={operationId}>
      <h3>{summary}</h3>
      <p>
        <code>
          {method} {path}
        </code>
      </p>
      {description && <p>{description}</p>}
      <pre>{toCurl(endpoint, origin)}</pre>
      {body && (
        <>
          <h4>Body</h4>
          <SchemaView schema={schemaOf(operation.requestBody)} />
        </>
      )}
      <h4>Answer {answer.status}</h4>
      <p>
        {answer.description}
        {answer.hasVersion && (
          <>
            {' '}
            The <code>ETag</code> is the version of the profile.
          </>
        )}
      </p>
      {answer.schema && <SchemaView schema={answerSchema} />}
      {/* A named shape has its example at the end of the page, once. */}
      {example !== undefined && !('$ref' in answerSchema) && <Json value={example} />}
      <p class="faint">
        Problems:{' '}
        {problemsOf(endpoint).map((kind, position) => (
          <>
            {position > 0 && ', '}
            <a href={`#${kind}`}>{kind}</a>
          </>
        ))}
      </p>
    </section>
  );
};

const Json: FC<{ value: unknown }> = ({ value }) => <pre>{JSON.stringify(value, undefined, 2)}</pre>;

/** Returns a `curl` command for an example. The token is in the shell's variable `MANAGE_TOKEN` or `DATA_TOKEN`. */
function toCurl({ method, path, needsToken, tokenOf, needsVersion, body }: Endpoint, origin: string): string {
  const url = new URL(path.replace('{id}', examples.subscription.id), origin).href;
  const words = [
    method === 'GET' ? `curl ${url}` : `curl -X ${method} ${url}`,
    ...(needsToken ? [`-H "Authorization: Bearer $${tokenOf === 'data' ? 'DATA' : 'MANAGE'}_TOKEN"`] : []),
    ...(needsVersion ? [`-H 'If-Match: "7"'`] : []),
    ...(body ? ["-H 'Content-Type: application/json'", `-d '${JSON.stringify(findExample(body))}'`] : []),
  ];
  return words.join(' \\\n  ');
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

interface Operation {
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

/** The document is built from the endpoints, so it has each of them. */
function findOperation({ path, method }: Endpoint): Operation {
  const paths: Readonly<Record<string, Readonly<Record<string, unknown>>>> = openApi.paths;
  return paths[path]?.[method.toLowerCase()] as Operation;
}

function schemaOf(content: Content | undefined): object {
  return content?.content?.['application/json']?.schema ?? {};
}
