import type { Context } from 'hono';
import type { FC } from 'hono/jsx';
import { MAX_QUERY_LENGTH } from '../../matching/query/parse-query.ts';
import { adviseOn } from '../../matching/query/query-advice.ts';
import { findQueryFault } from '../../matching/query/query-schema.ts';
import { Field, type FormState, type FormValues, firstOf, toFieldAttributes } from './fields.tsx';

const HINT = 'A paper must have all these words and "phrases". Leave this empty to get every paper.';

/** What can be added to a query, with its meaning. Backquotes enclose code. */
export const queryExamples: readonly (readonly [example: string, meaning: string])[] = [
  ['"language models"', 'These words next to each other'],
  ['diffus*', 'Every word that begins like this'],
  ['(audio OR speech)', 'One of these words, or both'],
  ['-survey', 'Papers without this word'],
  ['title:agents', 'Words in the title. `abstract:` and `keyword:` work the same way'],
  ['author:"Kaiming He"', 'An author. “K. He” and “He, Kaiming” find the same'],
  ['org:google', 'Papers from an organisation'],
  ['has:code', 'Papers with a repository. `has:project` finds those with a project page'],
  [
    'upvotes:>=10',
    'At least 10 votes. `comments:`, `stars:` and `authors:` work the same way, also with `<` and `=`',
  ],
];

/** The meaning of an example, with its code set as code. */
export const Meaning: FC<{ text: string }> = ({ text }) => (
  <>{text.split('`').map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part))}</>
);

/** Where the links below a query lead: to the same page, with a longer query. */
interface QueryFieldProps {
  readonly form: FormState;
  /** The page with its form, up to the name of the parameter: `?edit=new&`. */
  readonly path: string;
}

/** The field of a query, with advice about it, and the syntax in a part that opens. */
export const QueryField: FC<QueryFieldProps> = ({ form, path }) => {
  const field = { name: 'query', label: 'Keywords', hint: HINT, form };
  const query = firstOf(form.values, 'query');
  const advice = findQueryFault(query) ? [] : adviseOn(query);
  return (
    <>
      <Field {...field}>
        <input
          {...toFieldAttributes(field)}
          maxlength={MAX_QUERY_LENGTH}
          autocapitalize="off"
          autocorrect="off"
          spellcheck={false}
          placeholder='reasoning "language models"'
          value={query}
        />
        {advice.map((sentence) => (
          <p key={sentence} class="hint">
            {sentence}
          </p>
        ))}
      </Field>
      <details class="field">
        <summary>More ways to search</summary>
        <p class="hint">
          Each link reloads this page and adds its example to the keywords. Anything that you have typed since
          the page opened is lost.
        </p>
        <ul class="examples">
          {queryExamples.map(([example, meaning]) => (
            <li key={example}>
              <a href={toLink(path, query, example)}>
                <code>{example}</code>
              </a>{' '}
              <span>
                <Meaning text={meaning} />
              </span>
            </li>
          ))}
        </ul>
        <p class="hint">
          Write OR and NOT in capitals. AND, or a space, comes before OR: <code>a OR b c</code> means{' '}
          <code>a OR (b c)</code>.
        </p>
      </details>
    </>
  );
};

/** The parameter of a page that replaces the query of its form. */
const PARAMETER = 'q';

function toLink(path: string, query: string, example: string): string {
  const longer = [query.trim(), example].filter(Boolean).join(' ');
  return `${path}${PARAMETER}=${encodeURIComponent(longer)}#query`;
}

/** Returns the values of a form, with the query that the address of its page has. */
export function withLinkedQuery(c: Context, values: FormValues): FormValues {
  const query = c.req.query(PARAMETER);
  return query === undefined ? values : { ...values, query: [query.slice(0, MAX_QUERY_LENGTH)] };
}
