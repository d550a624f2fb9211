import PostalMime from 'postal-mime';
import type { MessageStore } from '../../local/ses/message-store.ts';

/** A mail as in a reader's inbox. */
export interface ReceivedMail {
  readonly to: string;
  /** Its `X-Broadsheet-Delivery` header: `daily 2026-06-01`. */
  readonly delivery: string;
  /** The ids of the papers that its text part links to, each once, in order. */
  readonly paperIds: readonly string[];
}

/** Returns every mail that an SES endpoint accepted, in order, parsed from its raw message. */
export function readOutbox(store: MessageStore): Promise<readonly ReceivedMail[]> {
  return Promise.all(store.list().map(async (message) => toReceivedMail(await store.loadRaw(message))));
}

/** Returns who got which digest, sorted: `berlin-01@readers.example daily 2026-06-01`. */
export async function readDeliveries(store: MessageStore): Promise<readonly string[]> {
  return (await readOutbox(store)).map(({ to, delivery }) => `${to} ${delivery}`).sort();
}

async function toReceivedMail(raw: Uint8Array): Promise<ReceivedMail> {
  const { to = [], headers, text = '' } = await PostalMime.parse(raw);
  const delivery = headers.find(({ key }) => key === 'x-broadsheet-delivery')?.value;
  const [recipient, ...others] = to;
  if (!recipient?.address || others.length > 0 || delivery === undefined) {
    throw new Error(`expected a digest to one recipient: ${JSON.stringify({ to, delivery })}`);
  }
  const links = [...text.matchAll(/papers\/(\d{4}\.\d{5})/g)].map(([, id = '']) => id);
  return { to: recipient.address, delivery, paperIds: [...new Set(links)] };
}
