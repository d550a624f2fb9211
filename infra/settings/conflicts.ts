import { explainUnknownList } from '../../shared/domain/lists/list-choice.ts';
import { domainOf } from '../../shared/domain/subscribers/address.ts';
import {
  cdnCertificateOf,
  cdnOf,
  defaultListsOf,
  listsOf,
  maxWorkersOf,
  publicationOf,
  senderIdentityOf,
} from './derived.ts';
import { toListsText, toUrlsText } from './lists-schema.ts';
import { toOpenSearchTarget } from './open-search.ts';
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

/** Lambda allows 4 KB for all variables of a function. Those that no setting changes take less than the rest. */
const MAX_ENVIRONMENT_BYTES = 3000;

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
      const certificateRegion = site?.certificateArn.split(':')[3];
      return region !== undefined && certificateRegion !== undefined && certificateRegion !== region
        ? `site.certificateArn is in ${certificateRegion}: expected a certificate in ${region}, the region of the deployment. One for CloudFront goes into site.cloudFront.certificateArn`
        : undefined;
    },
  },
  {
    reads: ['account', 'site.certificateArn', 'site.cloudFront.certificateArn', 'site.cloudFront.webAclArn'],
    faultOf({ account, site }) {
      const arns = {
        'site.certificateArn': site?.certificateArn,
        'site.cloudFront.certificateArn': site?.cloudFront.certificateArn,
        'site.cloudFront.webAclArn': site?.cloudFront.webAclArn,
      };
      const owners = Object.entries(arns).flatMap(([name, arn]) =>
        arn ? [{ name, owner: arn.split(':')[4] }] : [],
      );
      const foreign = owners.find(({ owner }) => account !== undefined && owner !== account);
      return foreign
        ? `${foreign.name} is of account ${foreign.owner}: expected one of ${account}, the account of the deployment`
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
    reads: [
      'lists',
      'defaults.lists',
      'trustedProxies',
      'hourlyLimits',
      'publication',
      'site',
      'search.openSearch',
    ],
    faultOf: (settings) => findTooLong(textsOfIngest(settings)) ?? findTooLong(textsOfPages(settings)),
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

type Texts = Readonly<Record<string, readonly (string | undefined)[]>>;

/** Returns the variables of `ingest-papers`, by the setting that they come from. */
function textsOfIngest(settings: Settings): Texts {
  const { lists } = settings;
  return {
    lists: [toListsText(lists), JSON.stringify(lists.feed?.feeds), toUrlsText(lists)],
    'search.openSearch': [JSON.stringify(toOpenSearchTarget(settings))],
  };
}

/** Returns the variables of `api`, by the setting that they come from. Functions that read no source get fewer. */
function textsOfPages(settings: Settings): Texts {
  const { lists, trustedProxies, hourlyLimits, site } = settings;
  return {
    lists: [toListsText(lists)],
    'defaults.lists': [defaultListsOf(settings).join()],
    trustedProxies: [JSON.stringify(trustedProxies)],
    hourlyLimits: [JSON.stringify(hourlyLimits)],
    publication: [JSON.stringify(publicationOf(settings, site?.domainName ?? ''))],
    'site.cloudFront.originSecret': [site?.cloudFront.originSecret],
    'search.openSearch': [JSON.stringify(toOpenSearchTarget(settings))],
  };
}

/** Returns the fault if the variables of a function are too long together. It names the settings that need the most bytes. */
function findTooLong(texts: Texts): string | undefined {
  const sizes = Object.entries(texts)
    .map(([name, of]) => ({ name, bytes: of.reduce((sum, text) => sum + bytesOf(text), 0) }))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes);
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= MAX_ENVIRONMENT_BYTES) return undefined;
  const longest = sizes.slice(0, 3).map(({ name, bytes }) => `${name} has ${bytes} bytes`);
  return `${longest.join(', ')}: expected at most ${MAX_ENVIRONMENT_BYTES} for all settings that a function is given, and they have ${total}. Write all categories of a subject as "cs.*", or name fewer feeds, lists or proxies`;
}

/** Lambda measures the variables as JSON, so a quotation mark counts twice. */
function bytesOf(text: string | undefined): number {
  return text === undefined ? 0 : Buffer.byteLength(JSON.stringify(text));
}

function isAddress(identity: string): boolean {
  return identity.includes('@');
}

function isWithin(domain: string, parent: string): boolean {
  return domain === parent || domain.endsWith(`.${parent}`);
}
