import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Outcome } from '../../cli/subscribers/import/import-subscribers.ts';
import { pickOne, type Random } from '../../test/simulation/seeded-random.ts';

/** A file with rows of every kind, and the expected result of its import. */
export interface MixedFile {
  /** How many rows have each result. */
  readonly expected: Readonly<Record<string, number>>;
  /** The addresses of subscribers that must exist before the import: it finds some, and ends the others. */
  readonly subscribers: readonly string[];
  /** How many profiles exist after the import, by status. */
  readonly profiles: Readonly<Record<string, number>>;
}

/** The share of each kind, in percent. */
const SHARES = { added: 40, asked: 25, inactive: 12, known: 8, ended: 5, repeated: 6, refused: 4 } as const;

const KINDS = Object.entries(SHARES).flatMap(([kind, share]) => Array<Outcome>(share).fill(kind as Outcome));

const HEADER = 'Email Address,First Name,Notes,Status,CONFIRM_TIME,CONFIRM_IP,CLEAN_TIME';
const PROOF = '2018-04-13 10:57:02,192.0.2.7';

/** Cells that are hard for a CSV parser: commas, doubled quotation marks, line breaks, accents. */
const NOTES = ['', 'met once', '"met, twice"', '"says ""hi"""', '"two\r\nlines"', 'Zoë née', '5" screen'];

/** Writes a file in Mailchimp's format. */
export async function writeMixedFile(path: string, rows: number, random: Random): Promise<MixedFile> {
  const expected: Record<string, number> = {};
  const profiles: Record<string, number> = {};
  const subscribers: string[] = [];
  const seen: string[] = [];
  const count = (counts: Record<string, number>, what: string) => {
    counts[what] = (counts[what] ?? 0) + 1;
  };

  const toRow = (n: number): string => {
    const drawn = pickOne(KINDS, random);
    const kind = drawn === 'repeated' && seen.length === 0 ? 'asked' : drawn;
    const address = `reader-${n}@example.org`;
    const notes = pickOne(NOTES, random);
    count(expected, kind);
    const cells = (who: string, status: string, proof: string, cleaned = '') =>
      `${who},Ada,${notes},${status},${proof},${cleaned}`;
    switch (kind) {
      case 'added':
        seen.push(address);
        count(profiles, 'confirmed');
        return cells(address, '', PROOF);
      case 'asked':
        seen.push(address);
        return cells(address, 'subscribed', ',');
      case 'inactive': {
        const isCleaned = random() < 0.5;
        count(profiles, isCleaned ? 'bounced' : 'unsubscribed');
        return cells(address, isCleaned ? '' : 'Abgemeldet', PROOF, isCleaned ? '2019-01-01 00:00:00' : '');
      }
      case 'known':
        subscribers.push(address);
        count(profiles, 'confirmed');
        return cells(address, 'active', PROOF);
      case 'ended':
        subscribers.push(address);
        count(profiles, 'complained');
        return cells(address, 'spam', ',');
      case 'repeated':
        return cells(pickOne(seen, random).toUpperCase(), '', PROOF);
      case 'refused':
        return pickOne(
          [
            cells(`reader-${n}`, '', PROOF),
            cells(address, 'whatever', PROOF),
            `"${address},Ada,,,${PROOF},`,
            `${address},Ada`,
          ],
          random,
        );
      default:
        throw new Error(`no row is ${kind}`);
    }
  };

  function* lines() {
    yield `${HEADER}\r\n`;
    for (let n = 0; n < rows; n += 1) yield `${toRow(n)}\r\n`;
  }
  await pipeline(Readable.from(lines()), createWriteStream(path));
  return { expected, subscribers, profiles };
}
