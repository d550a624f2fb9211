import type { FC } from 'hono/jsx';
import { type Cadence, cadences } from '../../domain/cadence.ts';
import { type ListId, toListName } from '../../domain/list.ts';
import { MAX_QUERY_LENGTH } from '../../domain/query.ts';
import { Choice, Field, FieldNotes, type FormState, firstOf, toFieldAttributes } from './fields.tsx';

const CADENCES: Readonly<Record<Cadence, string>> = {
  instant: 'As soon as something new comes',
  daily: 'Every day',
  weekly: 'Every week',
  monthly: 'Every month',
};

const QUERY_HINT = 'Words and "phrases" that a paper must have. Leave it empty for every paper.';

/** What a subscription asks for: lists, a query, how often, and how much where `hasLimit`. */
export const WishFields: FC<{ lists: readonly ListId[]; form: FormState; hasLimit?: boolean }> = ({
  lists,
  form,
  hasLimit = false,
}) => {
  const query = { name: 'query', label: 'Keywords', hint: QUERY_HINT, form };
  const most = { name: 'maxPapers', label: 'Papers per mail', form };
  return (
    <>
      <ListFields lists={lists} form={form} />
      <Field {...query}>
        <input
          {...toFieldAttributes(query)}
          maxlength={MAX_QUERY_LENGTH}
          autocapitalize="off"
          autocorrect="off"
          spellcheck={false}
          placeholder='reasoning "language models"'
          value={firstOf(form.values, 'query')}
        />
      </Field>
      <Choice
        name="cadence"
        label="How often"
        options={cadences.map((cadence) => [cadence, CADENCES[cadence]])}
        form={form}
      />
      {hasLimit && (
        <Field {...most}>
          <input
            {...toFieldAttributes(most)}
            type="number"
            min={1}
            max={50}
            required
            value={firstOf(form.values, 'maxPapers')}
          />
        </Field>
      )}
    </>
  );
};

/** With one list there is nothing to choose. */
const ListFields: FC<{ lists: readonly ListId[]; form: FormState }> = ({ lists, form }) => {
  const [only, ...others] = lists;
  if (others.length === 0) return <input type="hidden" name="lists" value={only} />;
  return (
    <fieldset id="lists">
      <legend>Lists</legend>
      {lists.map((list) => (
        <label key={list} class="check">
          <input
            type="checkbox"
            name="lists"
            value={list}
            checked={form.values.lists?.includes(list) ?? false}
          />
          {toListName(list)}
        </label>
      ))}
      <FieldNotes name="lists" form={form} />
    </fieldset>
  );
};
