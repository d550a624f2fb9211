import * as z from 'zod';
import { MAX_ADDRESS_CHARS, MIN_ADDRESS_CHARS, typedAddressSchema } from '../../domain/address.ts';
import { deliverySchema } from '../../domain/delivery.ts';
import type { ListId } from '../../domain/lists.ts';
import { mailAllowanceSchema } from '../../domain/mail-allowance.ts';
import { statusAt } from '../../domain/pause.ts';
import { DEFAULT_SORT, sorts } from '../../domain/sort.ts';
import {
  maxPapersSchema,
  mutedAuthorsSchema,
  mutedPapersSchema,
  type Subscriber,
  subscriberSchema,
  subscriptionSchema,
} from '../../domain/subscriber.ts';
import { suppressionSchema } from '../../domain/suppression.ts';
import type { Instant } from '../../domain/time.ts';
import { timeZoneSchema } from '../../domain/time-zone.ts';
import { MAX_QUERY_LENGTH } from '../../matching/query/parse-query.ts';
import { querySchema as enteredQuerySchema } from '../../matching/query/query-schema.ts';
import { examples } from './examples.ts';
import { reasonSchema } from './reasons.ts';

const { id, ...subscriptionShape } = subscriptionSchema.shape;
const subscriptionIdSchema = id.meta({ examples: [examples.subscription.id] });
const { status, hour, weekday, format, pausedUntil } = subscriberSchema.shape;

const mutedPapers = mutedPapersSchema.describe('Ids of papers. Digests and previews leave them out.');
const mutedAuthors = mutedAuthorsSchema.describe(
  'Names of authors. Digests and previews leave out the papers of everybody with such a name.',
);

export { subscriptionIdSchema };

/** A list named twice counts once. */
const listsSchema = subscriptionShape.lists
  .transform((lists): ListId[] => [...new Set(lists)])
  .describe('Ids of lists. `GET /v1/lists` returns them.');

const querySchema = z
  .string()
  .max(MAX_QUERY_LENGTH)
  .trim()
  .pipe(enteredQuerySchema)
  .describe(
    'Words, "phrases", prefixes (`diffus*`), AND, OR, NOT or `-`, parentheses, and fields such as `title:`, `author:`, `cat:`, `has:code` and `upvotes:>=10`. A paper matches if the query holds. An empty text matches every paper.',
  );

const cadenceSchema = subscriptionShape.cadence.describe('How often digests arrive.');
const describedMaxPapers = maxPapersSchema.describe('The most papers in a digest.');
const sortSchema = z
  .enum(sorts)
  .describe(
    'How the papers of a digest are sorted: `trending` papers first, `new` papers first, or the best `match` first.',
  );
const tellPickedSchema = z
  .boolean()
  .describe(
    'Whether a digest tells, once, that Hugging Face picked a paper that was sent before. Missing: false.',
  )
  .optional();
const tellVersionsSchema = z
  .boolean()
  .describe(
    'Whether a digest tells, once, of each new version of a paper that was sent before, or that the query names by `id:`. Missing: false.',
  )
  .optional();
const zoneSchema = timeZoneSchema.meta({
  description:
    'An IANA time zone name, current or former, like "Europe/Berlin". Offsets such as "+02:00" and abbreviations such as "CEST" are refused.',
  format: 'iana-time-zone',
  examples: ['Europe/Berlin'],
});
const localHourSchema = hour.describe('The local hour of delivery.');
const mailboxSchema = typedAddressSchema.meta({
  description:
    'An email address, like "ada@example.org". These forms also work: "mailto:ada@example.org", "Ada <ada@example.org>".',
  ...{ format: 'email', minLength: MIN_ADDRESS_CHARS, maxLength: MAX_ADDRESS_CHARS },
  examples: ['ada@example.org'],
});

/** What a subscription asks for. */
export const subscriptionFieldsSchema = z
  .strictObject({
    lists: listsSchema,
    query: querySchema.default(''),
    cadence: cadenceSchema,
    maxPapers: describedMaxPapers.default(10),
    sort: sortSchema.default(DEFAULT_SORT),
    tellPicked: tellPickedSchema,
    tellVersions: tellVersionsSchema,
  })
  .meta({ examples: [examples.subscriptionFields] });

/** The changes of a subscription. A field that is left out stays. */
export const subscriptionChangeSchema = z
  .strictObject({
    lists: listsSchema.optional(),
    query: querySchema.optional(),
    cadence: cadenceSchema.optional(),
    maxPapers: describedMaxPapers.optional(),
    sort: sortSchema.optional(),
    tellPicked: tellPickedSchema,
    tellVersions: tellVersionsSchema,
  })
  .meta({ examples: [examples.subscriptionChange] });

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
  })
  .meta({ examples: [examples.subscription] });

/** A subscriber in an answer. */
export const profileSchema = z
  .object({
    address: z.string().meta({ format: 'email' }),
    status: status.describe('The status now. After a pause has ended, it is `confirmed`.'),
    timeZone: z.string(),
    hour,
    weekday,
    format,
    pausedUntil,
    mutedPapers,
    mutedAuthors,
    subscriptions: z.array(subscriptionViewSchema),
  })
  .meta({ examples: [examples.profile] });

export type Profile = z.infer<typeof profileSchema>;

const deliveryShape = {
  timeZone: zoneSchema.optional(),
  hour: localHourSchema.optional(),
  weekday: weekday.describe('The weekday of weekly digests: 1 is Monday, 7 is Sunday.').optional(),
  format: format.optional(),
};

/** The changes of a profile. A field that is left out stays. */
export const profileChangeSchema = z
  .strictObject({
    ...deliveryShape,
    mutedPapers: mutedPapers.optional(),
    mutedAuthors: mutedAuthors.optional(),
  })
  .meta({ examples: [examples.profileChange] });

export const signUpRequestSchema = z
  .strictObject({
    address: mailboxSchema,
    timeZone: zoneSchema.default('UTC'),
    hour: localHourSchema.optional(),
    subscription: subscriptionFieldsSchema.optional(),
  })
  .meta({ examples: [examples.signUp] });

export const addressRequestSchema = z
  .strictObject({ address: mailboxSchema })
  .meta({ examples: [examples.address] });

export const confirmationRequestSchema = z
  .strictObject({
    token: z.string().max(200).describe('The token at the end of the link in the mail.'),
    ...deliveryShape,
    subscription: subscriptionFieldsSchema.optional(),
  })
  .meta({ examples: [examples.confirmationRequest] });

export const pauseRequestSchema = z
  .strictObject({
    until: z.iso
      .date()
      .describe(
        'The first day with digests again, at most a year ahead. Without it the pause lasts until the subscriber resumes.',
      )
      .optional(),
  })
  .meta({ examples: [examples.pause] });

export const confirmationSchema = z
  .object({
    manageToken: z
      .string()
      .describe(
        'A bearer token for requests about the subscriber. It cannot export data, erase data or make old links invalid.',
      ),
    profile: profileSchema,
  })
  .meta({ examples: [examples.confirmation] });

export const renewedLinksSchema = confirmationSchema
  .pick({ manageToken: true })
  .meta({ examples: [examples.renewedLinks] });

export const feedUrlsSchema = z
  .object({ atom: z.url().describe('As Atom.'), json: z.url().describe('As JSON Feed.') })
  .meta({ examples: [examples.feedUrls] });

export const acceptedSchema = z.object({ message: z.string() }).meta({ examples: [examples.accepted] });

export const previewSchema = z
  .object({
    days: z.int().describe('The number of days before today that were searched.'),
    total: z
      .int()
      .describe('The number of papers that match. `papers` holds the best, as many as fit into a digest.'),
    counts: z.array(
      z.object({
        days: z.int(),
        total: z.int(),
        lists: z
          .array(z.object({ list: z.string(), total: z.int() }))
          .describe('A paper on two lists counts in both.'),
      }),
    ),
    hint: z.string().describe('Why the query may not be what its writer wanted, and what to try.').optional(),
    papers: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        url: z.url(),
        upvotes: z.int(),
        reasons: z.array(reasonSchema),
        reason: z
          .string()
          .describe('The reasons in a sentence, and how the votes grew. Missing if there is nothing to say.')
          .optional(),
      }),
    ),
  })
  .meta({ examples: [examples.preview] });

/** All stored data about a subscriber. */
export const heldDataSchema = z
  .object({
    profile: subscriberSchema,
    digests: z.array(deliverySchema),
    requestedMail: mailAllowanceSchema.optional(),
    suppression: suppressionSchema.optional(),
  })
  .meta({ examples: [examples.heldData] });

/** Returns a subscriber as the API shows it at a moment. */
export function toProfile(subscriber: Subscriber, now: Instant): Profile {
  const { address, timeZone, subscriptions, pausedUntil: until } = subscriber;
  const current = statusAt(subscriber, now);
  return {
    address,
    status: current,
    timeZone,
    hour: subscriber.hour,
    weekday: subscriber.weekday,
    format: subscriber.format,
    ...(current === 'paused' && until !== undefined && { pausedUntil: until }),
    mutedPapers: subscriber.mutedPapers ?? [],
    mutedAuthors: subscriber.mutedAuthors ?? [],
    subscriptions,
  };
}
