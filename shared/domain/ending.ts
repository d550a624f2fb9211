/** The states that end all mail until the subscriber agrees again, from the least telling to the most. */
export const endings = ['unsubscribed', 'bounced', 'complained'] as const;

export type Ending = (typeof endings)[number];

/** Whether a status ends all mail until there is a new consent. */
export function isEnding(status: unknown): status is Ending {
  return endings.some((ending) => ending === status);
}
