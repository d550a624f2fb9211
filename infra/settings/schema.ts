import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { addressSchema } from '../../shared/domain/address.ts';
import { cadences } from '../../shared/domain/cadence.ts';
import { whenUncertainSchema } from '../../shared/domain/delivery-state.ts';
import { type SourceName, sourceNames, sources } from '../../shared/domain/lists.ts';
import { DEFAULT_LEFT_RETENTION_DAYS, DELIVERY_RETENTION_DAYS } from '../../shared/domain/retention.ts';
import { publicationSchema } from '../../shared/mail/publication.ts';
import { monitoringSchema } from '../../shared/observability.ts';
import { hourlyLimitsSchema } from '../../shared/subscribers/web-budgets.ts';
import { trustedProxiesSchema } from '../../shared/web/parts/client-address.ts';
import { minutesSchema } from './minutes.ts';

/** The times that CloudWatch can keep logs for, in days. The CDK has them too, but every command would load it for them. */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const satisfies readonly RetentionDays[];

/** What the reference tells of an address, whose rule the schema cannot put into words. */
const ADDRESS = { format: 'email' } as const;

/** A resource takes 50, some of which CloudFormation adds. */
const MAX_TAGS = 40;

const HOST_NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const hostNameSchema = z
  .string()
  .regex(HOST_NAME, 'expected a host name in small letters like "example.org"');

const hostedZoneSchema = z.strictObject({
  id: z
    .string()
    .regex(/^Z[A-Z0-9]{1,31}$/, 'expected the id of a Route 53 hosted zone like "Z0123456789ABC"')
    .describe('The id of a public hosted zone of Route 53, `Z0123456789ABC`.'),
  name: hostNameSchema.describe('Its domain, `example.org`.'),
});

/** What all services of the stacks take as a tag. Keys that begin with `aws:` are reserved, and those with `broadsheet:` ours. */
const tagsSchema = z
  .record(
    z
      .string()
      .regex(
        /^(?!(aws|broadsheet):)[\p{L}\p{N} _.:/=+@-]{1,128}$/iu,
        'expected a tag of 1 to 128 letters, digits, spaces and _.:/=+@-, without "aws:" or "broadsheet:" in front',
      ),
    z
      .string()
      .regex(
        /^[\p{L}\p{N} _.:/=+@-]{0,256}$/u,
        'expected a value of at most 256 letters, digits, spaces and _.:/=+@-',
      ),
  )
  .refine((tags) => Object.keys(tags).length <= MAX_TAGS, { error: `expected at most ${MAX_TAGS} tags` });

const { fromAddress, publicUrl, listId, name, replyTo, postalAddress, unsubscribeMailto } =
  publicationSchema.shape;
const { accentColour, accentColourDark } = publicationSchema.shape;

const publicationSettings = z.strictObject({
  fromAddress: fromAddress.meta({
    ...ADDRESS,
    description: 'Every mail comes from this address, `papers@example.org`.',
  }),
  name: name.describe('The masthead and the sender’s display name, at most 60 characters.'),
  replyTo: replyTo.meta({ ...ADDRESS, description: 'Where an answer goes. Default: `fromAddress`.' }),
  postalAddress: postalAddress.describe(
    'The sender’s postal address, one line in the footer of each mail; some laws ask for it. Default: none.',
  ),
  publicUrl: publicUrl.optional().meta({
    format: 'uri',
    description:
      'The origin of the pages, `https://daily.example.org`, without a path, when a proxy or CDN of your own is in front of the HTTP API. Set `trustedProxies` as well. Default: `https://` and `site.domainName`, or without one the address that AWS gives the API.',
  }),
  listId: listId
    .optional()
    .describe(
      'What mail programs sort by (`List-Id`), written like a host name and never changed. Default: `digests.` and the domain of `fromAddress`.',
    ),
  unsubscribeMailto: unsubscribeMailto.meta({
    ...ADDRESS,
    description:
      'A mailbox that somebody reads and unsubscribes from, named in `List-Unsubscribe` beside the link. Default: none, the link is enough.',
  }),
  accentColour: accentColour.describe('The one accent colour of mails, `#rrggbb`.'),
  accentColourDark: accentColourDark.describe(
    'The accent colour of dark mode, `#rrggbb`. Default: `accentColour`, lightened until it can be read.',
  ),
});

const senderSettings = z
  .strictObject({
    identity: z
      .union([addressSchema.meta(ADDRESS), hostNameSchema], {
        error: 'expected an e-mail address like "papers@example.org" or a domain like "example.org"',
      })
      .optional()
      .describe(
        'What SES verifies: the address itself, or its domain, which brings DKIM. Default: `publication.fromAddress`.',
      ),
    isVerified: z
      .boolean()
      .default(false)
      .describe(
        '`true` where the account has the identity already, in this region: it is then used and not created, and its records are yours.',
      ),
    hostedZone: hostedZoneSchema
      .optional()
      .describe(
        'The zone of the domain. DKIM, SPF and DMARC records are then written into it. Default: none, you write them.',
      ),
    dmarcPolicy: z
      .enum(['none', 'quarantine', 'reject', 'unchanged'])
      .default('none')
      .describe(
        'What the DMARC record asks of receivers; used with `hostedZone` alone. `unchanged` writes none: where the zone has one already, a deployment that would write it fails.',
      ),
  })
  .prefault({});

const siteSettings = z
  .strictObject({
    domainName: hostNameSchema.describe('The domain of the pages, `daily.example.org`.'),
    certificateArn: z
      .string()
      .regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/.+$/, {
        error:
          'expected the ARN of a certificate in the region of the deployment like "arn:aws:acm:eu-west-1:111122223333:certificate/…"',
      })
      .describe('A certificate for it in AWS Certificate Manager, in the region of the deployment.'),
    hostedZone: hostedZoneSchema
      .optional()
      .describe(
        'The zone of the domain. Its address record is then written into it. Default: none, you write it: a CNAME that leads to the output `SiteTarget`.',
      ),
    keepApiUrl: z
      .boolean()
      .default(false)
      .describe(
        'Whether the address that AWS gave the API works beside the domain. Set it for 90 days when you add a domain to a deployment that has mailed: the links in those mails lead to the old address.',
      ),
  })
  .optional();

const sourceSettings = (source: SourceName) =>
  z
    .strictObject({
      minutes: minutesSchema
        .default([...sources[source].minutes])
        .describe(
          'The minutes of every hour (UTC) at which it is read, in ascending order. Digests are planned at every quarter, so five minutes before one is best.',
        ),
      url: z
        .url({ protocol: /^https?$/ })
        .optional()
        .describe('Reads it from another place that answers alike. Default: the source itself.'),
    })
    .prefault({})
    .describe(`${sources[source].name}.`);

/** The settings of every source in the catalogue. */
const sourcesSettings = Object.fromEntries(
  sourceNames.map((source) => [source, sourceSettings(source)]),
) as Record<SourceName, ReturnType<typeof sourceSettings>>;

/** What an operator sets, in a JSON file. */
export const settingsSchema = z.strictObject({
  stage: z
    .enum(['dev', 'prod'])
    .describe(
      'Part of the stacks’ names. `dev` is made to be thrown away; `prod` is kept: deletion protection, backups, tables that outlive the stack.',
    ),
  account: z
    .string()
    .regex(/^\d{12}$/, 'expected the id of an AWS account, 12 digits, like "111122223333"')
    .optional()
    .describe(
      'The AWS account of the deployment, 12 digits in quotes. Every command refuses credentials of another one. Default: any.',
    ),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'expected the name of an AWS region like "eu-west-1"')
    .optional()
    .describe(
      'The AWS region of the deployment. Commands work there, and refuse another one in `AWS_REGION` or the profile. Default: that of `AWS_REGION` or the profile; without one, commands refuse to work.',
    ),
  publication: publicationSettings.describe('What the paper is called and where it comes from.'),
  sender: senderSettings.describe('The identity that SES sends for.'),
  site: siteSettings.describe('A domain of your own for the pages. Default: none.'),
  trustedProxies: trustedProxiesSchema
    .default([])
    .describe(
      'The address ranges of the proxies or CDN in front of the HTTP API, `["203.0.113.0/24"]`, each with a prefix of at least 8 bits (IPv6: 16). Behind these alone, `X-Forwarded-For` says who the client is. Without them all readers behind a proxy are one client, who may ask for `hourlyLimits.requestsPerClient` mails an hour, and consent records hold the proxy’s address. docs/operating.md says what to write for CloudFront.',
    ),
  hourlyLimits: hourlyLimitsSchema
    .prefault({})
    .describe(
      'How much may be asked for on the web in an hour, of each kind apart: sign-ups, links to manage, links to one’s data. Raise them before a launch or an event.',
    ),
  lists: z.strictObject(sourcesSettings).prefault({}).describe('The sources and when they are read.'),
  defaults: z
    .strictObject({
      cadence: z.enum(cadences).default('daily').describe('How often somebody is mailed who does not say.'),
      hour: z.int().min(0).max(23).default(8).describe('The local hour of it, 0 to 23.'),
    })
    .prefault({})
    .describe('What a new subscriber gets who does not choose.'),
  sending: z
    .strictObject({
      maxRatePerSec: z
        .number()
        .min(1)
        .max(5000)
        .default(14)
        .describe(
          'Mails a second that your SES account may send (`npx broadsheet doctor` shows it): a new account out of the sandbox has 14. It decides `maxWorkers` and nothing else: the pace itself follows what SES says.',
        ),
      maxWorkers: z
        .int()
        .min(2)
        .max(1000)
        .optional()
        .describe(
          'How many functions may send at once; they share the rate of the account. Default: one for each 15 mails a second, at least 2.',
        ),
      whenUncertain: whenUncertainSchema
        .default('at-most-once')
        .describe(
          'What becomes of a digest of which nobody knows whether it was sent, because the answer of SES was lost or a function died. `at-most-once`: it is never sent again, and the audit shows it. `at-least-once`: it is sent again while no answer comes, three times in all: not before a quarter hour has passed, mostly after half an hour, and not where SES has told by then that it was sent. Somebody may get it twice.',
        ),
    })
    .prefault({})
    .describe('What the SES account allows.'),
  eventTracking: z
    .boolean()
    .default(true)
    .describe(
      'Whether SES tells of every mail that it sends and delivers, which settles digests whose answer was lost. Bounces and complaints are told in any case.',
    ),
  encryptTopics: z
    .boolean()
    .default(false)
    .describe(
      'Whether a key of the account encrypts what the two topics hold on its way: events of SES, which have addresses, and alarms. The key costs $1 a month. Tables, queues and the secret are encrypted in any case.',
    ),
  tags: tagsSchema
    .default({})
    .describe(
      'Tags of every resource that takes them, `{ "owner": "library" }`, at most 40. The tag `broadsheet:stage` is added.',
    ),
  monitoring: monitoringSchema
    .default('basic')
    .describe(
      '`basic` has one alarm of each kind and ten metrics, near what every account has free, and one metric more while there is a fault. `full` measures more, and watches each list, queue and function by itself.',
    ),
  alarmAddress: addressSchema
    .meta(ADDRESS)
    .optional()
    .describe(
      'Who is mailed when an alarm goes off, once the address has confirmed the mail in which AWS asks it to. Default: nobody, alarms are seen on the dashboard.',
    ),
  leftRetentionDays: z
    .int()
    // As long as the ledger remembers what they were sent, so the profile is the last of their data to go.
    .min(DELIVERY_RETENTION_DAYS)
    .max(3650)
    .default(DEFAULT_LEFT_RETENTION_DAYS)
    .describe(
      'How long the profile of a subscriber who left is kept, in days: 365 is a year. Then it is erased by itself, with its address and consent. A record without the address stays, so no import mails them again. After a change run `npx broadsheet subscribers apply-retention`.',
    ),
  logRetentionDays: z
    .literal(retentionDays, { error: `expected one of ${retentionDays.join(', ')}` })
    .default(30)
    .describe('How long logs are kept, in days.'),
});

export type SettingsInput = z.input<typeof settingsSchema>;
export type Settings = z.infer<typeof settingsSchema>;
