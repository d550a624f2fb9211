import { access, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { paginateListHostedZones, Route53Client } from '@aws-sdk/client-route-53';
import { AlreadyExistsException, CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { isCancel, text, updateSettings } from '@clack/prompts';
import * as z from 'zod';
import { listsOf } from '../../infra/settings/derived.ts';
import { loadSettings } from '../../infra/settings/load-settings.ts';
import { createDeliveryHistory } from '../../shared/adapters/dynamodb/delivery-history.ts';
import { createDeliveryRepository } from '../../shared/adapters/dynamodb/delivery-repository.ts';
import { createEditionRepository } from '../../shared/adapters/dynamodb/edition-repository.ts';
import { createListingRepository } from '../../shared/adapters/dynamodb/listing-repository.ts';
import { createNewVersionRepository } from '../../shared/adapters/dynamodb/new-version-repository.ts';
import { createPaperRepository } from '../../shared/adapters/dynamodb/paper-repository.ts';
import { createSnapshotReader } from '../../shared/adapters/dynamodb/snapshot-reader.ts';
import { createSourceStateRepository } from '../../shared/adapters/dynamodb/source-state-repository.ts';
import { createSubscriberRepository } from '../../shared/adapters/dynamodb/subscriber-repository.ts';
import { createSuppressionRepository } from '../../shared/adapters/dynamodb/suppression-repository.ts';
import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { createSecretsClient } from '../../shared/adapters/secrets/keyring.ts';
import { createQueue, createSqsClient } from '../../shared/adapters/sqs/queue.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { sourcesOf } from '../../shared/domain/lists/lists.ts';
import { sendNow } from '../../shared/pipeline/send-now.ts';
import { createListDayCache } from '../../shared/pipeline/snapshots/list-day-cache.ts';
import type { DigestsMessage } from '../../shared/ports/queues.ts';
import type { CommandContext } from '../command.ts';
import { runBootstrap, runDeploy } from '../deploy/run-deploy.ts';
import { commandClientOptions, permitted, withPermissions } from '../deployment/aws-call.ts';
import { CommandError } from '../deployment/errors.ts';
import { createStacks, createStacksClient, findTarget } from '../deployment/find-deployment.ts';
import { createKeysSecret } from '../deployment/keys-secret.ts';
import { createDns } from '../doctor/adapters/network.ts';
import { createMailService } from '../doctor/adapters/services.ts';
import { createProgress } from '../progress.ts';
import { init } from './init.ts';
import type {
  Ask,
  HostedZones,
  InitFlags,
  InitPorts,
  ReadSource,
  SettingsFile,
  Verification,
  Waiting,
} from './ports.ts';

const TICK_MS = 1_000;
const PAUSE_MS = 5_000;

/** Leads a new operator to a first digest, and returns the exit code. */
export async function runInit(flags: InitFlags, context: CommandContext): Promise<number> {
  const { print, input, terminal, onInterrupt } = context;
  const signal = onInterrupt();
  const ports: InitPorts = {
    say: print,
    ask: input.isTTY && terminal.isTTY ? createAsk(context) : undefined,
    startWaiting: (words) => startWaiting(words, terminal, signal),
    findTarget,
    settingsFile: openSettingsFile(flags.settings),
    dns: createDns(),
    deployer: {
      bootstrap: () => runBootstrap(flags, context),
      deploy: () => runDeploy(flags, context),
    },
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...openAccount(signal),
  };
  return init(ports, flags);
}

/** Asks on a terminal. Ctrl-C and Ctrl-D end the question without an answer. */
export function createAsk({ input, terminal }: Pick<CommandContext, 'input' | 'terminal'>): Ask {
  // Otherwise Ctrl-D closes the input, and the question stays open for ever.
  updateSettings({ aliases: { '\x04': 'cancel' } });
  return async ({ words, preset, faultOf }) => {
    const answer = await text({
      message: words,
      ...(preset !== undefined && { placeholder: preset, defaultValue: preset }),
      validate: (typed) => faultOf(typed?.trim() || preset || ''),
      // Both are streams of Node, and CommandContext names no more of them than commands use.
      input: input as typeof process.stdin,
      output: terminal as typeof process.stderr,
    });
    return isCancel(answer) ? undefined : answer.trim();
  };
}

function openSettingsFile(path: string): SettingsFile {
  return {
    async load() {
      const isThere = await access(path).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT') return false;
          throw error;
        },
      );
      return isThere ? loadSettings(path) : undefined;
    },
    save: (settings) => writeFile(path, `${JSON.stringify(settings, undefined, 2)}\n`, { flag: 'wx' }),
  };
}

/** Counts the seconds on the terminal. */
function startWaiting(words: string, terminal: CommandContext['terminal'], signal: AbortSignal): Waiting {
  const progress = createProgress(terminal, { verb: `${words}:`, unit: 's' });
  const ticks = setInterval(() => progress.advance(), TICK_MS);
  return {
    async pause() {
      await delay(PAUSE_MS, undefined, { signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      return !signal.aborted;
    },
    stop() {
      clearInterval(ticks);
      progress.stop();
    },
  };
}

/** The function ends after five minutes. */
const READING_TIMEOUT_MS = 330_000;
const LOOK_EVERY_MS = 1_000;
/** A worker may start, and wait for its turn to send. */
const SENDING_LOOKS = 120;

const readingSchema = z.object({ papersIngested: z.number(), problems: z.array(z.string()) });

/**
 * The account of the current credentials.
 *
 * @param signal gives up what takes long
 */
export function openAccount(
  signal: AbortSignal,
): Pick<InitPorts, 'zones' | 'verification' | 'stacks' | 'openReader'> {
  const ses = new SESv2Client(commandClientOptions());
  return {
    zones: createHostedZones(new Route53Client(commandClientOptions())),
    verification: createVerification(ses),
    stacks: createStacks(createStacksClient()),
    openReader: createOpenReader(signal),
  };
}

export function createHostedZones(client: Route53Client): HostedZones {
  return {
    find: (domain) =>
      permitted('route53:ListHostedZones', async () => {
        const holding: { readonly id: string; readonly name: string }[] = [];
        for await (const { HostedZones: zones = [] } of paginateListHostedZones({ client }, {}))
          for (const { Id = '', Name = '', Config } of zones) {
            const name = Name.replace(/\.$/, '');
            const isHolding = domain === name || domain.endsWith(`.${name}`);
            if (isHolding && !Config?.PrivateZone) holding.push({ id: Id.replace('/hostedzone/', ''), name });
          }
        return holding.sort((a, b) => b.name.length - a.name.length)[0];
      }),
  };
}

function createVerification(client: SESv2Client): Verification {
  return {
    ...createMailService(client),
    request: (address) =>
      permitted('ses:CreateEmailIdentity', async () => {
        try {
          await client.send(new CreateEmailIdentityCommand({ EmailIdentity: address }));
        } catch (error) {
          if (!(error instanceof AlreadyExistsException)) throw error;
        }
      }),
  };
}

function createOpenReader(signal: AbortSignal): InitPorts['openReader'] {
  return async (outputs, settings) => {
    const lists = listsOf(settings);
    // The functions of the deployment report records that cannot be read.
    const readable = { documents: createDocumentClient(), onUnreadable: () => {} };
    const subscribers = { ...readable, name: outputs.SubscribersTable };
    const papers = { ...readable, name: outputs.PapersTable };
    const deliveries = { ...readable, name: outputs.DeliveriesTable };
    const history = withPermissions(createDeliveryHistory(deliveries), { loadAll: 'dynamodb:Query' });
    const sourceStates = withPermissions(createSourceStateRepository(papers), { load: 'dynamodb:GetItem' });
    const { keys } = await createKeysSecret(createSecretsClient(), outputs.KeysSecret).load();
    return {
      subscribers: withPermissions(
        createSubscriberRepository(subscribers, systemClock, settings.leftRetentionDays),
        { load: 'dynamodb:GetItem', save: 'dynamodb:PutItem' },
      ),
      suppressions: withPermissions(createSuppressionRepository(subscribers), { load: 'dynamodb:GetItem' }),
      clock: systemClock,
      idKey: keys.idKey,
      async loadDigests(id) {
        return (await history.loadAll(id)).flatMap(({ delivery }) => delivery ?? []);
      },
      sources: sourcesOf(lists),
      sourceStates,
      readSource: (source) => readSource(outputs.IngestPapersFunction, source, signal),
      sendNow: (subscriber) => {
        let looks = 0;
        return sendNow(
          {
            lists: lists.map(({ id }) => id),
            papers: createPaperRepository(papers),
            newVersions: createNewVersionRepository(papers),
            listDays: createListDayCache({
              papers: createPaperRepository(papers),
              listings: createListingRepository(papers),
              snapshots: createSnapshotReader(papers),
              clock: systemClock,
              // The functions of the deployment report them.
              telemetry: { error: () => {}, count: () => {} },
            }),
            sourceStates,
            editions: createEditionRepository(deliveries, systemClock),
            deliveries: createDeliveryRepository(deliveries, systemClock),
            digestsQueue: createQueue<DigestsMessage>(createSqsClient(), outputs.DigestsQueueUrl),
            clock: systemClock,
            async waitALittle() {
              await delay(LOOK_EVERY_MS);
              looks += 1;
              return looks < SENDING_LOOKS && !signal.aborted;
            },
          },
          subscriber,
        );
      },
    };
  };
}

/**
 * Has the function of the deployment read a source.
 *
 * @throws CommandError if the function fails
 */
async function readSource(
  functionName: string,
  source: string,
  abortSignal: AbortSignal,
): Promise<ReadSource> {
  const options = commandClientOptions();
  const client = new LambdaClient({
    ...options,
    requestHandler: { ...options.requestHandler, requestTimeout: READING_TIMEOUT_MS },
  });
  const { FunctionError, Payload } = await permitted('lambda:InvokeFunction', () =>
    client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify({ source })) }),
      { abortSignal },
    ),
  );
  const answer = Payload ? Buffer.from(Payload).toString() : '';
  if (FunctionError !== undefined)
    throw new CommandError(
      `${source} could not be read: ${answer}. docs/alarms.md, "Ingest is failing", says what to do.`,
    );
  const { papersIngested, problems } = readingSchema.parse(JSON.parse(answer));
  return { papers: papersIngested, problems };
}
