import * as z from 'zod';
import { defaultListsOf, listsOf } from '../../infra/settings/derived.ts';
import { loadSettings } from '../../infra/settings/load-settings.ts';
import type { Settings } from '../../infra/settings/schema.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import { chooseLists, explainUnknownList } from '../../shared/domain/lists/list-choice.ts';
import { type ListId, listIdSchema } from '../../shared/domain/lists/lists.ts';
import { DEFAULT_SORT, sorts } from '../../shared/domain/papers/sort.ts';
import { cadences } from '../../shared/domain/subscribers/cadence.ts';
import { DEFAULT_MAX_PAPERS, hasEnded, type Subscriber } from '../../shared/domain/subscribers/subscriber.ts';
import { typedAddressSchema } from '../../shared/domain/subscribers/typed-address.ts';
import { timeZoneSchema } from '../../shared/domain/time/time-zone.ts';
import { toTodaysName } from '../../shared/domain/time/time-zone-names.ts';
import { explainFault } from '../../shared/matching/query/explain-fault.ts';
import { adviseOn } from '../../shared/matching/query/query-advice.ts';
import { queryFaultOfIssue, querySchema } from '../../shared/matching/query/query-schema.ts';
import { toNewsText, toSortText } from '../../shared/presentation/subscription-wording.ts';
import { toHourText, toSentence } from '../../shared/presentation/wording.ts';
import type { SuppressionList } from '../../shared/subscribers/operator-changes.ts';
import {
  type Added,
  type AddedReader,
  type AddPorts,
  addSubscriber,
} from '../../shared/subscribers/operator-changes.ts';
import { toMomentText } from '../../shared/subscribers/status-text.ts';
import { type CommandContext, EXIT_OK } from '../command.ts';
import { CommandError } from '../deployment/errors.ts';
import { explainError } from '../deployment/explain-error.ts';
import { openSubscribers } from './open-subscribers.ts';

/** The arguments of `subscribers add`, as typed. */
export interface AddArguments {
  readonly address: string;
  readonly timeZone?: string;
  readonly hour?: string;
  readonly cadence?: string;
  readonly list?: readonly string[];
  readonly query?: string;
  readonly sort?: string;
  readonly tellPicked?: true;
  readonly tellVersions?: true;
}

const argumentsSchema = z.object({
  address: typedAddressSchema,
  'time-zone': timeZoneSchema,
  hour: z
    .string()
    .regex(/^([01]?\d|2[0-3])$/, 'expected an hour from 0 to 23')
    .transform(Number),
  cadence: z.enum(cadences, `expected ${cadences.join(', ')}`),
  list: z.array(listIdSchema),
  query: querySchema,
  sort: z.enum(sorts, `expected ${sorts.join(', ')}`),
});

/**
 * Returns the new subscriber and what they are sent.
 *
 * @throws InvalidInputError naming each value that is wrong, and what is expected
 */
export function parseReader(
  given: AddArguments,
  settings: Pick<Settings, 'defaults' | 'lists'>,
): AddedReader {
  const { defaults } = settings;
  const known = listsOf(settings).map(({ id }) => id);
  const asked = given.list ?? defaultListsOf(settings);
  const values: Readonly<Record<keyof typeof argumentsSchema.shape, unknown>> = {
    address: given.address,
    'time-zone': given.timeZone ?? 'UTC',
    hour: given.hour ?? String(defaults.hour),
    cadence: given.cadence ?? defaults.cadence,
    list: chooseLists(asked, known),
    query: given.query?.trim() ?? '',
    sort: given.sort ?? DEFAULT_SORT,
  };
  const { data, error } = argumentsSchema.safeParse(values);
  const unknown = data?.list.filter((id) => !known.includes(id)) ?? [];
  if (unknown.length > 0)
    throw new InvalidInputError(unknown.map((id) => `--list: ${explainUnknownList(id, known)}`).join('\n'));
  if (data) {
    const { address, 'time-zone': timeZone, hour, list: lists, cadence, query, sort } = data;
    return {
      address,
      timeZone,
      hour,
      subscription: {
        lists,
        query,
        cadence,
        maxPapers: DEFAULT_MAX_PAPERS,
        sort,
        ...(given.tellPicked && { tellPicked: true }),
        ...(given.tellVersions && { tellVersions: true }),
      },
    };
  }
  const faults = error.issues.map((issue) => {
    const [name, index] = issue.path;
    const fault = queryFaultOfIssue(issue);
    const { message } = fault ? explainFault(fault, known) : issue;
    const value =
      given.list && typeof index === 'number' ? given.list[index] : values[name as keyof typeof values];
    return `${name === 'address' ? 'the address' : `--${String(name)}`} is ${JSON.stringify(value)}: ${message}`;
  });
  throw new InvalidInputError(faults.join('\n'));
}

/** Adds a subscriber to a deployment, prints what they will get, and returns the exit code. */
export async function runAdd(
  given: AddArguments & { readonly settings: string; readonly dryRun?: true; readonly despiteLeaving?: true },
  context: Pick<CommandContext, 'print' | 'printError'>,
): Promise<number> {
  const settings = loadSettings(given.settings);
  const reader = parseReader(given, settings);
  const isDryRun = given.dryRun ?? false;
  const opened = await openSubscribers(settings, isDryRun ? undefined : context);
  const ports = { ...opened, idKey: (await opened.keyring.load()).idKey };
  const add = given.despiteLeaving ? addLeaver : addByHand;
  const known = listsOf(settings).map(({ id }) => id);
  context.print(toText(await add(ports, reader, isDryRun), known, isDryRun));
  return EXIT_OK;
}

/**
 * Adds a confirmed subscriber and returns the profile.
 *
 * @throws CommandError if a subscriber with the address has confirmed or left, or left and was erased
 */
export async function addByHand(
  ports: AddPorts,
  reader: AddedReader,
  isDryRun: boolean,
): Promise<Subscriber> {
  return toSubscriber(reader, await addSubscriber(ports, reader, { isDryRun, isDespiteLeaving: false }));
}

/**
 * Also adds a person who left and was erased. SES drops mails to addresses that bounced or complained, so the address is removed
 * from its suppression list.
 *
 * @throws CommandError if a subscriber with the address has confirmed or left, or if the address stays on that list
 */
export async function addLeaver(
  ports: AddPorts & { readonly suppression: SuppressionList },
  reader: AddedReader,
  isDryRun: boolean,
): Promise<Subscriber> {
  const added = await addSubscriber(ports, reader, { isDryRun, isDespiteLeaving: true });
  const subscriber = toSubscriber(reader, added);
  if (isDryRun) return subscriber;
  const { address } = subscriber;
  try {
    await ports.suppression.remove(address);
  } catch (cause) {
    throw new CommandError(
      `${address} is added, but Amazon SES may still suppress the address. ${toSentence(explainError(cause) ?? String(cause))} To try again, run npx broadsheet subscribers restore ${address} --settings <file>.`,
      { cause },
    );
  }
  return subscriber;
}

/** @throws CommandError if nobody was added */
function toSubscriber(reader: AddedReader, added: Added): Subscriber {
  if (added.kind === 'added') return added.subscriber;
  if (added.kind === 'suppressed') {
    const { status, at } = added.suppression;
    const harm = status === 'complained' ? ' Another complaint harms the delivery to all readers.' : '';
    const page = status === 'unsubscribed' ? ' They can also sign up on the page.' : '';
    const advice = `If they asked you for digests again, use npx broadsheet subscribers add --despite-leaving.${page}${harm}`;
    throw new CommandError(
      `Nobody was added. ${reader.address} left on ${toMomentText(at)} (${status}), and the profile is erased. ${advice}`,
    );
  }
  const { status } = added.subscriber;
  const advice = hasEnded(added.subscriber)
    ? ' If the reader asked you for digests again, use npx broadsheet subscribers restore.'
    : '';
  throw new CommandError(
    `Nobody was added, because ${reader.address} is already known (${status}).${advice}`,
  );
}

/**
 * Describes a new subscriber, and when they get which digests.
 *
 * @param known the lists of the deployment
 */
export function toText(subscriber: Subscriber, known: readonly ListId[], isDryRun: boolean): string {
  const { address, hour, timeZone, subscriptions } = subscriber;
  const lines = subscriptions.map((subscription) => {
    const { lists, query, cadence, sort } = subscription;
    const news = toNewsText(subscription);
    const at = cadence === 'instant' ? '' : `, ${toHourText(hour)} ${toTodaysName(timeZone)}`;
    const line = `  ${cadence}${at}: ${lists.join(', ')}${query ? `, papers that match ${query}` : ', every paper'}, ${toSortText(sort)}${news ? `, ${news}` : ''}`;
    return [line, ...adviseOn(query, known).map((sentence) => `    ${sentence}`)].join('\n');
  });
  return [`${isDryRun ? 'Would add' : 'Added'} ${address} (${subscriber.id}), confirmed:`, ...lines].join(
    '\n',
  );
}
