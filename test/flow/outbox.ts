import PostalMime from 'postal-mime';
import type { MessageStore } from '../../local/ses/message-store.ts';

/** A mail as it would lie in a reader's inbox. */
export interface ReceivedMail {
  readonly to: string;
  /** Its `X-Broadsheet-Delivery` header: `daily 2026-06-01`. */
  readonly delivery: string;
  /** The ids of the papers that its text links to, each once, in its order. */
  readonly paperIds: readonly string[];
}

/** Every mail that an SES endpoint accepted, in the order of acceptance, read from its raw message. */
export function readOutbox(store: MessageStore): Promise<readonly ReceivedMail[]> {
  return Promise.all(store.list().map(async (message) => toReceivedMail(await store.loadRaw(message))));
}

/** Who got which digest, in the order of the alphabet: `berlin-01@readers.example daily 2026-06-01`. */
export async function readDeliveries(store: MessageStore): Promise<readonly string[]> {
  return (await readOutbox(store)).map(({ to, delivery }) => `${to} ${delivery}`).sort();
}

async function toReceivedMail(raw: Uint8Array): Promise<ReceivedMail> {
  const { to = [], headers, text = '' } = await PostalMime.parse(raw);
  const delivery = headers.find(({ key }) => key === 'x-broadsheet-delivery')?.value;
  const [recipient, ...others] = to;
  if (!recipient?.address || others.length > 0 || delivery === undefined) {
    throw new Error(`not a digest to one recipient: ${JSON.stringify({ to, delivery })}`);
  }
  const links = [...text.matchAll(/papers\/(\d{4}\.\d{5})/g)].map(([, id = '']) => id);
  return { to: recipient.address, delivery, paperIds: [...new Set(links)] };
}
