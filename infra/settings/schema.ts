import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { whenUncertainSchema } from '../../shared/domain/digests/delivery-state.ts';
import { listIdSchema } from '../../shared/domain/lists/lists.ts';
import { DEFAULT_LEFT_RETENTION_DAYS, DELIVERY_RETENTION_DAYS } from '../../shared/domain/retention.ts';
import { cadences } from '../../shared/domain/subscribers/cadence.ts';
import { MAX_LISTS } from '../../shared/domain/subscribers/subscriber.ts';
import { explainedAddressSchema } from '../../shared/domain/subscribers/typed-address.ts';
import { monitoringSchema } from '../../shared/observability.ts';
import { publicationSchema } from '../../shared/presentation/publication.ts';
import { hourlyLimitsSchema } from '../../shared/subscribers/web-budgets.ts';
import { trustedProxiesSchema } from '../../shared/web/parts/client-address.ts';
import { listsSettings } from './lists-schema.ts';
import { openSearchSettings } from './open-search.ts';
import { hostedZoneSchema, hostNameSchema, siteSettings } from './site-schema.ts';

/** Log retention that CloudWatch offers, in days. Copied from the CDK, so that commands need not load it. */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const satisfies readonly RetentionDays[];

/** Marks an address for the reference, because the JSON schema cannot express its rule. */
const ADDRESS = { format: 'email' } as const;

/** A resource takes 50 tags, and CloudFormation adds some. */
const MAX_TAGS = 40;

/** Tags that all services of the stacks accept. The prefixes `aws:` and `broadsheet:` are reserved. */
const tagsSchema = z
  .record(
    z
      .string()
      .regex(
        /^(?!(aws|broadsheet):)[\p{L}\p{N} _.:/=+@-]{1,128}$/iu,
        'expected a tag of 1 to 128 letters, digits, spaces and _.:/=+@-, not starting with "aws:" or "broadsheet:"',
      ),
    z
      .string()
      .regex(
        /^[\p{L}\p{N} _.:/=+@-]{0,256}$/u,
        'expected a value of at most 256 letters, digits, spaces and _.:/=+@-',
      ),
  )
  .refine((tags) => Object.keys(tags).length <= MAX_TAGS, { error: `expected at most ${MAX_TAGS} tags` })
  .refine(
    (tags) => new Set(Object.keys(tags).map((name) => name.toLowerCase())).size === Object.keys(tags).length,
    {
      error:
        'expected names that differ by more than capital letters, because IAM takes "Owner" and "owner" for one tag',
    },
  );

const { publicUrl, listId, name, postalAddress, accentColour, accentColourDark } = publicationSchema.shape;

const publicationSettings = z.strictObject({
  fromAddress: explainedAddressSchema.check(
    z.meta({ ...ADDRESS, description: 'Every mail comes from this address, `papers@example.org`.' }),
  ),
  name: name.check(z.describe('The masthead and the sender’s display name, at most 60 characters.')),
  replyTo: z
    .optional(explainedAddressSchema)
    .check(z.meta({ ...ADDRESS, description: 'The address for replies. Default: `fromAddress`.' })),
  postalAddress: postalAddress.check(
    z.describe(
      'The sender’s postal address, one line in the footer of each mail. Some laws require it. Default: none.',
    ),
  ),
  publicUrl: z.optional(publicUrl).meta({
    format: 'uri',
    description:
      'The origin of the pages, `https://daily.example.org`, if your own proxy or CDN is in front of the HTTP API. Set `trustedProxies` as well. Default: `https://` and `site.domainName`, or the AWS address of the API if there is no `site`.',
  }),
  listId: z
    .optional(listId)
    .describe(
      'The `List-Id` header, by which mail programs sort. Write it like a host name, and never change it. Default: `digests.` and the domain of `fromAddress`.',
    ),
  unsubscribeMailto: z.optional(explainedAddressSchema).check(
    z.meta({
      ...ADDRESS,
      description:
        'A mailbox for unsubscribe requests, which you read and act on. The `List-Unsubscribe` header names it beside the link. Default: none, because the link is enough.',
    }),
  ),
  accentColour: accentColour.check(
    z.describe(
      'The accent colour of mails and pages, `#rrggbb`. A bright one is darkened until it is readable.',
    ),
  ),
  accentColourDark: accentColourDark.check(
    z.describe(
      'The accent colour of dark mode, `#rrggbb`. Default: `accentColour`, lightened until it is readable.',
    ),
  ),
});

const senderSettings = z
  .strictObject({
    identity: z
      .union([explainedAddressSchema.check(z.meta(ADDRESS)), hostNameSchema], {
        error: 'expected an email address like "papers@example.org" or a domain like "example.org"',
      })
      .optional()
      .describe(
        'The identity that SES verifies: the address itself, or its domain. A domain adds DKIM. Default: `publication.fromAddress`.',
      ),
    isVerified: z
      .boolean()
      .default(false)
      .describe(
        '`true` if the account had the identity in this region before the first deployment. The deployment then uses it, and you keep its records yourself. Do not set it for an identity that the deployment created: the next deployment would delete that identity.',
      ),
    hostedZone: hostedZoneSchema
      .optional()
      .describe(
        'The zone of the domain. The deployment writes DKIM, SPF and DMARC records into it. Default: none, you write the records.',
      ),
    dmarcPolicy: z
      .enum(['none', 'quarantine', 'reject', 'unchanged'])
      .default('none')
      .describe(
        'The policy of the DMARC record, used only with `hostedZone`. `unchanged` writes no record, and deletes one that an earlier deployment wrote. Choose it if the zone already has one, because the deployment cannot write a second.',
      ),
  })
  .prefault({});

/** The settings of a deployment, which an operator writes in a JSON file. */
export const settingsSchema = z.strictObject({
  stage: z
    .enum(['dev', 'prod'])
    .describe(
      'Part of the names of the stacks. `dev` can be thrown away. `prod` has deletion protection, backups, and tables that outlive the stack.',
    ),
  account: z
    .string()
    .regex(/^\d{12}$/, 'expected the id of an AWS account, 12 digits, like "111122223333"')
    .optional()
    .describe(
      'The AWS account of the deployment, 12 digits in quotes. Every command refuses credentials of another account. Default: any.',
    ),
  region: z
    .string()
    .regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/, 'expected the name of an AWS region like "eu-west-1"')
    .optional()
    .describe(
      'The AWS region of the deployment. Commands use it, and refuse another region in `AWS_REGION` or the profile. Default: that of `AWS_REGION` or the profile. Commands need one of them.',
    ),
  publication: publicationSettings.describe('The name of your publication, and the sender of its mails.'),
  sender: senderSettings.describe('The identity that SES verifies.'),
  site: siteSettings.describe('Your own domain for the pages. Default: none.'),
  trustedProxies: z
    ._default(trustedProxiesSchema, [])
    .describe(
      'The address ranges of your own proxies or CDN in front of the HTTP API, not of the CloudFront of `site`: `["203.0.113.0/24"]`. Each has a prefix of at least 8 bits (IPv6: 16). Only these proxies may name the client in `X-Forwarded-For`. Without them all readers behind a proxy count as one client. They then share `hourlyLimits.requestsPerClient`, and consent records hold the proxy’s address. docs/operating.md says how to get the ranges of CloudFront.',
    ),
  hourlyLimits: z
    .prefault(hourlyLimitsSchema, {})
    .describe(
      'How many mails visitors of the web pages can request in an hour. Each of the three kinds counts separately: sign-ups, links to manage, and data links. Raise the limits before a launch or an event.',
    ),
  lists: listsSettings.describe(
    'The lists that are read, by source, and when. Only the sources that are named here are read. Default: `hf-daily`.',
  ),
  defaults: z
    .strictObject({
      cadence: z.enum(cadences).default('daily').describe('How often a digest comes.'),
      hour: z.int().min(0).max(23).default(8).describe('The local hour of delivery, 0 to 23.'),
      lists: z
        .array(listIdSchema)
        .min(1)
        .max(MAX_LISTS)
        .optional()
        .describe(
          'The lists of a subscriber who chooses none, `["hf-daily", "arxiv/cs.CL"]`, such as with the short form on the front page. The sign-up page ticks them. Default: `hf-daily`, or the first list if that is not read.',
        ),
    })
    .prefault({})
    .describe('The default preferences of new subscribers.'),
  sending: z
    .strictObject({
      accountRatePerSec: z
        .number()
        .min(1)
        .max(5000)
        .default(14)
        .describe(
          'The rate of your SES account in mails a second, as `npx broadsheet doctor` shows it. A new account out of the sandbox has 14. It only decides the default and the highest value of `maxWorkers`. Mails go out at the rate that SES reports, whatever you write here.',
        ),
      maxWorkers: z
        .int()
        .min(2)
        .max(1000)
        .optional()
        .describe(
          'How many executions of `send-digests` may run at the same time. They share the rate of the account. As many of `handle-feedback`, and as many of `fan-out-digests` but at most five, may run beside them. Default: one for each 25 mails a second, or for each 40 with arXiv, at least 2.',
        ),
      whenUncertain: z
        ._default(whenUncertainSchema, 'at-most-once')
        .describe(
          'What happens to a digest with an unknown send status, because SES gave no clear answer or a function died. `at-most-once` never sends it again, and the audit shows it. `at-least-once` sends it again after a quarter to half an hour, unless SES reports by then that it was sent. It tries three times in all. A subscriber may get the digest twice.',
        ),
    })
    .prefault({})
    .describe('How many workers send digests, and what happens if SES does not answer.'),
  eventTracking: z
    .boolean()
    .optional()
    .describe(
      'Whether SES reports every sent and delivered mail. These events settle digests with an unknown send status. They cost more than all else that Broadsheet does for a mail. SES always reports bounces, complaints and rejected mails. Default: `true` with `sending.whenUncertain: at-least-once`, where these events prevent second mails, and otherwise `false`.',
    ),
  encryptTopics: z
    .boolean()
    .default(false)
    .describe(
      'Whether a key of the account encrypts the messages of the two topics: SES events, which contain addresses, and alarms. The key costs $1 a month. Tables, queues and the secret are always encrypted.',
    ),
  tags: tagsSchema
    .default({})
    .describe(
      'Tags for every resource that accepts tags, `{ "owner": "library" }`, at most 40. The deployment adds `broadsheet:stage`.',
    ),
  monitoring: z
    ._default(monitoringSchema, 'basic')
    .describe(
      '`basic` has one alarm for each kind of problem, and ten metrics, close to the free allowance. `full` has more metrics, separate alarms for each source, queue and function, and traces. docs/cost.md compares the costs.',
    ),
  alarmAddress: z
    .optional(explainedAddressSchema.check(z.meta(ADDRESS)))
    .describe(
      'The address that gets a mail for each alarm. It must first confirm a mail from AWS. Default: none, the dashboard shows the alarms.',
    ),
  search: z
    .strictObject({
      openSearch: openSearchSettings
        .optional()
        .describe(
          'A domain of Amazon OpenSearch Service, or a collection of OpenSearch Serverless, for more papers than one process can search. docs/search.md says when. Default: none, searches run in `ApiFunction`.',
        ),
    })
    .prefault({})
    .describe('Where papers are searched.'),
  leftRetentionDays: z
    .int()
    // At least as long as the ledger keeps deliveries, so the profile is deleted last.
    .min(DELIVERY_RETENTION_DAYS)
    .max(3650)
    .default(DEFAULT_LEFT_RETENTION_DAYS)
    .describe(
      'Days to keep the profile of a subscriber who left. Then the profile is erased, with its address and consent. A note without the address stays, which says that they left, so that no import mails them again. After a change, run `npx broadsheet subscribers apply-retention`.',
    ),
  logRetentionDays: z
    .literal(retentionDays, { error: `expected one of ${retentionDays.join(', ')}` })
    .default(30)
    .describe('Days to keep logs.'),
});

export type SettingsInput = z.input<typeof settingsSchema>;
export type Settings = z.infer<typeof settingsSchema>;
