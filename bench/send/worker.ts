/** Makes and sends digests in a process of its own, one job after the other, and reports the processor time of each. */
import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import pMap from 'p-map';
import { createSesClient, createSesMailer } from '../../shared/adapters/ses/mailer.ts';
import { composeDigestMail } from '../../shared/mail/compose-digest-mail.ts';
import type { DigestMail } from '../../shared/ports/mail.ts';
import { createSubscriberLinks } from '../../shared/web/links.ts';
import { createPublication } from '../../test/factories/digests.ts';
import { renderTexts } from '../../test/factories/mail-texts.ts';
import { openPapers, type Reader, selectDigest } from './readership.ts';
import type { SinkPorts } from './sink.ts';

/** What a job does with each digest. */
export type Task =
  | 'nothing'
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

const [, , papersFile = '', ports = ''] = process.argv;
const sink: SinkPorts = JSON.parse(ports);
const window = openPapers(JSON.parse(readFileSync(papersFile, 'utf8')));
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

const compose = (reader: Reader) => composeDigestMail(selectDigest(reader, window), publication, links);

const composeMessages = (readers: readonly Reader[]) => pMap(readers, compose);

/** What each task does for some readers. What it returns is measured, the rest is preparation. */
const tasks: Readonly<
  Record<Task, (readers: readonly Reader[]) => Promise<() => Promise<readonly number[]>>>
> = {
  nothing: async () => async () => [],

  compose: async (readers) => () => pMap(readers, async (reader) => (await compose(reader)).raw.byteLength),

  // In the order of a worker: the digests of a batch wait for their turns when they are composed.
  send: async (readers) => async () => pMap(await composeMessages(readers), send, { concurrency: AT_ONCE }),

  'client only': async (readers) => {
    const mails = await composeMessages(readers);
    return () => pMap(mails, send, { concurrency: AT_ONCE });
  },

  'signed request only': async (readers) => {
    const mails = await composeMessages(readers);
    return () => pMap(mails, sendPlainly, { concurrency: AT_ONCE });
  },

  'nodemailer composes': async (readers) => {
    const parts = readers.map(toParts);
    // Loaded here, so the workers of the other tasks show the memory that they need themselves.
    const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
    return () => pMap(parts, async (part) => (await new MailComposer(part).compile().build()).byteLength);
  },

  'nodemailer sends': async (readers) => {
    const parts = readers.map(toParts);
    const pool = await openSmtpPool();
    return () =>
      pMap(
        parts,
        async (part) => {
          await pool.sendMail(part);
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

async function send(mail: DigestMail): Promise<number> {
  const result = await mailer.send(mail);
  if (result.kind !== 'accepted') throw new Error(`the sink did not accept a mail: ${result.kind}`);
  return mail.raw.byteLength;
}

/** The texts of a digest, as nodemailer takes them. */
function toParts(reader: Reader) {
  const digest = selectDigest(reader, window);
  const { subject, html, text, headers } = renderTexts(digest, publication, links);
  return {
    ...{
      from: publication.fromAddress,
      to: digest.subscriber.address,
      subject,
      html,
      text,
    },
    ...{ encoding: 'quoted-printable', headers: headers.map(({ name, value }) => ({ key: name, value })) },
  };
}

/** Sends a message with the least that SES asks for: a form, signed by version 4, over a kept connection. */
function sendPlainly({ from, to, raw, tags }: DigestMail): Promise<number> {
  const fields = Object.entries({
    ...{ Action: 'SendRawEmail', Version: '2010-12-01', Source: from, 'Destinations.member.1': to },
    ConfigurationSetName: 'bench',
    ...Object.fromEntries(
      Object.entries(tags).flatMap(([name, value], at) => [
        [`Tags.member.${at + 1}.Name`, name],
        [`Tags.member.${at + 1}.Value`, value],
      ]),
    ),
  }).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const data = Buffer.from(raw).toString('base64').replace(/[+/=]/g, encodeURIComponent);
  const body = Buffer.from(`${fields.join('&')}&RawMessage.Data=${data}`, 'latin1');
  return new Promise((resolve, reject) => {
    const sent = request(endpoint, { method: 'POST', agent, headers: sign(body) }, (response) => {
      response.resume();
      response.once('end', () => resolve(raw.byteLength));
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
    ...{ host, 'content-type': type, 'content-length': body.byteLength, 'x-amz-date': now },
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
