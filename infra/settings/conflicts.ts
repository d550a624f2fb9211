import { domainOf } from '../../shared/domain/address.ts';
import { maxWorkersOf, senderIdentityOf } from './derived.ts';
import type { Settings } from './schema.ts';

/** A rule that several settings keep together. */
interface Rule {
  /** The settings that it reads, like `sender.identity`. */
  readonly reads: readonly string[];
  /** The line for a fault; undefined for settings that keep the rule. */
  readonly faultOf: (settings: Settings) => string | undefined;
}

/** What a worker needs to send a whole batch, 50 mails, within its four minutes, and some more. */
const MIN_SHARE_PER_SEC = 0.3;

const SENDER = ['publication.fromAddress', 'sender.identity'];

const rules: readonly Rule[] = [
  {
    reads: SENDER,
    faultOf(settings) {
      const { fromAddress } = settings.publication;
      const identity = senderIdentityOf(settings);
      return isAddress(identity) && identity !== fromAddress
        ? `sender.identity is "${identity}": expected publication.fromAddress, "${fromAddress}", or its domain`
        : undefined;
    },
  },
  {
    reads: SENDER,
    faultOf(settings) {
      const domain = domainOf(settings.publication.fromAddress);
      const identity = senderIdentityOf(settings);
      return !isAddress(identity) && !isWithin(domain, identity)
        ? `sender.identity is "${identity}": expected the domain of publication.fromAddress, "${domain}", or one above it`
        : undefined;
    },
  },
  {
    reads: [...SENDER, 'sender.hostedZone.name'],
    faultOf(settings) {
      const identity = senderIdentityOf(settings);
      const zone = settings.sender.hostedZone;
      if (!zone) return undefined;
      if (isAddress(identity))
        return `sender.hostedZone is set: expected a domain as sender.identity with it, not the address "${identity}"`;
      return isWithin(identity, zone.name)
        ? undefined
        : `sender.hostedZone.name is "${zone.name}": expected the zone that holds "${identity}"`;
    },
  },
  {
    reads: ['sender.hostedZone', 'sender.isVerified'],
    faultOf: ({ sender }) =>
      sender.hostedZone && sender.isVerified
        ? 'sender.hostedZone is set: expected it where the deployment makes the identity, and not with sender.isVerified, which leaves the records to you'
        : undefined,
  },
  {
    reads: ['sending.maxRatePerSec', 'sending.maxWorkers'],
    faultOf({ sending }) {
      const workers = maxWorkersOf({ sending });
      const most = Math.floor(sending.maxRatePerSec / MIN_SHARE_PER_SEC);
      return workers > most
        ? `sending.maxWorkers is ${workers}: expected at most ${most} with sending.maxRatePerSec ${sending.maxRatePerSec}, so that each may send ${MIN_SHARE_PER_SEC} mails a second`
        : undefined;
    },
  },
  {
    reads: ['site', 'publication.publicUrl'],
    faultOf: ({ site, publication }) =>
      site && publication.publicUrl
        ? `publication.publicUrl is "${publication.publicUrl}": expected it or site, not both`
        : undefined,
  },
  {
    reads: ['site.domainName', 'site.hostedZone.name'],
    faultOf: ({ site }) =>
      site?.hostedZone && !isWithin(site.domainName, site.hostedZone.name)
        ? `site.hostedZone.name is "${site.hostedZone.name}": expected the zone that holds "${site.domainName}"`
        : undefined,
  },
];

/**
 * The faults of settings that are right one by one: a line for each rule that they break together.
 *
 * @param isKnown whether a setting can be judged. A rule that reads another one is skipped
 */
export function findConflicts(settings: Settings, isKnown: (setting: string) => boolean): readonly string[] {
  return rules.filter(({ reads }) => reads.every(isKnown)).flatMap(({ faultOf }) => faultOf(settings) ?? []);
}

function isAddress(identity: string): boolean {
  return identity.includes('@');
}

function isWithin(domain: string, parent: string): boolean {
  return domain === parent || domain.endsWith(`.${parent}`);
}
