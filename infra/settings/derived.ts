import { createHash } from 'node:crypto';
import {
  defaultListIds,
  type KnownList,
  type ListId,
  listsTextSchema,
} from '../../shared/domain/lists/lists.ts';
import { domainOf } from '../../shared/domain/subscribers/address.ts';
import type { Publication } from '../../shared/presentation/publication.ts';
import { toListsText } from './lists-schema.ts';
import type { Settings } from './schema.ts';

/**
 * Mails that a worker of `send-digests` sends in a second at most. A seventh of a processor gives each of them 5.8 ms, and a mail needs
 * less than 4 (`npm run bench:cost`). With arXiv a worker has half of a processor. That gives 14 ms, of which a mail needs 10 (`npm run
 * bench:busy-day`). A function is paid while it waits for permits, so fewer workers cost less.
 */
const MAILS_PER_WORKER_PER_SEC = { usual: 25, arxiv: 40 };

/** The minimum of an event source. */
const MIN_WORKERS = 2;

/** Returns the identity that SES verifies: an address or a domain. */
export function senderIdentityOf({ sender, publication }: Pick<Settings, 'sender' | 'publication'>): string {
  return sender.identity ?? publication.fromAddress;
}

/** Returns how many functions may send at the same time. */
export function maxWorkersOf({
  sending,
  lists = {},
}: {
  readonly sending: Pick<Settings['sending'], 'accountRatePerSec' | 'maxWorkers'>;
  readonly lists?: { readonly arxiv?: object | undefined };
}): number {
  const mailsPerWorker = lists.arxiv ? MAILS_PER_WORKER_PER_SEC.arxiv : MAILS_PER_WORKER_PER_SEC.usual;
  return sending.maxWorkers ?? Math.max(MIN_WORKERS, Math.ceil(sending.accountRatePerSec / mailsPerWorker));
}

/** Returns whether SES reports every sent and delivered mail. */
export function isTrackingEvents({
  eventTracking,
  sending,
}: {
  readonly eventTracking?: boolean | undefined;
  readonly sending: Pick<Settings['sending'], 'whenUncertain'>;
}): boolean {
  return eventTracking ?? sending.whenUncertain === 'at-least-once';
}

/**
 * Returns the publication for the environment of functions.
 *
 * @param gatewayUrl the URL of the pages, unless `publication.publicUrl` replaces it
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

/** Returns the lists that a deployment reads, in the order of the settings. */
export function listsOf({ lists }: Pick<Settings, 'lists'>): readonly KnownList[] {
  return listsTextSchema.parse(toListsText(lists));
}

/** Returns the ids of the lists that a subscriber follows who chooses none. */
export function defaultListsOf(settings: Pick<Settings, 'lists' | 'defaults'>): readonly ListId[] {
  return settings.defaults.lists ?? defaultListIds(listsOf(settings));
}

/** How CloudFront is set up for a site. */
export interface CdnSettings {
  readonly domainName: string;
  /** In us-east-1. */
  readonly certificateArn: string;
  readonly originSecret: string | undefined;
  readonly webAclArn: string | undefined;
  readonly isOnlyWay: boolean;
}

/** Returns the certificate of a site that CloudFront can use. Undefined if all are in other regions. */
export function cdnCertificateOf({
  certificateArn,
  cloudFront,
}: Pick<NonNullable<Settings['site']>, 'certificateArn' | 'cloudFront'>): string | undefined {
  return (
    cloudFront.certificateArn ?? (certificateArn.split(':')[3] === 'us-east-1' ? certificateArn : undefined)
  );
}

/** Returns how to set up CloudFront. Undefined without a site, without a certificate for it, or if it is switched off. */
export function cdnOf({ site }: Pick<Settings, 'site'>): CdnSettings | undefined {
  const certificateArn = site && cdnCertificateOf(site);
  if (!site || certificateArn === undefined || site.cloudFront.isEnabled === false) return undefined;
  const { originSecret, webAclArn, isOnlyWay } = site.cloudFront;
  return { domainName: site.domainName, certificateArn, originSecret, webAclArn, isOnlyWay };
}

/** The metadata key for the settings digest in a cloud assembly. */
export const SETTINGS_METADATA = 'broadsheet:settings';

/** Returns a digest of the settings with all defaults. Other settings have another digest. */
export function toSettingsDigest(settings: Settings): string {
  return createHash('sha256').update(JSON.stringify(settings)).digest('hex');
}
