/** Accepts mails on loopback and forgets them: SES over HTTP, and SMTP. Run as a child process, it reports its two ports. */
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';

/** The ports of a running sink. */
export interface SinkPorts {
  readonly http: number;
  readonly smtp: number;
}

const XMLNS = 'http://ses.amazonaws.com/doc/2010-12-01/';

let accepted = 0;

const http = createServer((request, response) => {
  request.resume();
  request.once('end', () => {
    accepted += 1;
    const body = `<SendRawEmailResponse xmlns="${XMLNS}"><SendRawEmailResult><MessageId>${accepted}</MessageId></SendRawEmailResult><ResponseMetadata><RequestId>${accepted}</RequestId></ResponseMetadata></SendRawEmailResponse>`;
    response.writeHead(200, { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(body) });
    response.end(body);
  });
});

// The workers take turns, so a connection may be idle for minutes.
http.keepAliveTimeout = 3_600_000;

const END_OF_DATA = Buffer.from('\r\n.\r\n');

const smtp = createTcpServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  let isData = false;
  let tail = Buffer.alloc(0);
  socket.write('220 sink\r\n');
  socket.on('data', (chunk) => {
    tail = Buffer.concat([tail, chunk]);
    if (isData) {
      if (tail.indexOf(END_OF_DATA) === -1) {
        tail = tail.subarray(-END_OF_DATA.length);
        return;
      }
      isData = false;
      tail = Buffer.alloc(0);
      socket.write('250 ok\r\n');
      return;
    }
    for (let end = tail.indexOf('\r\n'); end !== -1; end = tail.indexOf('\r\n')) {
      const [verb = ''] = tail.subarray(0, end).toString('latin1').split(' ');
      tail = tail.subarray(end + 2);
      isData = answer(socket, verb.toUpperCase());
      if (isData) break;
    }
  });
});

/** Answers an SMTP command. Returns whether the message follows. */
function answer(socket: Socket, verb: string): boolean {
  if (verb === 'EHLO') socket.write('250-sink\r\n250 8BITMIME\r\n');
  else if (verb === 'DATA') socket.write('354 go on\r\n');
  else if (verb === 'QUIT') socket.end('221 bye\r\n');
  else socket.write('250 ok\r\n');
  return verb === 'DATA';
}

const listen = (server: Server) =>
  new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

const ports: SinkPorts = { http: await listen(http), smtp: await listen(smtp) };
process.send?.(ports);
process.once('disconnect', () => process.exit());
