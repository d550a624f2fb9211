import { domainOf } from '../../../shared/domain/address.ts';
import { type Finding, fail, ok, warn } from '../finding.ts';
import type { Dns } from '../ports.ts';
import { domainsAbove, type KnownSender, mailFromOf, signerOf } from './sender-identity.ts';

const RECORDS = 'docs/operating.md, "DKIM, SPF and DMARC"';
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
