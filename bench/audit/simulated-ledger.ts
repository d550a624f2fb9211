import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import {
  BATCH_PREFIX,
  batchKeyOf,
  editionPartitionOf,
  indexKeyOf,
  META_SORT_KEY,
  metaKeyOf,
  SUBSCRIBER_PREFIX,
  subscriberIdOf,
} from '../../shared/adapters/dynamodb/keys.ts';
import type { ItemKey } from '../../shared/adapters/dynamodb/table.ts';
import type { Edition } from '../../shared/domain/digests/cohort.ts';
import { addDays, type Day } from '../../shared/domain/time/time.ts';
import { BATCH_SIZE } from '../../shared/ports/queues.ts';
import type { VirtualTime } from '../../test/simulation/virtual-time.ts';

/** A `Deliveries` table of many identical days. It stores nothing: each answer is computed from its request. */
export interface SimulatedLedgerOptions {
  readonly days: number;
  readonly firstDay: Day;
  /** The digests of each day, in this many cohorts of one size. */
  readonly digestsPerDay: number;
  readonly cohorts: number;
  readonly time: VirtualTime;
}

/** The reads of the table so far. */
export interface LedgerReads {
  pages: number;
  units: number;
  bytes: number;
}

/** Measured sizes: the record of a digest, a batch of 100 ids with its counts, and the progress and index entry of an edition. */
const BYTES = { delivery: 433, batch: 2_500, meta: 250, index: 130 } as const;

/** A page of a query or a scan ends at 1 MB. A read unit is 4 KB, or 8 KB if the read may be stale. */
const PAGE_BYTES = 1_048_576;
const UNIT_BYTES = 4_096;

/** The time of a call from an operator's machine, and the time of each byte at 50 Mbit/s. */
const CALL_MS = 60;
const MS_PER_BYTE = 8 / 50_000;

type Item = Readonly<Record<string, unknown>>;

interface Request {
  readonly RequestItems?: Readonly<Record<string, { readonly Keys: readonly ItemKey[] }>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, string>>;
  readonly ExclusiveStartKey?: ItemKey;
  readonly Segment?: number;
  readonly TotalSegments?: number;
}

/** Creates a client of the simulated table. Its calls take virtual time. */
export function openSimulatedLedger(options: SimulatedLedgerOptions): {
  readonly documents: DynamoDBDocumentClient;
  readonly reads: LedgerReads;
} {
  const { days, firstDay, digestsPerDay, cohorts, time } = options;
  const perCohort = digestsPerDay / cohorts;
  const batchesPerCohort = perCohort / BATCH_SIZE;
  const editionsOf = (day: Day): readonly Edition[] =>
    Array.from({ length: cohorts }, (_, n) => ({
      cadence: 'daily',
      period: day,
      cohort: `daily#UTC#${String(n).padStart(2, '0')}`,
    }));
  const bytesPerDay =
    digestsPerDay * BYTES.delivery + cohorts * (batchesPerCohort * BYTES.batch + BYTES.meta + BYTES.index);
  const recordsPerDay = digestsPerDay + cohorts * (batchesPerCohort + 2);

  const toBatch = (edition: Edition, batch: number): Item => {
    const hour = edition.cohort.slice(-2);
    const subscriberIds = Array.from({ length: BATCH_SIZE }, (_, n) => `${hour}-${batch * BATCH_SIZE + n}`);
    return { ...batchKeyOf(edition, batch), subscriberIds, counts: { sent: BATCH_SIZE } };
  };
  const toMeta = (edition: Edition): Item => ({
    ...metaKeyOf(edition),
    batches: batchesPerCohort,
    planned: perCohort,
    isComplete: true,
  });
  const toDelivery = ({ pk, sk }: ItemKey): Item => {
    const [cadence, period] = sk.split('#');
    return {
      pk,
      sk,
      subscriberId: subscriberIdOf({ pk }),
      cadence,
      period,
      outcome: { state: 'sent', messageId: '0100019b-0000-4000-8000-000000000000-000000' },
      paperIds: ['2601.00001', '2601.00002', '2601.00003'],
      claimedAt: `${period}T08:00:00.000Z`,
    };
  };

  const editionOf = new Map(
    Array.from({ length: days }, (_, n) => editionsOf(addDays(firstDay, n))).flatMap((editions) =>
      editions.map((edition) => [editionPartitionOf(edition), edition] as const),
    ),
  );

  const getItems = ({ RequestItems = {} }: Request) => {
    const [[table, { Keys }] = ['', { Keys: [] }]] = Object.entries(RequestItems);
    const items = Keys.flatMap((key) => {
      if (key.pk.startsWith(SUBSCRIBER_PREFIX)) return [toDelivery(key)];
      const edition = editionOf.get(key.pk);
      return edition && key.sk === META_SORT_KEY ? [toMeta(edition)] : [];
    });
    const bytes = Keys.length * BYTES.delivery;
    return { answer: { Responses: { [table]: items } }, bytes, units: Keys.length / 2 };
  };

  const query = ({ ExpressionAttributeValues = {}, ExclusiveStartKey }: Request) => {
    const pk = ExpressionAttributeValues[':pk'] ?? '';
    const edition = editionOf.get(pk);
    if (!edition) {
      const day = /^EDITIONS#daily#(.+)$/.exec(pk)?.[1];
      const items = (day === undefined ? [] : editionsOf(day)).map((planned) => ({ ...indexKeyOf(planned) }));
      return toPage(items, items.length * BYTES.index, 1);
    }
    const from = ExclusiveStartKey ? Number(ExclusiveStartKey.sk.slice(BATCH_PREFIX.length)) + 1 : 0;
    const count = Math.min(Math.floor(PAGE_BYTES / BYTES.batch), batchesPerCohort - from);
    const items = Array.from({ length: count }, (_, n) => toBatch(edition, from + n));
    const isLast = from + count >= batchesPerCohort;
    return toPage(items, count * BYTES.batch, 1, isLast ? undefined : batchKeyOf(edition, from + count - 1));
  };

  /**
   * Answers a scan in the order of days, although a real table has the order of hashes. Each segment is a run of days. A page has the
   * editions that end in it.
   */
  const scan = ({ ExclusiveStartKey, Segment = 0, TotalSegments = 1 }: Request) => {
    const total = bytesPerDay * days;
    const [begin, end] = [Segment, Segment + 1].map((n) => Math.floor((total / TotalSegments) * n));
    const from = ExclusiveStartKey ? Number(ExclusiveStartKey.pk) : (begin ?? 0);
    const until = Math.min(from + PAGE_BYTES, end ?? total);
    const items: Item[] = [];
    const gap = bytesPerDay / cohorts;
    for (let n = Math.ceil(from / gap); n * gap < until; n += 1) {
      const edition = editionsOf(addDays(firstDay, Math.floor(n / cohorts)))[n % cohorts];
      if (edition) items.push(toMeta(edition));
    }
    const scanned = Math.round(((until - from) / bytesPerDay) * recordsPerDay);
    const isLast = until >= (end ?? total);
    const page = toPage(items, until - from, 2, isLast ? undefined : { pk: String(until), sk: '' });
    return { ...page, answer: { ...page.answer, ScannedCount: scanned } };
  };

  const reads: LedgerReads = { pages: 0, units: 0, bytes: 0 };
  const documents = new SimulatedClient(new DynamoDBClient({ region: 'us-east-1' }));
  const read = (command: unknown, request: Request) => {
    if (command instanceof BatchGetCommand) return getItems(request);
    return command instanceof QueryCommand ? query(request) : scan(request);
  };
  documents.answer = async (command, request) => {
    const { answer, bytes, units } = read(command, request);
    reads.pages += 1;
    reads.units += units;
    reads.bytes += bytes;
    await time.wait(CALL_MS + bytes * MS_PER_BYTE);
    return answer;
  };
  return { documents, reads };
}

/** Answers commands without the protocol, which would take most of the time. */
class SimulatedClient extends DynamoDBDocumentClient {
  answer: (command: object, request: Request) => Promise<object> = async () => ({});

  constructor(client: DynamoDBClient) {
    super(client);
    this.send = (command: { readonly input: object }) =>
      this.answer(command, command.input as Request) as never;
  }
}

/** Returns a page of a query or scan. @param readsPerUnit 1 for a consistent read, 2 if it may be stale */
function toPage(items: readonly Item[], bytes: number, readsPerUnit: 1 | 2, LastEvaluatedKey?: ItemKey) {
  const units = Math.max(1, Math.ceil(bytes / UNIT_BYTES)) / readsPerUnit;
  return { answer: { Items: items, ScannedCount: items.length, LastEvaluatedKey }, bytes, units };
}
