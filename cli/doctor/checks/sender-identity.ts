import { domainOf } from '../../../shared/domain/address.ts';
import { type Finding, fail, ok, warn } from '../finding.ts';
import type { SenderIdentity } from '../ports.ts';

const RECORDS = 'docs/operating.md, "DKIM, SPF and DMARC"';

/** What SES knows of the sender: the identity of the deployment, and for an address a domain as well. */
export interface KnownSender {
  /** An address or a domain. */
  readonly name: string;
  readonly identity: SenderIdentity | undefined;
  /** The domain of an address, or the nearest one above it, that SES knows; undefined where it knows none. */
  readonly domain?: (SenderIdentity & { readonly name: string }) | undefined;
}

/** Whether SES lets mail from the identity out. */
export function checkIdentity({ name, identity, domain }: KnownSender): Finding {
  if (!identity && domain?.isVerified) return ok(`${name} is verified by its domain ${domain.name}`);
  if (!identity)
    return fail(
      `SES does not know ${name} in this region`,
      'deploy again, or where sender.isVerified is true, verify it in this region',
    );
  if (identity.isVerified) return ok(`${name} is verified`);
  return fail(
    `${name} is not verified: nothing can be sent`,
    isAddress(name)
      ? 'open the mail that AWS sent to it and follow its link'
      : `write the DKIM records of the domain into its zone (${RECORDS})`,
  );
}

/** Whether SES signs for the sender's domain, so that receivers can tell its mail from a forgery. */
export function checkDkim(sender: KnownSender): Finding {
  const { name, identity } = sender;
  const signer = signerOf(sender);
  if (signer) return ok(`mails are signed for ${signer}`);
  if (isAddress(name))
    return warn(
      `SES verifies the address alone and does not sign for ${domainOf(name)}: Gmail, Yahoo and Microsoft want DKIM of the sender's domain, and put mail without it into spam or refuse it`,
      'verify the domain instead: set sender.identity to it, deploy, and write its records',
    );
  const status = identity?.dkim.status ?? 'NOT_STARTED';
  const found = `DKIM of ${name} is ${status}${identity && !identity.dkim.isSigning ? ', and signing is switched off' : ''}`;
  const isOnItsWay = status === 'PENDING' || status === 'TEMPORARY_FAILURE';
  if (isOnItsWay)
    return warn(
      found,
      `SES has not seen the three CNAME records: check them (${RECORDS}); it may take 72 hours`,
    );
  return fail(found, `write the three CNAME records and see that signing is on (${RECORDS})`);
}

/** Whether bounces go to a domain of the sender, which SPF needs in order to be aligned. */
export function checkMailFrom(sender: KnownSender): Finding {
  const { name } = sender;
  const mailFrom = mailFromOf(sender);
  if (!mailFrom)
    return ok(`none of ${domainOf(name)}: bounces go to a domain of SES, and DMARC relies on DKIM`);
  const { domain, status, isRequired } = mailFrom;
  if (status === 'SUCCESS') return ok(`${domain} is in use`);
  const advice = `write its MX and SPF records (${RECORDS})`;
  const found = `${domain} is ${status}`;
  return isRequired
    ? fail(`${found}: SES sends nothing until it works`, advice)
    : warn(`${found}: a domain of SES is used instead`, advice);
}

/** The domain that mail carries a signature of: `example.org`; undefined where it carries none. */
export function signerOf({ name, identity, domain }: KnownSender): string | undefined {
  const isSigning = (one: SenderIdentity | undefined) =>
    one?.dkim.isSigning === true && one.dkim.status === 'SUCCESS';
  if (isSigning(identity)) return domainOf(name);
  return isSigning(domain) ? domain?.name : undefined;
}

/** Where bounces go: what the identity says, or where SES has none of its own for an address, its domain. */
export function mailFromOf({ identity, domain }: KnownSender): SenderIdentity['mailFrom'] {
  return (identity ?? domain)?.mailFrom;
}

/** The domain of an address and those above it, the nearest first, but for names of one label: `['a.example.org', 'example.org']`. */
export function domainsAbove(address: string): readonly string[] {
  const labels = domainOf(address).split('.');
  return labels.slice(0, -1).map((_, depth) => labels.slice(depth).join('.'));
}

export function isAddress(name: string): boolean {
  return name.includes('@');
}
