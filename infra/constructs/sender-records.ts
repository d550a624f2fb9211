import { Duration, Stack } from 'aws-cdk-lib';
import { CfnRecordSet, type IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { DkimRecord } from 'aws-cdk-lib/aws-ses';
import type { Construct } from 'constructs';
import type { Settings } from '../settings/schema.ts';

export interface SenderRecordsProps {
  readonly zone: IHostedZone;
  /** The domain that SES verifies, the zone's or one below it. */
  readonly domain: string;
  readonly dkimRecords: readonly DkimRecord[];
  readonly dmarcPolicy: Settings['sender']['dmarcPolicy'];
}

const TTL = Duration.minutes(30);

/** Where bounces go, below the sender's domain, so that SPF is aligned with it for DMARC: `bounce.example.org`. */
export function mailFromDomainOf(domain: string): string {
  return `bounce.${domain}`;
}

/**
 * The records by which receivers know the sender: DKIM, SPF of the bounce domain, and DMARC unless it is to be left as it is,
 * because a record that is there already cannot be written.
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/mail-from.html
 * @see https://www.rfc-editor.org/rfc/rfc7489
 */
export function addSenderRecords(scope: Construct, props: SenderRecordsProps): void {
  const { zone, domain, dkimRecords, dmarcPolicy } = props;
  const add = (id: string, name: string, type: string, value: string) =>
    new CfnRecordSet(scope, id, {
      hostedZoneId: zone.hostedZoneId,
      name,
      type,
      resourceRecords: [value],
      ttl: String(TTL.toSeconds()),
    });
  for (const [index, { name, value }] of dkimRecords.entries()) add(`Dkim${index + 1}`, name, 'CNAME', value);
  const mailFrom = mailFromDomainOf(domain);
  add('MailFromMx', mailFrom, 'MX', `10 feedback-smtp.${Stack.of(scope).region}.amazonses.com`);
  add('MailFromSpf', mailFrom, 'TXT', '"v=spf1 include:amazonses.com ~all"');
  if (dmarcPolicy !== 'unchanged') add('Dmarc', `_dmarc.${domain}`, 'TXT', `"v=DMARC1; p=${dmarcPolicy}"`);
}
