import type { FC } from 'hono/jsx';
import { MAX_ADDRESS_CHARS } from '../../domain/address.ts';
import { Field, type FormState, firstOf, toFieldAttributes } from './fields.tsx';

/** The field for an e-mail address, which a browser may fill in. */
export const AddressField: FC<{ form: FormState }> = ({ form }) => {
  const field = { name: 'address', label: 'E-mail address', form };
  return (
    <Field {...field}>
      <input
        {...toFieldAttributes(field)}
        type="email"
        required
        maxlength={MAX_ADDRESS_CHARS}
        autocomplete="email"
        value={firstOf(form.values, 'address')}
      />
    </Field>
  );
};
