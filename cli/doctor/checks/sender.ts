import { domainOf } from '../../../shared/domain/subscribers/address.ts';
import { type Finding, fail, ok, warn } from '../diagnosis.ts';
import type { Dns, SenderIdentity } from '../ports.ts';

const RECORDS = 'docs/operating.md, "DKIM, SPF and DMARC"';

/** The sender as SES knows it: the identity of the deployment, and for an address also its domain. */
export interface KnownSender {
  /** An address or a domain. */
  readonly name: string;
  readonly identity: SenderIdentity | undefined;
  /** The nearest domain of an address that SES knows. Undefined if it knows none. */
  readonly domain?: (SenderIdentity & { readonly name: string }) | undefined;
}

/** Checks whether SES may send from the identity. */
export function checkIdentity({ name, identity, domain }: KnownSender): Finding {
  if (!identity && domain?.isVerified) return ok(`${name} is verified by its domain ${domain.name}`);
  if (!identity)
    return fail(
      `SES does not know ${name} in this region`,
      'deploy with --revert-drift. If sender.isVerified is true, verify it in this region instead',
    );
  if (identity.isVerified) return ok(`${name} is verified`);
  return fail(
    `${name} is not verified: nothing can be sent`,
    isAddress(name)
      ? 'open the mail that AWS sent to it and follow its link'
      : `write the DKIM records of the domain into its zone (${RECORDS})`,
  );
}

/** Checks whether SES signs for the sender's domain, so that receivers can recognise forgeries. */
export function checkDkim(sender: KnownSender): Finding {
  const { name, identity } = sender;
  const signer = signerOf(sender);
  if (signer) return ok(`mails are signed for ${signer}`);
  if (isAddress(name))
    return warn(
      `SES verifies only the address and does not sign for ${domainOf(name)}: Gmail, Yahoo and Microsoft want DKIM of the sender's domain, and put mail without it into spam or refuse it`,
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

/** Checks whether bounces go to a domain of the sender. Aligned SPF needs that. */
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

/** Returns the domain that signs the mails, such as `example.org`. Undefined if none does. */
function signerOf({ name, identity, domain }: KnownSender): string | undefined {
  const isSigning = (identity: SenderIdentity | undefined) =>
    identity?.dkim.isSigning === true && identity.dkim.status === 'SUCCESS';
  if (isSigning(identity)) return domainOf(name);
  return isSigning(domain) ? domain?.name : undefined;
}

/** Returns the domain for bounces: that of the identity, or of the domain if SES has no identity for the address. */
function mailFromOf({ identity, domain }: KnownSender): SenderIdentity['mailFrom'] {
  return (identity ?? domain)?.mailFrom;
}

/**
 * Returns the domain of an address and those above it, the nearest first, without names of one label: `['a.example.org',
 * 'example.org']`.
 */
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
 * Checks whether SPF lets SES send. Receivers look at the MAIL FROM domain if there is one. Otherwise only some look at the
 * sender's domain.
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
 * Checks the DMARC record of the sender's domain, and whether our own mail passes it. Gmail, Yahoo and Microsoft want such a
 * record from bulk senders.
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
    return policy === 'none' ? warn(found, advice) : fail(`${found}, so receivers refuse them`, advice);
  }
  return ok(
    `_dmarc.${at} says p=${policy}`,
    policy === 'none'
      ? 'once reports show nobody else sending for it, p=quarantine keeps forgers out'
      : undefined,
  );
}

/** Returns the record of the domain, or of the nearest domain above it that has one. */
async function findDmarc(dns: Dns, domain: string) {
  for (const at of domainsAbove(domain)) {
    const records = (await dns.fetchTexts(`_dmarc.${at}`)).filter((text) => /^v=DMARC1\s*(;|$)/.test(text));
    // Receivers ignore the records if there are several.
    if (records.length === 1) return { at, tags: tagsOf(records[0] ?? '') };
  }
  return undefined;
}

function tagsOf(record: string): ReadonlyMap<string, string> {
  const pairs = record.split(';').map((tag) => tag.split('=').map((part) => part.trim().toLowerCase()));
  return new Map(pairs.map(([name = '', value = '']) => [name, value]));
}

/** Strict alignment needs the same domain. Relaxed alignment accepts one above or below it. */
function isAligned(sender: KnownSender, fromDomain: string, tags: ReadonlyMap<string, string>): boolean {
  const isStrict = (tag: string) => tags.get(tag) === 's';
  const signer = signerOf(sender);
  const byDkim = signer !== undefined && (!isStrict('adkim') || signer === fromDomain);
  const mailFrom = mailFromOf(sender);
  const bySpf = mailFrom?.status === 'SUCCESS' && (!isStrict('aspf') || mailFrom.domain === fromDomain);
  return byDkim || bySpf;
}
