import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import type { Subscriber } from '../../shared/domain/subscribers/subscriber.ts';
import type { MessageStore } from '../ses/message-store.ts';

/**
 * Writes each mail of a store as `1-ada.eml`, and its parts as `.html`, if there is one, and `.txt`. Files of these subscribers
 * from an earlier run are deleted first. Other files stay.
 */
export async function writeMails(
  store: MessageStore,
  folder: string,
  subscribers: readonly Pick<Subscriber, 'address'>[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await deleteMails(folder, new Set(subscribers.map(({ address }) => toFileName(address))));
  for (const message of store.list()) {
    const raw = await store.loadRaw(message);
    const { html, text } = await PostalMime.parse(raw);
    const path = join(folder, `${message.number}-${toFileName(message.destinations[0] ?? 'nobody')}`);
    await writeFile(`${path}.eml`, raw);
    if (html) await writeFile(`${path}.html`, html);
    await writeFile(`${path}.txt`, text ?? '');
  }
}

async function deleteMails(folder: string, names: ReadonlySet<string>): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const name = /^[1-9]\d*-(.+)\.(?:eml|html|txt)$/.exec(entry.name)?.[1];
    if (entry.isFile() && name !== undefined && names.has(name)) await rm(join(folder, entry.name));
  }
}

/** Returns the local part of an address in characters that are safe in a file name. */
function toFileName(address: string): string {
  return (address.split('@')[0] ?? '').replace(/[^\w.-]/g, '_');
}
