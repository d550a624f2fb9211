import type { FC } from 'hono/jsx';
import { MAX_ENTERED_CHARS } from '../../domain/address.ts';
import { Field, type FormState, firstOf, toFieldAttributes } from './fields.tsx';

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
