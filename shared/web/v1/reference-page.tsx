import type { FC } from 'hono/jsx';
import type { Publication } from '../../mail/publication.ts';
import { SitePage } from '../pages/site-page.tsx';
import { type Endpoint, problemsOf } from './endpoint.ts';
import { endpoints } from './endpoints.ts';
import openApi from './openapi.json' with { type: 'json' };
import { describeProblem, problemKinds } from './problem.ts';
import { SchemaView } from './schema-view.tsx';

const STYLE = `
main ul { margin: .5rem 0; padding-left: 1.1rem; }
li, code { overflow-wrap: anywhere; }
h3 { margin: 2rem 0 .25rem; font: 700 1.1rem/1.35 var(--serif); }
h4 { margin: 1rem 0 0; font-size: 1rem; }
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
      description: `The HTTP API of ${publication.name}: sign up, choose what digests bring, and leave.`,
    }}
    style={STYLE}
  >
    <p>
      JSON in, JSON out; <a href={openApiPath}>the OpenAPI document</a> says the same to programs. What is a
      subscriber’s own asks for <code>Authorization: Bearer</code> with the token at the end of a manage link.
      A change of the profile asks for its version: send the <code>ETag</code> of the last answer as{' '}
      <code>If-Match</code>.
    </p>
    <h2 id="operations">Operations</h2>
    <ul>
      {endpoints.map(({ operationId, method, path, summary }) => (
        <li key={operationId}>
          <a href={`#${operationId}`}>
            <code>
              {method} {path}
            </code>
          </a>{' '}
          {summary}
        </li>
      ))}
    </ul>
    {endpoints.map((endpoint) => (
      <Operation key={endpoint.operationId} endpoint={endpoint} />
    ))}
    <h2 id="shapes">Shapes</h2>
    {Object.entries(openApi.components.schemas).map(([name, schema]) => (
      <section key={name} id={`shape-${name}`}>
        <h3>{name}</h3>
        <SchemaView schema={schema} />
      </section>
    ))}
    <h2 id="problems">Problems</h2>
    <p>
      Whatever goes wrong is answered with <code>application/problem+json</code> (RFC 9457). Its{' '}
      <code>type</code> leads here; <code>errors</code> names each fault of a body by its JSON pointer.
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

const Operation: FC<{ endpoint: Endpoint }> = ({ endpoint }) => {
  const { operationId, method, path, summary, description, needsToken, needsVersion, answer } = endpoint;
  const operation = findOperation(endpoint);
  return (
    <section id={operationId}>
      <h3>{summary}</h3>
      <p>
        <code>
          {method} {path}
        </code>
        {needsToken && ', with a token'}
        {needsVersion && ', with a version'}
      </p>
      {description && <p>{description}</p>}
      {operation.requestBody && (
        <>
          <h4>Body</h4>
          <SchemaView schema={schemaOf(operation.requestBody)} />
        </>
      )}
      <h4>Answer {answer.status}</h4>
      <p>{answer.description}</p>
      {answer.schema && <SchemaView schema={schemaOf(operation.responses[answer.status])} />}
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

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

interface Operation {
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

/** The document is made of the endpoints, so each of them stands in it. */
function findOperation({ path, method }: Endpoint): Operation {
  const paths: Readonly<Record<string, Readonly<Record<string, unknown>>>> = openApi.paths;
  return paths[path]?.[method.toLowerCase()] as Operation;
}

function schemaOf(content: Content | undefined): object {
  return content?.content?.['application/json']?.schema ?? {};
}
