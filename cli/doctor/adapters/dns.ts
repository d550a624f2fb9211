import { Resolver } from 'node:dns/promises';
import { type Dns, DnsError } from '../ports.ts';

/** The name does not exist, or has no such record. */
const NOTHING = ['ENODATA', 'ENOTFOUND'];
const TIMEOUT_MS = 5_000;

/** The name servers of this machine. */
export function createDns(
  resolver: Pick<Resolver, 'resolveTxt'> = new Resolver({ timeout: TIMEOUT_MS, tries: 2 }),
): Dns {
  return {
    async fetchTexts(name) {
      try {
        const records = await resolver.resolveTxt(name);
        // A record longer than 255 characters comes in pieces, which belong together without a space.
        return records.map((pieces) => pieces.join(''));
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code !== undefined && NOTHING.includes(code)) return [];
        throw new DnsError(`no name server answered for ${name} (${message})`, { cause: error });
      }
    },
  };
}
