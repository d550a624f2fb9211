import type { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { loadSettings } from '../../../infra/settings/load-settings.ts';
import { createSubscriberRepository } from '../../../shared/adapters/dynamodb/subscriber-repository.ts';
import { createSuppressionRepository } from '../../../shared/adapters/dynamodb/suppression-repository.ts';
import { createDocumentClient, type Table } from '../../../shared/adapters/dynamodb/table.ts';
import { createSecretsClient } from '../../../shared/adapters/secrets/keyring.ts';
import { createQueue, createSqsClient } from '../../../shared/adapters/sqs/queue.ts';
import { systemClock } from '../../../shared/adapters/system-clock.ts';
import type { Ending } from '../../../shared/domain/ending.ts';
import { InvalidInputError } from '../../../shared/domain/errors.ts';
import { IMPORT_GROUP, type WebRequest } from '../../../shared/ports/queues.ts';
import type { CommandContext } from '../../command.ts';
import { announceTarget } from '../../confirm.ts';
import { permitted } from '../../deployment/aws-call.ts';
import { openDeployment } from '../../deployment/find-deployment.ts';
import { createKeysSecret } from '../../deployment/keys-secret.ts';
import { openCsvFile } from '../csv/csv-file.ts';
import { createStoredProfiles } from '../export/stored-profiles.ts';
import { importFile } from './import-file.ts';
import type { ImportPorts } from './import-subscribers.ts';
import type { DateOrder } from './times.ts';

/** What `subscribers import` was given, as it was typed. */
export interface ImportArguments {
  readonly path: string;
  readonly settings: string;
  readonly as?: Ending;
  readonly addressColumn?: string;
  readonly ignoreColumn?: readonly string[];
  readonly dates?: DateOrder;
  readonly consent?: string;
  readonly askAtMost?: string;
  readonly fromLine?: string;
  readonly dryRun?: true;
  readonly verbose?: true;
}

/** Imports a CSV file into a deployment, prints what became of its rows, and returns the exit code. */
export async function runImport(given: ImportArguments, context: CommandContext): Promise<number> {
  const options = parseImportOptions(given);
  const settings = loadSettings(given.settings);
  const file = await openCsvFile(given.path);
  const { target, outputs } = await openDeployment(settings);
  if (!options.limits.isDryRun) announceTarget(context, target);
  const { keys } = await createKeysSecret(createSecretsClient(), outputs.KeysSecret).load();
  return importFile(
    openPorts(createDocumentClient(), createSqsClient(), outputs, settings.leftRetentionDays),
    file,
    {
      ...options,
      defaults: settings.defaults,
      idKey: keys.idKey,
      now: systemClock.now(),
      toResumeCommand: (fromLine, maxAsked) => toResumeCommand(given, fromLine, maxAsked),
    },
    context,
  );
}

const MAX_CONSENT_CHARS = 1_000;

const typedSchema = z.object({
  consent: z.string().trim().min(1, 'expected a text').max(MAX_CONSENT_CHARS).optional(),
  'ask-at-most': z
    .string()
    .regex(/^\d{1,9}$/, 'expected a number like 500')
    .transform(Number)
    .default(Number.POSITIVE_INFINITY),
  'from-line': z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'expected the number of a line, like 2101')
    .transform(Number)
    .optional(),
});

/**
 * Reads the options of `subscribers import`.
 *
 * @throws InvalidInputError for one that is not usable, or for two that contradict each other
 */
export function parseImportOptions(given: Omit<ImportArguments, 'path' | 'settings'>) {
  const { as, addressColumn, ignoreColumn = [], dates, consent, askAtMost, fromLine } = given;
  const typed = { consent, 'ask-at-most': askAtMost, 'from-line': fromLine };
  const parsed = typedSchema.safeParse(typed);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path: [name], message }) => {
      const value = typed[name as keyof typeof typed];
      return `--${String(name)} is ${JSON.stringify(value)}: ${message}`;
    });
    throw new InvalidInputError(faults.join('\n'));
  }
  const useless = (['consent', 'ask-at-most'] as const).find((name) => typed[name] !== undefined);
  if (as !== undefined && useless !== undefined)
    throw new InvalidInputError(`--as ${as} adds nobody and asks nobody: expected no --${useless} beside it`);
  return {
    as,
    addressColumn,
    ignoredColumns: ignoreColumn,
    dateOrder: dates,
    consentText: parsed.data.consent,
    fromLine: parsed.data['from-line'],
    limits: { isDryRun: given.dryRun ?? false, maxAsked: parsed.data['ask-at-most'] },
  };
}

/** The command that goes on at a line and asks so many people at most; otherwise the one that was given. */
export function toResumeCommand(given: ImportArguments, fromLine: number, maxAsked: number): string {
  const optional = (name: string, value: string | undefined) => (value === undefined ? [] : [name, value]);
  const args = [
    ...[given.path, '--settings', given.settings],
    ...optional('--as', given.as),
    ...optional('--address-column', given.addressColumn),
    ...(given.ignoreColumn ?? []).flatMap((name) => ['--ignore-column', name]),
    ...optional('--dates', given.dates),
    ...optional('--consent', given.consent),
    ...optional('--ask-at-most', Number.isFinite(maxAsked) ? String(maxAsked) : undefined),
    ...(given.dryRun ? ['--dry-run'] : []),
    ...(given.verbose ? ['--verbose'] : []),
    ...['--from-line', String(fromLine)],
  ];
  return ['npx broadsheet subscribers import', ...args.map(quoteForShell)].join(' ');
}

function quoteForShell(arg: string): string {
  return /^[\w./:=@%+-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", String.raw`'\''`)}'`;
}

/** Opens what an import works on. */
export function openPorts(
  documents: Table['documents'],
  sqs: SQSClient,
  { SubscribersTable, RequestsQueueUrl }: Readonly<Record<'SubscribersTable' | 'RequestsQueueUrl', string>>,
  leftRetentionDays: number,
): ImportPorts {
  const table = { documents, name: SubscribersTable };
  const repository = createSubscriberRepository(table, systemClock, leftRetentionDays);
  const suppressions = createSuppressionRepository(table);
  const queue = createQueue<WebRequest>(sqs, RequestsQueueUrl, IMPORT_GROUP);
  return {
    subscribers: {
      load: (id) => permitted('dynamodb:GetItem', () => repository.load(id)),
      save: (subscriber) => permitted('dynamodb:PutItem', () => repository.save(subscriber)),
    },
    profiles: createStoredProfiles(table),
    suppressions: {
      loadMany: (ids) => permitted('dynamodb:BatchGetItem', () => suppressions.loadMany(ids)),
    },
    requests: { enqueue: (requests) => permitted('sqs:SendMessage', () => queue.enqueue(requests)) },
  };
}
