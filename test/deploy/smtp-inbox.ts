import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { CleanUp } from './clean-up.ts';
import { LOOPBACK, portOf } from './free-port.ts';

/** A received message. */
interface ReceivedMail {
  /** The recipients of the envelope. The headers may differ. */
  readonly recipients: readonly string[];
  /** Headers and body. */
  readonly raw: string;
}

export interface SmtpInbox {
  /** The address of the server: `127.0.0.1:40123`. */
  readonly host: string;
  /** The received messages, oldest first. */
  mails(): readonly ReceivedMail[];
}

const END_OF_DATA = '\r\n.\r\n';

/** Starts a mail server on loopback that accepts every message and delivers none. */
export async function startSmtpInbox(cleanUp: CleanUp): Promise<SmtpInbox> {
  const mails: ReceivedMail[] = [];
  const server = createServer((socket) => receive(socket, (mail) => mails.push(mail)));
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  cleanUp.add(async () => void server.close());
  return { host: `${LOOPBACK}:${portOf(server)}`, mails: () => [...mails] };
}

/**
 * The part of SMTP that a sender of plain messages uses.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5321
 */
function receive(socket: Socket, keep: (mail: ReceivedMail) => void): void {
  let pending = '';
  let recipients: string[] = [];
  let isData = false;
  const answer = (line: string) => void socket.write(`${line}\r\n`);

  /** Handles the next command or the whole message in the received data. Returns false if more data is needed. */
  const takeNext = (): boolean => {
    const end = isData ? END_OF_DATA : '\r\n';
    const length = pending.indexOf(end);
    if (length < 0) return false;
    const text = pending.slice(0, length);
    pending = pending.slice(length + end.length);
    if (isData) {
      keep({ recipients, raw: `${text.replace(/^\.\./gm, '.')}\r\n` });
      isData = false;
      answer('250 kept');
      return true;
    }
    const [, recipient] = /^RCPT TO:<(.*)>/i.exec(text) ?? [];
    if (recipient !== undefined) recipients.push(recipient);
    if (/^MAIL FROM:/i.test(text)) recipients = [];
    if (/^QUIT$/i.test(text)) {
      answer('221 bye');
      socket.end();
      return true;
    }
    isData = /^DATA$/i.test(text);
    answer(isData ? '354 go on' : '250 fine');
    return true;
  };

  socket.setEncoding('latin1');
  socket.on('data', (chunk) => {
    pending += String(chunk);
    while (takeNext());
  });
  socket.on('error', () => socket.destroy());
  answer('220 inbox');
}
