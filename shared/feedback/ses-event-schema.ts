import * as z from 'zod';

/** Text. Undefined for anything else. */
const textSchema = z.string().optional().catch(undefined);

/** The valid items of a list. Empty for anything else. */
const listOf = <Item>(schema: z.ZodType<Item>) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((items) =>
      items.flatMap((item) => {
        const parsed = schema.safeParse(item);
        return parsed.success ? [parsed.data] : [];
      }),
    );

const recipientSchema = z.object({ action: textSchema, status: textSchema });

export type BouncedRecipient = z.infer<typeof recipientSchema>;

const mailSchema = z.object({
  messageId: z.string().min(1),
  timestamp: textSchema,
  /** Each a list of values. */
  tags: z.record(z.string(), z.unknown()).catch({}),
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
const part = <Output>(schema: z.ZodType<Output>) => schema.catch(() => schema.parse({}));

/**
 * An event of event publishing (`eventType`) or of an identity's notifications (`notificationType`). Only the type is required.
 * Missing and invalid fields are left out.
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
 * @see https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
 */
export const sesEventSchema = z
  .object({
    eventType: textSchema,
    notificationType: textSchema,
    mail: mailSchema.optional().catch(undefined),
    bounce: part(bounceSchema),
    complaint: part(complaintSchema),
    delivery: part(deliverySchema),
    reject: part(rejectSchema),
  })
  .transform(({ eventType, notificationType, ...event }) => ({
    ...event,
    type: eventType ?? notificationType,
  }))
  .refine(({ type }) => type !== undefined, { error: 'expected an "eventType" or a "notificationType"' });

export type SesEvent = z.infer<typeof sesEventSchema>;
