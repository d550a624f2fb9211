import { addressSchema } from '../domain/subscribers/address.ts';
import { isBlank } from '../domain/text/one-line.ts';
import { parseUrl } from '../domain/text/parse-url.ts';
import * as z from '../domain/zod.ts';

/** One line of text for a header. A line break or other control character would end the header early. */
const lineSchema = (maxChars: number) =>
  z.string().check(
    z.trim(),
    z.minLength(1),
    z.maxLength(maxChars),
    z.regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'expected one line without control characters'),
    z.refine((text) => !isBlank(text), 'expected text that a reader can see'),
  );

const colourSchema = z
  .string()
  .check(z.regex(/^#[0-9a-f]{6}$/i, 'a colour is written like "#9e1b1b"'), z.toLowerCase());

const PUBLIC_URL_ERROR =
  'expected an origin like "https://daily.example.org" (or http:// for localhost), without user name, path, query or fragment';

/** A dark red. */
export const DEFAULT_ACCENT_COLOUR = '#9e1b1b';

/** The publication of an operator: its name, its sender and its URL. */
export const publicationSchema = z.object({
  /** The masthead and the sender's name, at most 60 characters. Default: `Broadsheet`. */
  name: z._default(lineSchema(60), 'Broadsheet'),
  /** The sender, an identity that SES may send for: `papers@example.org`. */
  fromAddress: addressSchema,
  /** The address for replies. Default: the sender. */
  replyTo: z.optional(addressSchema),
  /** The origin of the pages, `https://daily.example.org`. Plain HTTP is for this machine only. */
  publicUrl: z.pipe(
    z.string().check(z.refine(isPublicOrigin, { error: PUBLIC_URL_ERROR, abort: true })),
    z.transform((url) => new URL(url).origin),
  ),
  /** The id by which mail programs filter, written like a host name and never changed: `daily.example.org` (RFC 2919). */
  listId: z.string().check(
    z.maxLength(200),
    z.regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/i, {
      error: 'a list id is written like a host name: "daily.example.org"',
    }),
  ),
  /** The sender's postal address, one line, at most 200 characters; some laws ask for it. Default: none. */
  postalAddress: z.optional(lineSchema(200)),
  /** A mailbox for requests to unsubscribe, which must be read. Default: none, the link is enough. */
  unsubscribeMailto: z.optional(addressSchema),
  /** The accent colour. Default: a dark red. It is darkened if it cannot be read on white. */
  accentColour: z._default(colourSchema, DEFAULT_ACCENT_COLOUR),
  /** The accent colour of dark mode. Default: the accent colour, lightened until it can be read. */
  accentColourDark: z.optional(colourSchema),
});

export type Publication = z.infer<typeof publicationSchema>;

/** Every page is linked as `/…`, so the pages cannot be below a path. */
function isPublicOrigin(url: string): boolean {
  // The parser silently drops white space, and an empty query or fragment.
  const parsed = /[\s?#@]/.test(url) ? undefined : parseUrl(url);
  if (parsed?.pathname !== '/') return false;
  const { protocol, hostname } = parsed;
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isLocal);
}

/** Returns the address to which readers write. */
export function contactOf({ fromAddress, replyTo = fromAddress }: Publication): string {
  return replyTo;
}
