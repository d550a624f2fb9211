import { createHash } from 'node:crypto';
import { domainOf } from '../../shared/domain/address.ts';
import type { Publication } from '../../shared/mail/publication.ts';
import type { Settings } from './schema.ts';

/** What a worker of `send-digests` makes and sends in a second with half of a processor, and time to spare. */
const MAILS_PER_WORKER_PER_SEC = 15;

/** An event source takes two or more. */
const MIN_WORKERS = 2;

/** What SES verifies: an address or a domain. */
export function senderIdentityOf({ sender, publication }: Pick<Settings, 'sender' | 'publication'>): string {
  return sender.identity ?? publication.fromAddress;
}

/** How many functions may send at once. */
export function maxWorkersOf({
  sending,
}: {
  readonly sending: Pick<Settings['sending'], 'maxRatePerSec' | 'maxWorkers'>;
}): number {
  return (
    sending.maxWorkers ?? Math.max(MIN_WORKERS, Math.ceil(sending.maxRatePerSec / MAILS_PER_WORKER_PER_SEC))
  );
}

/**
 * The publication as functions are told of it.
 *
 * @param gatewayUrl where the pages are, unless something of the operator's own stands before them
 */
export function publicationOf(
  { publication }: Pick<Settings, 'publication'>,
  gatewayUrl: string,
): Publication {
  return {
    ...publication,
    publicUrl: publication.publicUrl ?? gatewayUrl,
    listId: publication.listId ?? `digests.${domainOf(publication.fromAddress)}`,
  };
}

/** The name under which an assembly keeps the digest of its settings. */
export const SETTINGS_METADATA = 'broadsheet:settings';

/** A digest of settings with all their defaults. Templates made from other settings have another one. */
export function toSettingsDigest(settings: Settings): string {
  return createHash('sha256').update(JSON.stringify(settings)).digest('hex');
}
