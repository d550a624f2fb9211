import { deliverySchema } from '../../domain/digests/delivery.ts';
import { DEFAULT_SORT, sorts } from '../../domain/papers/sort.ts';
import { MAX_ADDRESS_CHARS, MIN_ADDRESS_CHARS } from '../../domain/subscribers/address.ts';
import { mailAllowanceSchema } from '../../domain/subscribers/mail-allowance.ts';
import {
  DEFAULT_MAX_PAPERS,
  maxPapersSchema,
  mutedAuthorsSchema,
  mutedPapersSchema,
  subscriberSchema,
  subscriptionSchema,
} from '../../domain/subscribers/subscriber.ts';
import { suppressionSchema } from '../../domain/subscribers/suppression.ts';
import { typedAddressSchema } from '../../domain/subscribers/typed-address.ts';
import { timeZoneSchema } from '../../domain/time/time-zone.ts';
import * as z from '../../domain/zod.ts';
import { MAX_QUERY_LENGTH } from '../../matching/query/parse-query.ts';
import { querySchema as enteredQuerySchema } from '../../matching/query/query-schema.ts';
import { parseName } from '../../matching/text/names.ts';
import { examples } from './examples.ts';
import { adviceSchema } from './paper-schemas.ts';
import { reasonSchema } from './reasons.ts';

const { id, ...subscriptionShape } = subscriptionSchema.shape;
export const subscriptionIdSchema = id.check(z.meta({ examples: [examples.subscription.id] }));
const { status, hour, weekday, format, pausedUntil } = subscriberSchema.shape;

const mutedPapers = mutedPapersSchema.check(
  z.describe('Ids of papers. Digests and previews leave them out.'),
);
const mutedAuthors = mutedAuthorsSchema.check(
  z.describe('Names of authors. Digests and previews leave out the papers of everybody with such a name.'),
);

/** A value that is named twice counts once, in its first spelling. */
const distinct = (schema: z.ZodMiniType<string[], string[]>, toKey = (value: string) => value) =>
  z.pipe(
    schema,
    z.transform((values: string[]) => {
      const keys = values.map(toKey);
      return values.filter((_, position) => keys.indexOf(keys[position] ?? '') === position);
    }),
  );

const listsSchema = distinct(subscriptionShape.lists).check(
  z.describe('Ids of lists. `GET /v1/lists` returns them.'),
);

const querySchema = z
  .pipe(z.string().check(z.maxLength(MAX_QUERY_LENGTH), z.trim()), enteredQuerySchema)
  .check(
    z.describe(
      'Words, "phrases", prefixes (`diffus*`), AND, OR, NOT or `-`, parentheses, and fields such as `title:`, `author:`, `cat:`, `has:code` and `upvotes:>=10`. An empty text matches every paper.',
    ),
  );

const cadenceSchema = subscriptionShape.cadence.check(z.describe('How often digests arrive.'));
const describedMaxPapers = maxPapersSchema.check(z.describe('The most papers in a digest.'));
const sortSchema = z
  .enum(sorts)
  .check(
    z.describe(
      'How the papers of a digest are sorted: `trending` papers first, `new` papers first, or the best `match` first.',
    ),
  );
const tellPickedSchema = z.optional(
  z
    .boolean()
    .check(
      z.describe(
        'Whether a digest reports, once, that Hugging Face picked a paper that was sent before. False unless set.',
      ),
    ),
);
const tellVersionsSchema = z.optional(
  z
    .boolean()
    .check(
      z.describe(
        'Whether digests report, once each, new versions of papers that were sent before, or that were on a list here and are in the query as `id:`. False unless set.',
      ),
    ),
);
const zoneSchema = timeZoneSchema.check(
  z.meta({
    description:
      'An IANA time zone name, current or former, like "Europe/Berlin". Offsets such as "+02:00" and abbreviations such as "CEST" are refused.',
    format: 'iana-time-zone',
    examples: ['Europe/Berlin'],
  }),
);
const localHourSchema = hour.check(z.describe('The local hour of delivery.'));
const mailboxSchema = typedAddressSchema.check(
  z.meta({
    description:
      'An email address, like "ada@example.org". These forms also work: "mailto:ada@example.org", "Ada <ada@example.org>".',
    format: 'email',
    minLength: MIN_ADDRESS_CHARS,
    maxLength: MAX_ADDRESS_CHARS,
    examples: ['ada@example.org'],
  }),
);

/** Returns what the spellings of a name have in common, whatever their case and accents. */
function toNameKey(name: string): string {
  return parseName(name).readings[0]?.whole || name;
}

/** What a subscription asks for. */
export const subscriptionFieldsSchema = z
  .strictObject({
    lists: listsSchema,
    query: z._default(querySchema, ''),
    cadence: cadenceSchema,
    maxPapers: z._default(describedMaxPapers, DEFAULT_MAX_PAPERS),
    sort: z._default(sortSchema, DEFAULT_SORT),
    tellPicked: tellPickedSchema,
    tellVersions: tellVersionsSchema,
  })
  .check(z.meta({ examples: [examples.subscriptionFields] }));

/** The changes of a subscription. A field that is left out stays. */
export const subscriptionChangeSchema = z
  .strictObject({
    lists: z.optional(listsSchema),
    query: z.optional(querySchema),
    cadence: z.optional(cadenceSchema),
    maxPapers: z.optional(describedMaxPapers),
    sort: z.optional(sortSchema),
    tellPicked: tellPickedSchema,
    tellVersions: tellVersionsSchema,
  })
  .check(z.meta({ examples: [examples.subscriptionChange] }));

/** A subscription in an answer. */
export const subscriptionViewSchema = z
  .object({
    id: subscriptionIdSchema,
    lists: z.array(z.string()),
    query: z.string(),
    cadence: subscriptionShape.cadence,
    maxPapers: z.int(),
    sort: sortSchema,
    tellPicked: tellPickedSchema,
    tellVersions: tellVersionsSchema,
    advice: adviceSchema,
  })
  .check(z.meta({ examples: [examples.subscription] }));

/** A subscriber in an answer. */
export const profileSchema = z
  .object({
    address: z.string().check(z.meta({ format: 'email' })),
    status: status.check(z.describe('The status now. After a pause has ended, it is `confirmed`.')),
    timeZone: z.string(),
    hour,
    weekday,
    format,
    pausedUntil,
    mutedPapers,
    mutedAuthors,
    subscriptions: z.array(subscriptionViewSchema),
  })
  .check(z.meta({ examples: [examples.profile] }));

export type Profile = z.infer<typeof profileSchema>;

const deliveryShape = {
  timeZone: z.optional(zoneSchema),
  hour: z.optional(localHourSchema),
  weekday: z.optional(weekday.check(z.describe('The weekday of weekly digests: 1 is Monday, 7 is Sunday.'))),
  format: z.optional(format),
};

/** The changes of a profile. A field that is left out stays. */
export const profileChangeSchema = z
  .strictObject({
    ...deliveryShape,
    mutedPapers: z.optional(distinct(mutedPapers)),
    mutedAuthors: z.optional(distinct(mutedAuthors, toNameKey)),
  })
  .check(z.meta({ examples: [examples.profileChange] }));

export const signUpRequestSchema = z
  .strictObject({
    address: mailboxSchema,
    timeZone: z._default(zoneSchema, 'UTC'),
    hour: z.optional(localHourSchema),
    subscription: z.optional(subscriptionFieldsSchema),
  })
  .check(z.meta({ examples: [examples.signUp] }));

export const addressRequestSchema = z
  .strictObject({ address: mailboxSchema })
  .check(z.meta({ examples: [examples.address] }));

export const confirmationRequestSchema = z
  .strictObject({
    token: z.string().check(z.maxLength(200), z.describe('The token at the end of the link in the email.')),
    ...deliveryShape,
    subscription: z.optional(subscriptionFieldsSchema),
  })
  .check(z.meta({ examples: [examples.confirmationRequest] }));

export const pauseRequestSchema = z
  .strictObject({
    until: z.optional(
      z.iso
        .date('expected a day such as 2026-01-05')
        .check(
          z.describe(
            'The first day with digests again, at most a year ahead. Without it the pause lasts until the subscriber resumes.',
          ),
        ),
    ),
  })
  .check(z.meta({ examples: [examples.pause] }));

export const confirmationSchema = z
  .object({
    manageToken: z
      .string()
      .check(
        z.describe(
          'A bearer token for requests about the subscriber. It cannot export data, erase data or make old links invalid.',
        ),
      ),
    profile: profileSchema,
    advice: adviceSchema,
  })
  .check(z.meta({ examples: [examples.confirmation] }));

export const renewedLinksSchema = z
  .object({ manageToken: confirmationSchema.shape.manageToken })
  .check(z.meta({ examples: [examples.renewedLinks] }));

export const feedUrlsSchema = z
  .object({ atom: z.url().check(z.describe('As Atom.')), json: z.url().check(z.describe('As JSON Feed.')) })
  .check(z.meta({ examples: [examples.feedUrls] }));

export const acceptedSchema = z
  .object({ message: z.string(), advice: adviceSchema })
  .check(z.meta({ examples: [examples.accepted] }));

export const previewSchema = z
  .object({
    days: z.int().check(z.describe('The number of days before today that were searched.')),
    total: z
      .int()
      .check(
        z.describe('The number of papers that match. `papers` holds the best, as many as fit into a digest.'),
      ),
    counts: z.array(
      z.object({
        days: z.int(),
        total: z.int(),
        lists: z
          .array(z.object({ list: z.string(), total: z.int() }))
          .check(z.describe('A paper on two lists counts in both.')),
      }),
    ),
    hint: z.optional(
      z.string().check(z.describe('Why the query may not be what its writer wanted, and what to try.')),
    ),
    advice: adviceSchema,
    papers: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        url: z.url(),
        upvotes: z.optional(z.int().check(z.describe('Missing if no list that has it counts votes.'))),
        reasons: z.array(reasonSchema),
        reason: z.optional(
          z
            .string()
            .check(
              z.describe(
                'The reasons in a sentence, and how the votes grew. Missing if there is nothing to say.',
              ),
            ),
        ),
      }),
    ),
  })
  .check(z.meta({ examples: [examples.preview] }));

/** All stored data about a subscriber. */
export const personalDataSchema = z
  .object({
    profile: subscriberSchema,
    digests: z.array(deliverySchema),
    requestedMail: z.optional(mailAllowanceSchema),
    suppression: z.optional(suppressionSchema),
  })
  .check(z.meta({ examples: [examples.personalData] }));
