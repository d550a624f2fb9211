import { Hono } from 'hono';
import type { FC } from 'hono/jsx';
import type { Publication } from '../../presentation/publication.ts';
import { InlineCode } from '../parts/inline-code.tsx';
import { SitePage } from '../parts/page.tsx';
import { createStaticPage } from '../parts/static-page.ts';
import { SubscribeBanner } from '../parts/subscribe-banner.tsx';
import {
  type Endpoint,
  type EndpointGroup,
  findExample,
  OPENAPI_PATH,
  problemsOf,
  toExamplePath,
} from './endpoint.ts';
import openApi from './openapi.json' with { type: 'json' };
import { paperGroups } from './paper-groups.ts';
import { describeProblem, type ProblemKind, problemKinds } from './problem.ts';
import { SchemaView } from './schema-view.tsx';
import { subscriberGroups } from './subscriber-groups.ts';

const STYLE = `
main ul { margin: .5rem 0; }
li, code { overflow-wrap: anywhere; }
li > code { display: inline-block; }
code, pre { font: .875em/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; }
pre { margin: .5rem 0; padding: .75rem 1rem; border-left: 2px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; font-size: .8125rem; }
section { break-inside: avoid-page; }
h3 { margin: 2rem 0 .25rem; font: 700 1.1rem/1.35 var(--serif); }
h4 { margin: 1rem 0 0; font-size: .875rem; }
.group { margin: 1rem 0 0; font-weight: 600; }
@media (max-width: 30rem) { dl { display: block; } dd { margin-bottom: .5rem; } }
`;

/** The paths of the two pages of the reference. */
const REFERENCE_PATH = '/docs';
const SUBSCRIBER_REFERENCE_PATH = '/docs/subscribers';

interface ReferencePageProps {
  readonly publication: Publication;
}

/** The two pages of the reference. Problem documents link to the first one. */
export function createReferenceRoutes({ publication }: ReferencePageProps): Hono {
  const first = createStaticPage(REFERENCE_PATH, () => <ReferencePage publication={publication} />);
  const second = createStaticPage(SUBSCRIBER_REFERENCE_PATH, () => (
    <SubscriberReferencePage publication={publication} />
  ));
  return new Hono().route('/', first).route('/', second);
}

/** The first page of the reference of the HTTP API: how to read papers, all operations by name, and all problems. */
const ReferencePage: FC<ReferencePageProps> = ({ publication }) => (
  <SitePage
    publication={publication}
    heading="HTTP API"
    metadata={{
      path: REFERENCE_PATH,
      description: `The HTTP API of ${publication.name}: read papers, sign up, and choose what digests contain.`,
    }}
    style={STYLE}
  >
    <p>
      Requests and answers are JSON. Programs can read <a href={OPENAPI_PATH}>the OpenAPI document</a>.
      Reading papers needs no token, and scripts on any site may do it. Everything about a subscriber is on{' '}
      <a href={SUBSCRIBER_REFERENCE_PATH}>a page of its own</a>.
    </p>
    <h2 id="operations">Operations</h2>
    <Contents groups={paperGroups} page="" />
    <Contents groups={subscriberGroups} page={SUBSCRIBER_REFERENCE_PATH} />
    <Groups groups={paperGroups} origin={publication.publicUrl} />
    <h2 id="problems">Problems</h2>
    <p>
      An error has a body of the type <code>application/problem+json</code> (RFC 9457). Its <code>type</code>{' '}
      links to this list. Its <code>errors</code> name each faulty field or parameter by a JSON pointer. For a
      query they also have the position and a hint. With 429, <code>Retry-After</code> gives the seconds to
      wait. With 405, <code>Allow</code> lists the methods that the path accepts. Each operation names its
      problems. Besides, any request can get <code>internal-error</code>, and any request with a body can get{' '}
      {OF_ANY_BODY.map((kind, position) => (
        <>
          {position > 0 && (position < OF_ANY_BODY.length - 1 ? ', ' : ' or ')}
          <code>{kind}</code>
        </>
      ))}
      .
    </p>
    <Shape name="Problem" schema={openApi.components.schemas.Problem} />
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
    <SubscribeBanner site={{ publication }} />
  </SitePage>
);

/** The second page of the reference: the operations about a subscriber. */
const SubscriberReferencePage: FC<ReferencePageProps> = ({ publication }) => (
  <SitePage
    publication={publication}
    heading="HTTP API: subscribers"
    metadata={{
      path: SUBSCRIBER_REFERENCE_PATH,
      description: `How programs sign up for digests of ${publication.name} and change a subscription.`,
    }}
    style={STYLE}
  >
    <p>
      Requests about a subscriber need <code>Authorization: Bearer</code> with the token at the end of a
      manage link. Requests that export data, erase data or make old links invalid need the token of a data
      link, which you <a href="#requestDataLink">request by email</a>. To change a profile, send the{' '}
      <code>ETag</code> of the last answer as <code>If-Match</code>. See also{' '}
      <a href={REFERENCE_PATH}>how to read papers</a> and <a href={OPENAPI_PATH}>the OpenAPI document</a>.
    </p>
    <Groups groups={subscriberGroups} origin={publication.publicUrl} />
    <SubscribeBanner site={{ publication }} />
  </SitePage>
);

/** The operations by name, with links to the page that describes them. */
const Contents: FC<{ groups: readonly EndpointGroup[]; page: string }> = ({ groups, page }) => (
  <>
    {groups.map(({ name, endpoints }) => (
      <>
        <p class="group">{name}</p>
        <ul>
          {endpoints.map(({ operationId, method, path, summary }) => (
            <li key={operationId}>
              <a href={`${page}#${operationId}`}>{summary}</a>{' '}
              <code class="faint">
                {method} {path}
              </code>
            </li>
          ))}
        </ul>
      </>
    ))}
  </>
);

/** The operations of a page, and the shapes that several of them use. */
const Groups: FC<{ groups: readonly EndpointGroup[]; origin: string }> = ({ groups, origin }) => {
  const operations = JSON.stringify(groups.flatMap(({ endpoints }) => endpoints.map(findOperation)));
  const shapes = Object.entries(openApi.components.schemas).filter(([name]) =>
    operations.includes(`"#/components/schemas/${name}"`),
  );
  return (
    <>
      {groups.map((group) => (
        <>
          <h2>{group.name}</h2>
          <p>
            <InlineCode text={group.description} />
          </p>
          {group.endpoints.map((endpoint) => (
            <Operation key={endpoint.operationId} endpoint={endpoint} origin={origin} />
          ))}
        </>
      ))}
      <h2 id="shapes">Shapes</h2>
      {shapes.map(([name, schema]) => (
        <Shape key={name} name={name} schema={schema} />
      ))}
    </>
  );
};

const Shape: FC<{ name: string; schema: object }> = ({ name, schema }) => (
  <section id={`shape-${name}`}>
    <h3>{name}</h3>
    <SchemaView schema={schema} />
    {'examples' in schema && Array.isArray(schema.examples) && <Json value={schema.examples[0]} />}
  </section>
);

const Operation: FC<{ endpoint: Endpoint; origin: string }> = ({ endpoint, origin }) => {
  const { operationId, method, path, summary, description, body, query, answer } = endpoint;
  const operation = findOperation(endpoint);
  const answerSchema = schemaOf(operation.responses[answer.status]);
  const example = answer.schema && findExample(answer.schema);
  const problems = problemsOf(endpoint).filter((kind) => !COMMON_PROBLEMS.includes(kind));
  return (
    <section id={operationId}>
      <h3>{summary}</h3>
      <p>
        <code>
          {method} {path}
        </code>
      </p>
      {description && (
        <p>
          <InlineCode text={description} />
        </p>
      )}
      <pre>{toCurl(endpoint, origin)}</pre>
      {query && (
        <>
          <h4>Parameters</h4>
          <SchemaView schema={toParameterSchema(operation)} />
        </>
      )}
      {body && (
        <>
          <h4>Body</h4>
          <SchemaView schema={schemaOf(operation.requestBody)} />
        </>
      )}
      <h4>Answer {answer.status}</h4>
      <p>
        <InlineCode text={answer.description} />
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
      {problems.length > 0 && (
        <p class="faint">
          Problems:{' '}
          {problems.map((kind, position) => (
            <>
              {position > 0 && ', '}
              <a href={`${REFERENCE_PATH}#${kind}`}>{kind}</a>
            </>
          ))}
        </p>
      )}
    </section>
  );
};

/** The problems of any request with a body. The first page names them once. */
const OF_ANY_BODY: readonly ProblemKind[] = ['malformed-body', 'body-too-large', 'unsupported-media-type'];

const COMMON_PROBLEMS: readonly ProblemKind[] = ['internal-error', ...OF_ANY_BODY];

const Json: FC<{ value: unknown }> = ({ value }) => <pre>{JSON.stringify(value, undefined, 2)}</pre>;

/** Returns a `curl` command for an example. The token is in the shell's variable `MANAGE_TOKEN` or `DATA_TOKEN`. */
function toCurl(endpoint: Endpoint, origin: string): string {
  const { method, needsToken, tokenOf, needsVersion, body } = endpoint;
  const url = new URL(toExamplePath(endpoint), origin).href;
  const address = url.includes('?') ? `'${url}'` : url;
  const variable = tokenOf === 'data' ? 'DATA_TOKEN' : 'MANAGE_TOKEN';
  const words = [
    method === 'GET' ? `curl ${address}` : `curl -X ${method} ${address}`,
    ...(needsToken ? [`-H "Authorization: Bearer $${variable}"`] : []),
    ...(needsVersion ? [`-H 'If-Match: "7"'`] : []),
    ...(body ? ["-H 'Content-Type: application/json'", `-d '${JSON.stringify(findExample(body))}'`] : []),
  ];
  return words.join(' \\\n  ');
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

/** The document is built from the endpoints, so it has each of them. */
function findOperation({ path, method }: Endpoint): Operation {
  const paths: Readonly<Record<string, Readonly<Record<string, unknown>>>> = openApi.paths;
  return paths[path]?.[method.toLowerCase()] as Operation;
}

function toParameterSchema({ parameters = [] }: Operation): object {
  const shown = parameters.filter((parameter) => parameter.in === 'query');
  return { properties: Object.fromEntries(shown.map(({ name, schema }) => [name, schema])) };
}

function schemaOf(content: Content | undefined): object {
  return content?.content?.['application/json']?.schema ?? {};
}
