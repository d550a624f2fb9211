import * as z from 'zod';
import { addressSchema } from '../domain/address.ts';
import { isBlank } from '../domain/one-line.ts';
import { parseUrl } from '../domain/parse-url.ts';

/** One line of text for a header. A line break or other control character would end the header early. */
const lineSchema = (maxChars: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxChars)
    .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'expected one line without control characters')
    .refine((text) => !isBlank(text), 'expected text that a reader can see');

const colourSchema = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, 'a colour is written like "#9e1b1b"')
  .toLowerCase();

const PUBLIC_URL_ERROR =
  'expected an origin like "https://daily.example.org" (or http:// for localhost), without user name, path, query or fragment';

/** A dark red. */
export const DEFAULT_ACCENT_COLOUR = '#9e1b1b';

/** What an operator says of their paper: how it is called, where it comes from, where it is found. */
export const publicationSchema = z.object({
  /** The masthead and the sender's name, at most 60 characters. Default: `Broadsheet`. */
  name: lineSchema(60).default('Broadsheet'),
  /** The sender, an identity that SES may send for: `papers@example.org`. */
  fromAddress: addressSchema,
  /** Where an answer goes. Default: the sender. */
  replyTo: addressSchema.optional(),
  /** The origin of the pages, `https://daily.example.org`. Plain HTTP is for this machine only. */
  publicUrl: z
    .string()
    .refine(isPublicOrigin, { error: PUBLIC_URL_ERROR, abort: true })
    .transform((url) => new URL(url).origin),
  /** What mail programs sort by, written like a host name and never changed: `daily.example.org` (RFC 2919). */
  listId: z
    .string()
    .max(200)
    .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/i, {
      error: 'a list id is written like a host name: "daily.example.org"',
    }),
  /** The sender's postal address, one line, at most 200 characters; some laws ask for it. Default: none. */
  postalAddress: lineSchema(200).optional(),
  /** A mailbox that somebody or something reads and unsubscribes from. Default: none, the link is enough. */
  unsubscribeMailto: addressSchema.optional(),
  /** The one accent colour. Default: a dark red. Where it cannot be read on white it is darkened. */
  accentColour: colourSchema.default(DEFAULT_ACCENT_COLOUR),
  /** The accent colour of dark mode. Default: the accent colour, lightened until it can be read. */
  accentColourDark: colourSchema.optional(),
});

export type Publication = z.infer<typeof publicationSchema>;

/** Every page is linked as `/…`, so the pages cannot stand below a path. */
function isPublicOrigin(url: string): boolean {
  // The parser drops white space, and an empty query or fragment, without a word.
  const parsed = /[\s?#@]/.test(url) ? undefined : parseUrl(url);
  if (parsed?.pathname !== '/') return false;
  const { protocol, hostname } = parsed;
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isLocal);
}
