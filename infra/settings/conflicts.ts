import { domainOf } from '../../shared/domain/address.ts';
import { explainUnknownList } from '../../shared/domain/list-choice.ts';
import { cdnCertificateOf, cdnOf, listsOf, maxWorkersOf, senderIdentityOf } from './derived.ts';
import { toListsText } from './lists-schema.ts';
import type { Settings } from './schema.ts';

/** A rule about several settings. */
interface Rule {
  /** The settings that the rule reads, such as `sender.identity`. */
  readonly reads: readonly string[];
  /** Returns the message for a fault, or undefined if the settings follow the rule. */
  readonly faultOf: (settings: Settings) => string | undefined;
}

/** Enough for a worker to send most of a batch within its four minutes. The rest of a batch of 100 then waits five minutes. */
const MIN_SHARE_PER_SEC = 0.3;

/** Lambda allows 4 KB for all variables of a function. The others take less than the rest. */
const MAX_LISTS_BYTES = 2500;

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
        ? `sender.identity is "${identity}": expected the domain of publication.fromAddress, "${domain}", or a parent domain`
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
        return `sender.hostedZone is set and sender.identity is the address "${identity}": expected a domain as sender.identity`;
      return isWithin(identity, zone.name)
        ? undefined
        : `sender.hostedZone.name is "${zone.name}": expected the zone that holds "${identity}"`;
    },
  },
  {
    reads: ['sender.hostedZone', 'sender.isVerified'],
    faultOf: ({ sender }) =>
      sender.hostedZone && sender.isVerified
        ? 'sender.hostedZone and sender.isVerified are both set: expected only one. With sender.isVerified you keep the DNS records yourself'
        : undefined,
  },
  {
    reads: ['sending.accountRatePerSec', 'sending.maxWorkers'],
    faultOf({ sending }) {
      const workers = maxWorkersOf({ sending });
      const most = Math.floor(sending.accountRatePerSec / MIN_SHARE_PER_SEC);
      return workers > most
        ? `sending.maxWorkers is ${workers}: expected at most ${most} with sending.accountRatePerSec ${sending.accountRatePerSec}, so that each may send ${MIN_SHARE_PER_SEC} mails a second`
        : undefined;
    },
  },
  {
    reads: ['site', 'publication.publicUrl'],
    faultOf: ({ site, publication }) =>
      site && publication.publicUrl
        ? `publication.publicUrl is "${publication.publicUrl}" and site is set: expected only one of them`
        : undefined,
  },
  {
    reads: ['site.domainName', 'site.hostedZone.name'],
    faultOf: ({ site }) =>
      site?.hostedZone && !isWithin(site.domainName, site.hostedZone.name)
        ? `site.hostedZone.name is "${site.hostedZone.name}": expected the zone that holds "${site.domainName}"`
        : undefined,
  },
  {
    reads: ['region', 'site.certificateArn'],
    faultOf({ region, site }) {
      const place = site?.certificateArn.split(':')[3];
      return region !== undefined && place !== undefined && place !== region
        ? `site.certificateArn is in ${place}: expected a certificate in ${region}, the region of the deployment. One for CloudFront goes into site.cloudFront.certificateArn`
        : undefined;
    },
  },
  {
    reads: ['site.cloudFront', 'site.certificateArn'],
    faultOf: ({ site }) =>
      site?.cloudFront.isEnabled && cdnCertificateOf(site) === undefined
        ? 'site.cloudFront.isEnabled is true and no certificate is in us-east-1: expected site.cloudFront.certificateArn, a certificate for the domain in us-east-1'
        : undefined,
  },
  {
    reads: ['site.cloudFront', 'site.certificateArn'],
    faultOf: ({ site }) =>
      site?.cloudFront.isOnlyWay && cdnOf({ site }) === undefined
        ? 'site.cloudFront.isOnlyWay is true and CloudFront is not used: expected a certificate in us-east-1, and site.cloudFront.isEnabled not false'
        : undefined,
  },
  {
    reads: ['site.keepApiUrl', 'site.cloudFront'],
    faultOf: ({ site }) =>
      site?.keepApiUrl && site.cloudFront.isOnlyWay
        ? 'site.keepApiUrl and site.cloudFront.isOnlyWay are both true: expected only one. The AWS address of the API does not go through CloudFront, so the links in old mails would not work'
        : undefined,
  },
  {
    reads: ['lists', 'defaults.lists'],
    faultOf(settings) {
      const known = listsOf(settings).map(({ id }) => id);
      const unknown = settings.defaults.lists?.find((id) => !known.includes(id));
      return unknown === undefined
        ? undefined
        : `defaults.lists: ${explainUnknownList(unknown, known)} Name one of these, or add yours to "lists"`;
    },
  },
  {
    reads: ['lists'],
    faultOf({ lists }) {
      const bytes = Buffer.byteLength(toListsText(lists) + JSON.stringify(lists.feed?.feeds ?? {}));
      return bytes > MAX_LISTS_BYTES
        ? `lists has ${bytes} bytes of categories, feeds and addresses: expected at most ${MAX_LISTS_BYTES}, which functions can be given. Write all categories of a subject as "cs.*", or read fewer feeds`
        : undefined;
    },
  },
];

/**
 * Returns a message for each rule that several settings break together. Each of them is valid by itself.
 *
 * @param isKnown whether a setting is valid. Rules that read an invalid one are skipped
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
