import type { DataOutputs, PipelineOutputs } from '../../infra/outputs.ts';
import type { Settings } from '../../infra/settings/schema.ts';
import type { Subscriber } from '../../shared/domain/subscribers/subscriber.ts';
import { timeZoneSchema } from '../../shared/domain/time/time-zone.ts';
import { toHourText } from '../../shared/presentation/wording.ts';
import { toSubscriberId } from '../../shared/subscribers/subscriber-id.ts';
import { EXIT_INTERRUPTED, EXIT_OK, EXIT_TROUBLE } from '../command.ts';
import { addByHand, parseReader } from '../subscribers/add.ts';
import type { FirstReader, InitFlags, InitPorts } from './ports.ts';
import { decide } from './settings.ts';

/** The reader of the first digest, and the deployment that sends it. */
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
  const deployment = await ports.openReader(outputs, settings);
  const subscriber = await findOrAdd(ports, reader, deployment);
  if (!subscriber) return EXIT_INTERRUPTED;
  if (subscriber.status !== 'confirmed') {
    say(`Digest: none, because ${address} is ${subscriber.status}`);
    return EXIT_OK;
  }
  const digests = await deployment.loadDigests(subscriber.id);
  if (digests.some(({ outcome }) => outcome.state === 'sent')) {
    say(`Digest: ${address} has one already`);
    return EXIT_OK;
  }
  await readMissingSources(ports, deployment);
  const sending = startWaiting(`Sending a digest to ${address}`);
  const sent = await deployment.sendNow(subscriber).finally(() => sending.stop());
  switch (sent.state) {
    case 'sent':
      say(`Digest: sent to ${address}. It comes from ${settings.publication.fromAddress}`);
      return EXIT_OK;
    case 'already-sent':
      say(`Digest: ${address} has one already`);
      return EXIT_OK;
    case 'nothing-to-send':
      say(
        sent.reason === 'nothing-new'
          ? `Digest: none yet, because the lists have no paper for it. It comes by itself once they do. To ask for it again: npx broadsheet init --settings ${flags.settings}`
          : `Digest: none, because nothing can be sent now (${sent.reason})`,
      );
      return EXIT_OK;
    case 'skipped':
      say(
        `Digest: none, because the one of this period was skipped (${sent.reason}). The next comes by itself`,
      );
      return EXIT_OK;
    case 'failed':
      say(
        `Digest: SES refused the one of this period (${sent.reason}), and it is not tried again. docs/alarms.md, "Digests fail", says what to do. The next comes by itself`,
      );
      return EXIT_TROUBLE;
    case 'uncertain':
      say(
        `Digest: its send status is unknown (${sent.reason}). Look into the mailbox of ${address}. docs/alarms.md, "Digests are uncertain", says more`,
      );
      return EXIT_TROUBLE;
    case 'queued':
    case 'claimed':
      say(
        `Digest: it is queued, and takes longer than usual. What became of it: npx broadsheet why ${address} <day> --settings ${flags.settings}`,
      );
      return EXIT_TROUBLE;
    default:
      return sent satisfies never;
  }
}

/** Reads the sources that were never read. A repeat reads only those that failed before. */
async function readMissingSources({ say, startWaiting }: InitPorts, deployment: FirstReader): Promise<void> {
  const { sources, sourceStates } = deployment;
  for (const source of sources) {
    const histories = (await sourceStates.load(source))?.lists ?? {};
    if (Object.values(histories).some(({ lastSuccessAt }) => lastSuccessAt !== undefined)) continue;
    const reading = startWaiting(`Reading ${source}`);
    const { papers, problems } = await deployment.readSource(source).finally(() => reading.stop());
    say(`Papers: ${papers} read from ${source}${problems.map((problem) => `\n  ${problem}`).join('')}`);
  }
}

/** Returns the profile of the address, and adds it if there is none. Undefined means Ctrl-C. */
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
  say(`Subscriber: added ${address}, ${settings.defaults.cadence} at ${toHourText(added.hour)} ${zone}`);
  return added;
}
