/** Another worker has a mail in hand and may still give it back: the message has to come again. */
export class InHandError extends Error {
  override readonly name = 'InHandError';
}
