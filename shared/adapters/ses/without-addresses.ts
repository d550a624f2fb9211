/** Anything with an `@` in it, and what stands in quotes before one: more than addresses, so that none is missed. */
const LIKE_AN_ADDRESS = /"[^"]*"@\S*|\S*@\S*/g;

/** A text of SES on one line that may be logged and kept: `Email address is not verified. … EU-WEST-1: (address)`. */
export function withoutAddresses(text: string): string {
  return text.replaceAll(LIKE_AN_ADDRESS, '(address)').replaceAll(/\s+/g, ' ').trim();
}
