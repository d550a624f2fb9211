import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { jsonTextOf } from '../../shared/domain/text/json-text.ts';
import { instantSchema } from '../../shared/domain/time/time-schemas.ts';

const storedMessageSchema = z.object({
  /** The number of the message in its folder, from 1, in the order of acceptance. */
  number: z.int().positive(),
  messageId: z.string().regex(/^[0-9a-f-]+$/),
  acceptedAt: instantSchema,
  /** The envelope sender as typed. */
  source: z.string(),
  /** The envelope recipients as typed, including `Bcc`. */
  destinations: z.array(z.string()).min(1).readonly(),
  tags: z.array(z.object({ name: z.string(), value: z.string() })).readonly(),
  configurationSetName: z.string().optional(),
  /** Decoded. Empty if the message has none. */
  subject: z.string(),
  sizeBytes: z.int().nonnegative(),
});

/** An accepted message without its bytes. */
export type StoredMessage = Readonly<z.infer<typeof storedMessageSchema>>;

/** All accepted messages. */
export interface MessageStore {
  /** Oldest first. */
  list(): readonly StoredMessage[];
  find(messageId: StoredMessage['messageId']): StoredMessage | undefined;
  /** Returns the whole message as SES sends it. */
  loadRaw(message: StoredMessage): Promise<Uint8Array>;
  /** Stores a message with the next number. It is on disk when the promise resolves. */
  save(message: Omit<StoredMessage, 'number' | 'sizeBytes'>, raw: Uint8Array): Promise<StoredMessage>;
}

/**
 * Opens the messages in a folder and creates a missing folder. `000001-<messageId>.eml` is a message and
 * `000001-<messageId>.json` its facts. The JSON is written last, so a crash leaves no incomplete message. Only one process may
 * open a folder.
 *
 * @param onUnreadable receives a line about each `.json` file that is not a stored message, or has no message. It is left out and kept
 */
export async function openMessageStore(
  folder: string,
  onUnreadable: (line: string) => void = () => {},
): Promise<MessageStore> {
  await mkdir(folder, { recursive: true });
  const names = new Set(await readdir(folder));
  const loaded: StoredMessage[] = [];
  for (const name of names) {
    if (!name.endsWith('.json')) continue;
    const message = await loadMessage(join(folder, name));
    if (message && names.has(`${toBaseName(message)}.eml`)) loaded.push(message);
    else onUnreadable(`${join(folder, name)} is not a stored mail, or its .eml is missing. It is left out`);
  }
  const messages = new Map(
    loaded.sort((a, b) => a.number - b.number).map((message) => [message.messageId, message]),
  );
  let lastNumber = loaded.at(-1)?.number ?? 0;

  return {
    list: () => [...messages.values()].sort((a, b) => a.number - b.number),
    find: (messageId) => messages.get(messageId),
    loadRaw: (message) => readFile(join(folder, `${toBaseName(message)}.eml`)),
    save: async (draft, raw) => {
      lastNumber += 1;
      const message: StoredMessage = { ...draft, number: lastNumber, sizeBytes: raw.length };
      const path = join(folder, toBaseName(message));
      await writeFile(`${path}.eml`, raw);
      await writeFile(`${path}.json.part`, `${JSON.stringify(message, null, 2)}\n`);
      await rename(`${path}.json.part`, `${path}.json`);
      messages.set(message.messageId, message);
      return message;
    },
  };
}

function toBaseName({ number, messageId }: StoredMessage): string {
  return `${String(number).padStart(6, '0')}-${messageId}`;
}

/** Loads the facts of a message. Undefined if the file cannot be read or has something else. */
async function loadMessage(path: string): Promise<StoredMessage | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return jsonTextOf(storedMessageSchema).safeParse(text).data;
}
