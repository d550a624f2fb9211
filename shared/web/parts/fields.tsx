import type { Child, FC } from 'hono/jsx';
import { MAX_ENTERED_CHARS } from '../../domain/address.ts';

/** What somebody typed into a form, by the names of its fields, and what is wrong with it. */
export interface FormState {
  readonly values: FormValues;
  readonly faults: readonly FormFault[];
}

/** Every field has as many values as it was sent with: a list of checkboxes has several. */
export type FormValues = Readonly<Record<string, readonly string[]>>;

export interface FormFault {
  /** The name of the field. */
  readonly field: string;
  readonly message: string;
}

/** The one value of a field. */
export function firstOf(values: FormValues, field: string): string {
  return values[field]?.[0] ?? '';
}

export interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly form: FormState;
}

/** The attributes that tie a field to its label, its hint and its fault. */
export function toFieldAttributes({ name, hint, form }: FieldProps) {
  const isFaulty = form.faults.some(({ field }) => field === name);
  const described = [hint && `${name}-hint`, isFaulty && `${name}-fault`].filter(Boolean).join(' ');
  return {
    id: name,
    name,
    ...(described && { 'aria-describedby': described }),
    ...(isFaulty && { 'aria-invalid': 'true' as const }),
  };
}

/** A label, a field, and what is to be known of it. */
export const Field: FC<FieldProps & { children?: Child }> = ({ name, label, hint, form, children }) => (
  <div class="field">
    <label for={name}>{label}</label>
    {children}
    <FieldNotes name={name} hint={hint} form={form} />
  </div>
);

/** What a field expects, and what is wrong with what it holds. */
export const FieldNotes: FC<{ name: string; hint?: string | undefined; form: FormState }> = ({
  name,
  hint,
  form,
}) => {
  const fault = form.faults.find(({ field }) => field === name);
  return (
    <>
      {hint && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {fault && (
        <p class="fault" id={`${name}-fault`}>
          {fault.message}
        </p>
      )}
    </>
  );
};

export interface ChoiceProps extends FieldProps {
  /** The values, each with its words. */
  readonly options: readonly (readonly [value: string, words: string])[];
}

/** A field with a few answers. */
export const Choice: FC<ChoiceProps> = ({ options, ...field }) => {
  const chosen = firstOf(field.form.values, field.name);
  return (
    <Field {...field}>
      <select {...toFieldAttributes(field)}>
        {options.map(([value, words]) => (
          // A value that says the same as its words would be half the page where there are hundreds.
          <option key={value} {...(value !== words && { value })} selected={value === chosen}>
            {words}
          </option>
        ))}
      </select>
    </Field>
  );
};

/** What is wrong with a form, above it, each with the way to its field. */
export const Faults: FC<{ form: FormState }> = ({ form: { faults } }) =>
  faults.length === 0 ? null : (
    <div class="faults" role="alert">
      <p>Please check these fields:</p>
      <ul>
        {faults.map(({ field, message }) => (
          <li key={field}>
            <a href={`#${field}`}>{message}</a>
          </li>
        ))}
      </ul>
    </div>
  );

export interface ActionButtonProps {
  /** What the form says that is to be done. */
  readonly name: string;
  readonly words: string;
  /** The one thing that the page is for. */
  readonly isMain?: boolean;
  /** Hidden fields that go with it. */
  readonly children?: Child;
}

/** A form of one button, because a link that changes something would be followed by programs. */
export const ActionButton: FC<ActionButtonProps> = ({ name, words, isMain = false, children }) => (
  <form method="post">
    {children}
    <button class={isMain ? 'main' : undefined} type="submit" name="action" value={name}>
      {words}
    </button>
  </form>
);

/**
 * The field for an e-mail address, which a browser may fill in. It is a text field: as an e-mail field it would refuse what people
 * paste, like `Ada <ada@example.org>`, before we could understand it.
 */
export const AddressField: FC<{ form: FormState }> = ({ form }) => {
  const field = { name: 'address', label: 'E-mail address', form };
  return (
    <Field {...field}>
      <input
        {...toFieldAttributes(field)}
        type="text"
        inputmode="email"
        required
        maxlength={MAX_ENTERED_CHARS}
        autocomplete="email"
        autocapitalize="off"
        spellcheck={false}
        value={firstOf(form.values, 'address')}
      />
    </Field>
  );
};
