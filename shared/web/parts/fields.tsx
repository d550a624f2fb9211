import type { Child, FC } from 'hono/jsx';
import { MAX_ENTERED_CHARS } from '../../domain/subscribers/typed-address.ts';

/** The values of a form by field name, and its faults. */
export interface FormState {
  readonly values: FormValues;
  readonly faults: readonly FormFault[];
}

/** The values of each field. A list of checkboxes has several. */
export type FormValues = Readonly<Record<string, readonly string[]>>;

export interface FormFault {
  /** The name of the field. */
  readonly field: string;
  readonly message: string;
}

/** A form that the reader has not sent yet. */
export const NOTHING_TYPED: FormState = { values: {}, faults: [] };

/** Returns the first value of a field, or an empty text. */
export function firstOf(values: FormValues, field: string): string {
  return values[field]?.[0] ?? '';
}

export interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly form: FormState;
}

/** Returns the attributes that connect a field to its label, hint and fault. */
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

/** Returns the attributes that connect a group of fields to its fault. A group cannot have `aria-invalid`. */
export function toGroupAttributes(name: string, { faults }: FormState) {
  const isFaulty = faults.some(({ field }) => field === name);
  return { id: name, ...(isFaulty && { 'aria-describedby': `${name}-fault` }) };
}

/** A field with its label, hint and fault. */
export const Field: FC<FieldProps & { children?: Child }> = ({ name, label, hint, form, children }) => (
  <div class="field">
    <label for={name}>{label}</label>
    {children}
    <FieldNotes name={name} hint={hint} form={form} />
  </div>
);

/** The hint and the fault of a field. */
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
  /** Each value with its text. */
  readonly options: readonly (readonly [value: string, words: string])[];
}

/** A select field. */
export const Choice: FC<ChoiceProps> = ({ options, ...field }) => {
  const chosen = firstOf(field.form.values, field.name);
  return (
    <Field {...field}>
      <select {...toFieldAttributes(field)}>
        {options.map(([value, words]) => (
          <option key={value} value={value} selected={value === chosen}>
            {words}
          </option>
        ))}
      </select>
    </Field>
  );
};

/** The summary of a form's faults. Each links to its field. */
export const Faults: FC<{ form: FormState }> = ({ form: { faults } }) =>
  faults.length === 0 ? null : (
    <div class="faults" role="alert">
      <p>Check these fields:</p>
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
  /** The action that the form sends. */
  readonly name: string;
  readonly words: string;
  /** Says what the button does. */
  readonly hint?: string;
  /** Whether it is the main action of the page. */
  readonly isMain?: boolean;
  /** Hidden fields of the form. */
  readonly children?: Child;
}

/** A form with one button. A link must not change anything, because programs follow links. */
export const ActionButton: FC<ActionButtonProps> = ({ name, words, hint, isMain = false, children }) => (
  <form method="post">
    {children}
    <button class={isMain ? 'main' : undefined} type="submit" name="action" value={name}>
      {words}
    </button>
    {hint && <p class="hint">{hint}</p>}
  </form>
);

/**
 * The attributes of an input for an email address, which a browser may fill in. It is a text field. An email field refuses
 * `Ada <ada@example.org>`, which people paste and we can read.
 */
export const ADDRESS_INPUT = {
  type: 'text',
  inputmode: 'email',
  required: true,
  maxlength: MAX_ENTERED_CHARS,
  autocomplete: 'email',
  autocapitalize: 'off',
  spellcheck: false,
} as const;

/** The field for an email address. */
export const AddressField: FC<Pick<FieldProps, 'form' | 'hint'> & { label?: string }> = ({
  label = 'Email address',
  ...props
}) => {
  const field = { name: 'address', label, ...props };
  return (
    <Field {...field}>
      <input {...toFieldAttributes(field)} {...ADDRESS_INPUT} value={firstOf(props.form.values, 'address')} />
    </Field>
  );
};
