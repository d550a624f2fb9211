import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SESClient, SendRawEmailCommand, type SendRawEmailCommandInput } from '@aws-sdk/client-ses';
import { afterEach } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../../local/manual-clock.ts';
import { type SesServer, type SesServerOptions, startSesEndpoint } from '../../../local/ses/endpoint.ts';
import type { SesEvent } from '../../../local/ses/event.ts';
import type { Instant } from '../../../shared/domain/time/time.ts';

/** The start of the manual clocks. */
export const START: Instant = '2026-01-05T08:00:00.000Z';

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Runs cleanups after the test, in reverse order. */
export function atEnd(cleanup: () => Promise<void>): void {
  cleanups.push(cleanup);
}

/** Creates a folder that is deleted after the test. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ses-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A running endpoint with the real client. Both stop after the test. */
export interface Ses {
  readonly server: SesServer;
  readonly client: SESClient;
  readonly clock: ManualClock;
  /** Everything published so far. */
  readonly events: readonly SesEvent[];
  /** Sends a raw message. The default message is valid. */
  send(input?: Partial<SendRawEmailCommandInput>): Promise<string>;
  /** Returns the stored raw message as text. */
  raw(messageId: string): Promise<string>;
}

/** Starts an endpoint in which `example.org` is verified and the set `digests` publishes everything. */
export async function startSes(options: Partial<SesServerOptions> = {}): Promise<Ses> {
  const clock = createManualClock(START);
  const events: SesEvent[] = [];
  const server = await startSesEndpoint({
    folder: options.folder ?? (await makeFolder()),
    identities: ['example.org'],
    configurationSets: [
      { name: 'digests', eventTypes: ['Send', 'Delivery', 'Bounce', 'Complaint'] },
      { name: 'silent' },
    ],
    publish: async (event) => {
      events.push(event);
    },
    clock,
    ...options,
  });
  atEnd(() => server.close());
  const client = createClient(server.url);
  return {
    server,
    client,
    clock,
    events,
    send: async (input = {}) => {
      const { MessageId } = await client.send(
        new SendRawEmailCommand({
          Source: 'daily@example.org',
          Destinations: ['ada@example.net'],
          RawMessage: { Data: toBytes(toMessage()) },
          ...input,
        }),
      );
      if (!MessageId) throw new Error('the answer has no MessageId');
      return MessageId;
    },
    raw: async (messageId) => {
      const message = server.store.find(messageId);
      if (!message) throw new Error(`${messageId} was not kept`);
      return Buffer.from(await server.store.loadRaw(message)).toString('utf8');
    },
  };
}

/** The real client without retries. */
function createClient(endpoint: string): SESClient {
  const client = new SESClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  atEnd(async () => client.destroy());
  return client;
}

/** Returns a message with these header lines and this body. */
export function toMessage(
  lines: readonly string[] = [
    'From: Daily <daily@example.org>',
    'To: ada@example.net',
    'Subject: Five papers',
  ],
  body = 'Good morning.\r\n',
): string {
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

export function toBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A mail with a text and an HTML part. */
export function toHtmlMessage(subject: string, html: string): Uint8Array {
  return toBytes(
    toMessage(
      [
        'From: Daily <daily@example.org>',
        'To: ada@example.net',
        `Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=`,
        'MIME-Version: 1.0',
        'Content-Type: multipart/alternative; boundary="b1"',
      ],
      [
        '--b1',
        'Content-Type: text/plain; charset=utf-8',
        '',
        'The text part: <b>not bold</b>',
        '--b1',
        'Content-Type: text/html; charset=utf-8',
        'Content-Transfer-Encoding: base64',
        '',
        Buffer.from(html).toString('base64'),
        '--b1--',
        '',
      ].join('\r\n'),
    ),
  );
}
