import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import type { MessageStore } from '../ses/message-store.ts';

/** Writes each mail of a store as `1-ada.eml`, with its parts beside it as `.html` (where it has one) and `.txt`. */
export async function writeMails(store: MessageStore, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const message of store.list()) {
    const raw = await store.loadRaw(message);
    const { html, text } = await PostalMime.parse(raw);
    const localPart = message.destinations[0]?.split('@')[0] ?? 'nobody';
    const path = join(folder, `${message.number}-${localPart.replace(/[^\w.-]/g, '_')}`);
    await writeFile(`${path}.eml`, raw);
    if (html) await writeFile(`${path}.html`, html);
    await writeFile(`${path}.txt`, text ?? '');
  }
}
