/** Makes and sends digests in a process of its own, one job after the other, and reports the processor time of each. */
import { createHash, createHmac } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import pMap from 'p-map';
import { prepareMemory } from '../../functions/send-digests/memory.ts';
import { createSesClient, createSesMailer } from '../../shared/adapters/ses/mailer.ts';
import { composeDigestMail } from '../../shared/mail/compose-digest-mail.ts';
import type { Window } from '../../shared/matching/window.ts';
import type { Mail } from '../../shared/ports/mail.ts';
import { createSubscriberLinks } from '../../shared/web/links.ts';
import { createPublication } from '../../test/factories/digests.ts';
import { renderTexts } from '../../test/factories/mail-texts.ts';
import { openPapers, type Reader, selectDigest } from './readership.ts';
import type { SinkPorts } from './sink.ts';

/** What a job does with each digest. */
export type Task =
  | 'nothing'
  | 'prepare'
  | 'compose'
  | 'send'
  | 'client only'
  | 'signed request only'
  | 'nodemailer composes'
  | 'nodemailer sends';

/** A task, and the readers that it does it for. */
export interface Job {
  readonly task: Task;
  readonly readers: readonly Reader[];
}

export interface JobResult {
  readonly cpuMicros: number;
  /** The size of all messages in bytes. */
  readonly bytes: number;
  readonly rssMb: number;
}

const AT_ONCE = 25;

prepareMemory();

const [, , papersFile = '', preparedFile = '', ports = ''] = process.argv;
const sink: SinkPorts = JSON.parse(ports);

let window: Window | undefined;

/** Opens the papers once. Tasks that do not select papers have no memory of them. */
function openWindow(): Window {
  window ??= openPapers(JSON.parse(readFileSync(papersFile, 'utf8')));
  return window;
}

const publication = createPublication();
const key = {
  id: 'k1',
  key: Buffer.alloc(32, 7).toString('base64url'),
  activeFrom: '2026-01-01T00:00:00.000Z',
};
const links = createSubscriberLinks(publication.publicUrl, [key], '2026-01-07T07:00:00.000Z');
const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
const endpoint = `http://127.0.0.1:${sink.http}`;
const ses = createSesClient({ endpoint, region: 'us-east-1', credentials });
const mailer = createSesMailer(ses, 'bench');
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

const compose = (reader: Reader) => composeDigestMail(selectDigest(reader, openWindow()), publication, links);

/** A digest that another process composed: as a message, and as the texts that nodemailer takes. */
interface Prepared {
  readonly mail: Mail;
  readonly parts: Parts;
}

let prepared: readonly Prepared[] | undefined;

/** Returns `count` prepared digests. They are read once, and serve all jobs. So no job leaves garbage of a preparation. */
function takePrepared(count: number): readonly Prepared[] {
  prepared ??= JSON.parse(readFileSync(preparedFile, 'utf8')) as readonly Prepared[];
  return prepared.slice(0, count);
}

/** Where composed messages are written, one after the other. The SES client uses the memory of its requests again, too. */
const written = Buffer.alloc(200_000);

/** What each task does for a range of readers. What it returns is measured, the rest is preparation. */
const tasks: Readonly<
  Record<Task, (readers: readonly Reader[]) => Promise<() => Promise<readonly number[]>>>
> = {
  nothing: async () => {
    openWindow();
    return async () => [];
  },

  prepare: async (readers) => async () => {
    writeFileSync(preparedFile, JSON.stringify(readers.map(prepare)));
    return [];
  },

  // A message is put together from its pieces when it is written. Without this, that part of the work would not be measured.
  compose: async (readers) => async () =>
    readers.map((reader) => written.write(compose(reader).raw, 'latin1')),

  // A worker composes a digest before it waits for its turn. So all digests of the batch are composed first, and sent then.
  send: async (readers) => () => pMap(readers.map(compose), send, { concurrency: AT_ONCE }),

  'client only': async ({ length }) => {
    const mails = takePrepared(length).map(({ mail }) => mail);
    return () => pMap(mails, send, { concurrency: AT_ONCE });
  },

  'signed request only': async ({ length }) => {
    const mails = takePrepared(length).map(({ mail }) => mail);
    return () => pMap(mails, sendPlainly, { concurrency: AT_ONCE });
  },

  'nodemailer composes': async ({ length }) => {
    const digests = takePrepared(length);
    // Loaded here, so the workers of the other tasks show the memory that they need themselves.
    const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
    return () =>
      pMap(digests, async ({ parts }) => (await new MailComposer(parts).compile().build()).byteLength);
  },

  'nodemailer sends': async ({ length }) => {
    const digests = takePrepared(length);
    const pool = await openSmtpPool();
    return () =>
      pMap(
        digests,
        async ({ parts }) => {
          await pool.sendMail(parts);
          return 0;
        },
        { concurrency: AT_ONCE },
      );
  },
};

let smtpPool: ReturnType<typeof createSmtpPool> | undefined;

function openSmtpPool() {
  smtpPool ??= createSmtpPool();
  return smtpPool;
}

async function createSmtpPool() {
  const { createTransport } = await import('nodemailer');
  const limits = { maxConnections: 5, maxMessages: Number.POSITIVE_INFINITY };
  return createTransport({ pool: true, ...limits, host: '127.0.0.1', port: sink.smtp, ignoreTLS: true });
}

async function send(mail: Mail): Promise<number> {
  const result = await mailer.send(mail);
  if (result.kind !== 'accepted') throw new Error(`the sink did not accept a mail: ${result.kind}`);
  return mail.raw.length;
}

function prepare(reader: Reader): Prepared {
  return { mail: compose(reader), parts: toParts(reader) };
}

type Parts = ReturnType<typeof toParts>;

/** The texts of a digest, as nodemailer takes them. */
function toParts(reader: Reader) {
  const digest = selectDigest(reader, openWindow());
  const { subject, html, text, headers } = renderTexts(digest, publication, links);
  return {
    from: publication.fromAddress,
    to: digest.subscriber.address,
    subject,
    html,
    text,
    encoding: 'quoted-printable',
    headers: headers.map(({ name, value }) => ({ key: name, value })),
  };
}

/** Sends a message with the least that SES asks for: a form, signed by version 4, over a kept connection. */
function sendPlainly({ from, to, raw, tags }: Mail): Promise<number> {
  const fields = Object.entries({
    Action: 'SendRawEmail',
    Version: '2010-12-01',
    Source: from,
    'Destinations.member.1': to,
    ConfigurationSetName: 'bench',
    ...Object.fromEntries(
      Object.entries(tags).flatMap(([name, value], at) => [
        [`Tags.member.${at + 1}.Name`, name],
        [`Tags.member.${at + 1}.Value`, value],
      ]),
    ),
  }).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const body = Buffer.from(`${fields.join('&')}&RawMessage.Data=${raw}`, 'latin1');
  return new Promise((resolve, reject) => {
    const sent = request(endpoint, { method: 'POST', agent, headers: sign(body) }, (response) => {
      response.resume();
      response.once('end', () => resolve(raw.length));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function sign(body: Buffer): Readonly<Record<string, string | number>> {
  const now = new Date().toISOString().replace(/[:-]|\.\d{3}/g, '');
  const scope = `${now.slice(0, 8)}/us-east-1/ses/aws4_request`;
  const type = 'application/x-www-form-urlencoded';
  const host = new URL(endpoint).host;
  const payload = hash(body);
  const signed = 'content-type;host;x-amz-date';
  const canonical = `POST\n/\n\ncontent-type:${type}\nhost:${host}\nx-amz-date:${now}\n\n${signed}\n${payload}`;
  const signingKey = [now.slice(0, 8), 'us-east-1', 'ses', 'aws4_request'].reduce<Buffer>(
    (last, part) => hmac(last, part),
    Buffer.from(`AWS4${credentials.secretAccessKey}`),
  );
  const signature = hmac(
    signingKey,
    `AWS4-HMAC-SHA256\n${now}\n${scope}\n${hash(Buffer.from(canonical))}`,
  ).toString('hex');
  return {
    host,
    'content-type': type,
    'content-length': body.byteLength,
    'x-amz-date': now,
    authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`,
  };
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function hmac(secret: Buffer, text: string): Buffer {
  return createHmac('sha256', secret).update(text).digest();
}

async function run({ task, readers }: Job): Promise<JobResult> {
  const measured = await tasks[task](readers);
  const before = process.cpuUsage();
  const sizes = await measured();
  const { user, system } = process.cpuUsage(before);
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return { cpuMicros: user + system, bytes, rssMb: process.memoryUsage().rss / 1e6 };
}

process.on('message', async (job: Job) => process.send?.(await run(job)));
process.once('disconnect', () => process.exit());
process.send?.('ready');
