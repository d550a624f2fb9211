import { domainOf } from '../../../shared/domain/address.ts';
import { type Finding, fail, ok, warn } from '../diagnosis.ts';
import type { Dns, SenderIdentity } from '../ports.ts';

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

const SPF_RECORD = 'v=spf1 include:amazonses.com ~all';
const DMARC_RECORD = 'v=DMARC1; p=none';

/**
 * Whether SPF lets SES send: for the MAIL FROM domain where there is one, which receivers ask, else for the sender's own,
 * which only some ask.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7208
 */
export async function checkSpf(dns: Dns, sender: KnownSender): Promise<Finding> {
  const mailFrom = mailFromOf(sender)?.domain;
  const domain = mailFrom ?? domainOf(sender.name);
  const records = (await dns.fetchTexts(domain)).filter((text) => /^v=spf1( |$)/i.test(text));
  const [record] = records;
  if (records.length > 1)
    return fail(
      `${domain} has ${records.length} SPF records: receivers then take none`,
      'merge them into one TXT record',
    );
  if (record && /(^| )\+?include:amazonses\.com( |$)/i.test(record)) return ok(`${domain} lets SES send`);

  const found = record
    ? `the SPF record of ${domain} does not include amazonses.com: ${record}`
    : `${domain} has no SPF record`;
  const advice = record
    ? 'add include:amazonses.com to it'
    : `write the TXT record "${SPF_RECORD}" (${RECORDS})`;
  return mailFrom
    ? fail(found, advice)
    : warn(`${found}; bounces go to a domain of SES that has one, but it is not the sender's`, advice);
}

/**
 * Whether the sender's domain tells receivers what to do with forgeries, which Gmail, Yahoo and Microsoft want of whoever mails
 * many, and whether our own mail would be taken for one.
 *
 * @param from the address that mails come from
 * @see https://www.rfc-editor.org/rfc/rfc7489
 */
export async function checkDmarc(dns: Dns, sender: KnownSender, from: string): Promise<Finding> {
  const domain = domainOf(from);
  const record = await findDmarc(dns, domain);
  if (!record)
    return fail(
      `${domain} has no DMARC record, and no domain above it has: Gmail, Yahoo and Microsoft want one`,
      `write the TXT record "${DMARC_RECORD}" at _dmarc.${domain} (${RECORDS})`,
    );
  const { at, tags } = record;
  const policy = (at !== domain && tags.get('sp')) || tags.get('p');
  if (!policy || !['none', 'quarantine', 'reject'].includes(policy))
    return fail(
      `the DMARC record at _dmarc.${at} has p=${policy ?? '(nothing)'}: expected none, quarantine or reject`,
      `write it like "${DMARC_RECORD}"`,
    );
  if (!isAligned(sender, domain, tags)) {
    const found = `_dmarc.${at} says p=${policy}, but mails carry no DKIM or SPF that is aligned with ${domain}`;
    const advice =
      'see DKIM and MAIL FROM above, and that the record does not ask for more (adkim=s, aspf=s)';
    return policy === 'none'
      ? warn(found, advice)
      : fail(`${found}: receivers are told to refuse them`, advice);
  }
  return ok(
    `_dmarc.${at} says p=${policy}`,
    policy === 'none'
      ? 'once reports show nobody else sending for it, p=quarantine keeps forgers out'
      : undefined,
  );
}

/** The record of the domain, or of the nearest one above it that has one; names of one label have none. */
async function findDmarc(dns: Dns, domain: string) {
  for (const at of domainsAbove(domain)) {
    const records = (await dns.fetchTexts(`_dmarc.${at}`)).filter((text) => /^v=DMARC1\s*(;|$)/.test(text));
    // Receivers take none where there are several.
    if (records.length === 1) return { at, tags: tagsOf(records[0] ?? '') };
  }
  return undefined;
}

function tagsOf(record: string): ReadonlyMap<string, string> {
  const pairs = record.split(';').map((tag) => tag.split('=').map((part) => part.trim().toLowerCase()));
  return new Map(pairs.map(([name = '', value = '']) => [name, value]));
}

/** Strict alignment asks for the very domain, where relaxed is content with one above or below it. */
function isAligned(sender: KnownSender, fromDomain: string, tags: ReadonlyMap<string, string>): boolean {
  const isStrict = (tag: string) => tags.get(tag) === 's';
  const signer = signerOf(sender);
  const byDkim = signer !== undefined && (!isStrict('adkim') || signer === fromDomain);
  const mailFrom = mailFromOf(sender);
  const bySpf = mailFrom?.status === 'SUCCESS' && (!isStrict('aspf') || mailFrom.domain === fromDomain);
  return byDkim || bySpf;
}
