import * as z from '../domain/zod.ts';

/** Text. Undefined for anything else. */
const textSchema = z.catch(z.optional(z.string()), undefined);

/** The valid items of a list. Empty for anything else. */
const listOf = <Item>(schema: z.ZodMiniType<Item>) =>
  z.pipe(
    z.catch(z.array(z.unknown()), []),
    z.transform((items) =>
      items.flatMap((item) => {
        const parsed = schema.safeParse(item);
        return parsed.success ? [parsed.data] : [];
      }),
    ),
  );

const recipientSchema = z.object({ action: textSchema, status: textSchema });

export type BouncedRecipient = z.infer<typeof recipientSchema>;

const mailSchema = z.object({
  messageId: z.string().check(z.minLength(1)),
  timestamp: textSchema,
  /** Each a list of values. */
  tags: z.catch(z.record(z.string(), z.unknown()), {}),
});

const bounceSchema = z.object({
  bounceType: textSchema,
  bounceSubType: textSchema,
  bouncedRecipients: listOf(recipientSchema),
  timestamp: textSchema,
});

const complaintSchema = z.object({
  complaintFeedbackType: textSchema,
  timestamp: textSchema,
});

const deliverySchema = z.object({ timestamp: textSchema });

const rejectSchema = z.object({ reason: textSchema });

/** A part of an event. Empty if it is missing or not an object. */
const part = <Output>(schema: z.ZodMiniType<Output>) => z.catch(schema, () => schema.parse({}));

/**
 * An event of event publishing (`eventType`) or of an identity's notifications (`notificationType`). Only the type is required.
 * Missing and invalid fields are left out.
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
 * @see https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
 */
export const sesEventSchema = z
  .pipe(
    z.object({
      eventType: textSchema,
      notificationType: textSchema,
      mail: z.catch(z.optional(mailSchema), undefined),
      bounce: part(bounceSchema),
      complaint: part(complaintSchema),
      delivery: part(deliverySchema),
      reject: part(rejectSchema),
    }),
    z.transform(({ eventType, notificationType, ...event }) => ({
      ...event,
      type: eventType ?? notificationType,
    })),
  )
  .check(z.refine(({ type }) => type !== undefined));

export type SesEvent = z.infer<typeof sesEventSchema>;
