import PostalMime from 'postal-mime';
import type { Mail } from '../../../shared/ports/mail.ts';
import { decodeRaw } from '../../factories/mail-texts.ts';

/** Parses a mail with another library, and splits its headers: unfolded, in order, with lower-case names. */
export async function readMessage<Composed extends Mail>(mail: Composed) {
  const source = decodeRaw(mail.raw);
  if (!/^(?:[ -~]|\r\n)*$/.test(source)) throw new Error('the message is not ASCII');
  const [head = ''] = source.split('\r\n\r\n', 1);
  const fields = head.replace(/\r\n[ \t]/g, ' ').split('\r\n');
  const headers = fields.map((field) => {
    const [name = ''] = field.split(':', 1);
    return { name: name.toLowerCase(), value: field.slice(name.length + 1).trim() };
  });
  const valuesOf = (name: string) =>
    headers.filter((header) => header.name === name).map(({ value }) => value);
  return { mail, source, head, headers, valuesOf, parsed: await PostalMime.parse(source) };
}
