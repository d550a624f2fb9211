import { domainOf } from '../../shared/domain/address.ts';
import { maxWorkersOf, senderIdentityOf } from './derived.ts';
import type { Settings } from './schema.ts';

/** What a worker needs to send a whole batch, 50 mails, within its four minutes, and some more. */
const MIN_SHARE_PER_SEC = 0.3;

/** What is wrong with settings that are right one by one: a line for each pair that does not agree. */
export function crossFaultsOf(settings: Settings): readonly string[] {
  const { publication, sender, sending, site } = settings;
  const domain = domainOf(publication.fromAddress);
  const identity = senderIdentityOf(settings);
  const mostWorkers = Math.floor(sending.maxRatePerSec / MIN_SHARE_PER_SEC);
  const isAddress = identity.includes('@');
  return [
    ...(isAddress && identity !== publication.fromAddress
      ? [
          `broadsheet.sender.identity is "${identity}": expected publication.fromAddress, "${publication.fromAddress}", or its domain`,
        ]
      : []),
    ...(!isAddress && !isWithin(domain, identity)
      ? [
          `broadsheet.sender.identity is "${identity}": expected the domain of publication.fromAddress, "${domain}", or one above it`,
        ]
      : []),
    ...(sender.hostedZone && isAddress
      ? [
          `broadsheet.sender.hostedZone is set: expected a domain as sender.identity with it, not the address "${identity}"`,
        ]
      : []),
    ...(sender.hostedZone && !isAddress && !isWithin(identity, sender.hostedZone.name)
      ? [
          `broadsheet.sender.hostedZone.name is "${sender.hostedZone.name}": expected the zone that holds "${identity}"`,
        ]
      : []),
    ...(sender.hostedZone && sender.isVerified
      ? [
          'broadsheet.sender.hostedZone is set: expected it where the deployment makes the identity, and not with sender.isVerified, which leaves the records to you',
        ]
      : []),
    ...(maxWorkersOf(settings) > mostWorkers
      ? [
          `broadsheet.sending.maxWorkers is ${maxWorkersOf(settings)}: expected at most ${mostWorkers} with sending.maxRatePerSec ${sending.maxRatePerSec}, so that each may send ${MIN_SHARE_PER_SEC} mails a second`,
        ]
      : []),
    ...(site && publication.publicUrl
      ? [`broadsheet.publication.publicUrl is "${publication.publicUrl}": expected it or site, not both`]
      : []),
    ...(site?.hostedZone && !isWithin(site.domainName, site.hostedZone.name)
      ? [
          `broadsheet.site.hostedZone.name is "${site.hostedZone.name}": expected the zone that holds "${site.domainName}"`,
        ]
      : []),
  ];
}

function isWithin(domain: string, parent: string): boolean {
  return domain === parent || domain.endsWith(`.${parent}`);
}
