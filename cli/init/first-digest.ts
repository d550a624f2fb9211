import type { DataOutputs, PipelineOutputs } from '../../infra/outputs.ts';
import type { Settings } from '../../infra/settings/schema.ts';
import type { Subscriber } from '../../shared/domain/subscriber.ts';
import { timeZoneSchema } from '../../shared/domain/time-zone.ts';
import { toSubscriberId } from '../../shared/subscribers/subscriber-id.ts';
import { EXIT_INTERRUPTED, EXIT_OK, EXIT_TROUBLE } from '../command.ts';
import { addByHand, parseReader } from '../subscribers/add.ts';
import type { FirstReader, InitFlags, InitPorts } from './ports.ts';
import { decide } from './settings.ts';

/** Whom to mail, and where. */
interface Reader {
  readonly flags: InitFlags;
  readonly settings: Settings;
  readonly address: string;
  readonly outputs: DataOutputs & PipelineOutputs;
}

/** Adds the operator as the first subscriber, reads the lists, sends a digest, and returns the exit code. */
export async function mailFirstDigest(ports: InitPorts, reader: Reader): Promise<number> {
  const { say, startWaiting } = ports;
  const { address, settings, outputs, flags } = reader;
  const deployment = await ports.openReader(outputs);
  const subscriber = await findOrAdd(ports, reader, deployment);
  if (!subscriber) return EXIT_INTERRUPTED;
  if (subscriber.status !== 'confirmed') {
    say(`Digest: none, because ${address} is ${subscriber.status}`);
    return EXIT_OK;
  }
  if (await deployment.hasDigest(subscriber.id)) {
    say(`Digest: ${address} was sent one before`);
    return EXIT_OK;
  }
  if (!(await deployment.hasPapers())) {
    const reading = startWaiting('Reading the lists');
    const papers = await deployment.readLists().finally(() => reading.stop());
    say(`Papers: ${papers} read`);
  }
  const sending = startWaiting(`Sending a digest to ${address}`);
  const outcome = await deployment.sendNow(subscriber).finally(() => sending.stop());
  switch (outcome?.state) {
    case 'sent':
      say(`Digest: sent to ${address}. It comes from ${settings.publication.fromAddress}`);
      return EXIT_OK;
    case 'skipped':
      say(`Digest: none, because there is nothing to send (${outcome.reason})`);
      return EXIT_OK;
    case 'failed':
    case 'uncertain':
      say(`Digest: ${outcome.state}, ${outcome.reason}. docs/operating.md says what to do`);
      return EXIT_TROUBLE;
    default:
      say(
        `Digest: it is queued, and takes longer than usual. What became of it: npx broadsheet why ${address} <day> --settings ${flags.settings}`,
      );
      return EXIT_TROUBLE;
  }
}

/** The profile of the address, added if there is none. Undefined means that somebody pressed Ctrl-C. */
async function findOrAdd(
  { say, ask, timeZone }: InitPorts,
  { flags, settings, address }: Reader,
  deployment: FirstReader,
): Promise<Subscriber | undefined> {
  const known = await deployment.subscribers.load(toSubscriberId(address, deployment.idKey));
  if (known && known.status !== 'unconfirmed') {
    say(`Subscriber: ${address} is there (${known.status})`);
    return known;
  }
  const ofMachine = timeZoneSchema.safeParse(timeZone).success ? timeZone : 'UTC';
  const zone = await decide('timeZone', flags, ask, ofMachine);
  if (zone === undefined) return undefined;
  const reader = parseReader({ address, timeZone: zone }, settings);
  const added = await addByHand(deployment, reader, false);
  say(`Subscriber: added ${address}, ${settings.defaults.cadence} at ${added.hour}:00 ${zone}`);
  return added;
}
