import type { FC } from 'hono/jsx';
import type { ListId } from '../../domain/lists/lists.ts';
import type { Subscription } from '../../domain/subscribers/subscriber.ts';
import { MAX_QUERY_LENGTH } from '../../matching/query/parse-query.ts';
import { adviseOn } from '../../matching/query/query-advice.ts';
import { Field, type FormState, firstOf, toFieldAttributes } from './fields.tsx';
import { InlineCode } from './inline-code.tsx';

const HINT = 'A paper must have all these words and "phrases". Leave this empty to get every paper.';

/** What can be added to a query, with its meaning. Backquotes enclose code. */
export const queryExamples: readonly (readonly [example: string, meaning: string])[] = [
  ['"language models"', 'These words next to each other'],
  ['diffus*', 'Every word that begins like this. Begin with the singular: `model*` finds “models”'],
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

/** How operators are written, and their precedence. */
export const OperatorHelp: FC = () => (
  <>
    Write OR and NOT in capitals. A space means AND. AND binds more tightly than OR: <code>a OR b c</code>{' '}
    means <code>a OR (b c)</code>.
  </>
);

/**
 * The field of a query, with advice about it, and the syntax in a part that opens. The examples are no links, because a link would lose
 * what the reader has typed.
 */
export const QueryInput: FC<{ form: FormState; lists: readonly ListId[] }> = ({ form, lists }) => {
  const field = { name: 'query', label: 'Keywords', hint: HINT, form };
  const query = firstOf(form.values, 'query');
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
        <QueryAdvice of={[{ query }]} lists={lists} />
      </Field>
      <details class="field">
        <summary>More ways to search</summary>
        <p class="hint">Add any of these to the keywords.</p>
        <ul class="examples">
          {queryExamples.map(([example, meaning]) => (
            <li key={example}>
              <code>{example}</code>{' '}
              <span>
                <InlineCode text={meaning} />
              </span>
            </li>
          ))}
        </ul>
        <p class="hint">
          <OperatorHelp />
        </p>
      </details>
    </>
  );
};

/** Says what to check in queries that may not mean what their author thinks. */
export const QueryAdvice: FC<{ of: readonly Pick<Subscription, 'query'>[]; lists: readonly ListId[] }> = ({
  of: subscriptions,
  lists,
}) => (
  <>
    {subscriptions
      .flatMap(({ query }) => adviseOn(query, lists))
      .map((sentence) => (
        <p key={sentence} class="hint">
          {sentence}
        </p>
      ))}
  </>
);
