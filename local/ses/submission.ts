import { findAddressFault, findIdentity, toAddressList, toBareAddress } from './address.ts';
import type { SesEventType } from './event.ts';
import { type SplitMessage, splitMessage, valuesOf } from './message.ts';
import type { MessageTag, SendRawEmailRequest } from './protocol.ts';
import { configurationSetMissing, invalidParameter, notVerified, type SesError } from './ses-error.ts';

/** A named configuration set, which selects the events to publish. */
export interface ConfigurationSet {
  readonly name: string;
  /** The events to publish. @default none */
  readonly eventTypes?: readonly SesEventType[] | undefined;
}

/** The rules for accepting a message. */
export interface SendPolicy {
  /** Verified addresses and domains. */
  readonly identities: readonly string[];
  readonly configurationSets: readonly ConfigurationSet[];
}

/** A message that has passed every check. */
export interface Submission {
  /** The envelope sender as typed. */
  readonly source: string;
  /** The verified identity that covers it. */
  readonly identity: string;
  /** The envelope recipients as typed, 1 to 50. */
  readonly destinations: readonly string[];
  readonly message: SplitMessage;
  readonly tags: readonly MessageTag[];
  readonly configurationSet: ConfigurationSet | undefined;
}

const MAX_MESSAGE_BYTES = 10_485_760;
const MAX_RECIPIENTS = 50;
/** The API reference says 256, but SES refuses 256. */
const MAX_TAG_LENGTH = 255;

/** Fields that SES accepts only once. */
const SINGLE_FIELDS = [
  'From',
  'Sender',
  'Reply-To',
  'To',
  'Cc',
  'Bcc',
  'Subject',
  'Date',
  'Message-ID',
  'MIME-Version',
  'Content-Type',
  'Content-Transfer-Encoding',
  'List-Id',
  'List-Help',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'Precedence',
  'Auto-Submitted',
];

/**
 * Checks a message as SES does before accepting it. Recipients come from the request or from the message's `To`, `Cc` and `Bcc`.
 * The envelope sender comes from the request or from `From`. Every sender in the request and in the header must be verified.
 *
 * @throws SesError for the first fault
 * @see https://docs.aws.amazon.com/ses/latest/APIReference/API_SendRawEmail.html
 */
export function checkSubmission(request: SendRawEmailRequest, policy: SendPolicy): Submission {
  const { raw, tags, configurationSetName } = request;
  if (raw.length > MAX_MESSAGE_BYTES) {
    throw invalidParameter(`Message length is more than ${MAX_MESSAGE_BYTES} bytes long: '${raw.length}'.`);
  }
  const message = splitMessage(raw);
  const from = findSingle(message, 'From');
  if (!from) throw invalidParameter("Missing required header 'From'.");
  for (const tag of tags) checkTag(tag);

  const destinations = toDestinations(request, message);
  const source = request.source ?? from;
  const senders = [
    source,
    ...['From', 'Sender', 'Return-Path'].flatMap((name) => valuesOf(message.fields, name)),
  ];
  for (const address of [source, ...destinations]) {
    const fault = findAddressFault(toBareAddress(address));
    if (fault) throw invalidParameter(fault);
  }
  const configurationSet = policy.configurationSets.find(({ name }) => name === configurationSetName);
  if (configurationSetName !== undefined && !configurationSet) {
    throw configurationSetMissing(configurationSetName);
  }
  const unverified = senders.filter((sender) => !isVerified(sender, policy));
  const identity = findIdentity(toBareAddress(source), policy.identities);
  if (unverified.length > 0 || !identity) throw notVerified([...new Set(unverified)]);
  return { source, identity, destinations, message, tags, configurationSet };
}

function findSingle(message: SplitMessage, name: string): string | undefined {
  const twice = SINGLE_FIELDS.find((field) => valuesOf(message.fields, field).length > 1);
  if (twice) throw invalidParameter(`Duplicate header '${twice}'.`);
  return valuesOf(message.fields, name)[0];
}

function toDestinations(request: SendRawEmailRequest, message: SplitMessage): readonly string[] {
  const destinations =
    request.destinations.length > 0
      ? request.destinations
      : ['To', 'Cc', 'Bcc'].flatMap((name) => valuesOf(message.fields, name).flatMap(toAddressList));
  if (destinations.length === 0) throw invalidParameter("Missing required header 'To'.");
  if (destinations.length > MAX_RECIPIENTS) {
    throw invalidParameter(`Recipient count exceeds ${MAX_RECIPIENTS}.`);
  }
  return destinations;
}

/** Returns whether verified identities cover every address of a field. False for a field without addresses. */
function isVerified(field: string, policy: SendPolicy): boolean {
  const addresses = toAddressList(field);
  return addresses.length > 0 && addresses.every((address) => findIdentity(address, policy.identities));
}

function checkTag({ name, value }: MessageTag): void {
  const fault = findTagFault('name', name) ?? findTagFault('value', value);
  if (fault) throw fault;
}

function findTagFault(part: 'name' | 'value', text: string): SesError | undefined {
  if (text === '') return invalidParameter(`The tag ${part} must be specified.`);
  if (text.length > MAX_TAG_LENGTH) {
    return invalidParameter(`Tag ${part} cannot exceed ${MAX_TAG_LENGTH} characters.`);
  }
  if (/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  return invalidParameter(
    `Invalid tag ${part} <${text}>: only alphanumeric ASCII characters, '_', and '-' are allowed.`,
  );
}
