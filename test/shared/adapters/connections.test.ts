import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request as requestByNode } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createSecureServer } from 'node:tls';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { HttpRequest } from '@smithy/core/protocols';
import { LOOPBACK } from '../../../local/emulators/loopback.ts';
import { createConnections } from '../../../shared/adapters/connections.ts';
import { readAnswer } from '../../../shared/adapters/read-answer.ts';
import { CERTIFICATE, PRIVATE_KEY } from '../../factories/certificate.ts';
import { fc } from '../../fast-check.ts';

const LIMITS = { connectionTimeout: 300_000, requestTimeout: 300_000, maxIdleMs: 4_000 };
const BODY = 'Action=SendRawEmail';
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

/** What a server does with each request that it has read. */
type Answer = (socket: Socket, n: number) => void;

/** A server that keeps what it reads. */
interface TestServer {
  readonly server: Server;
  readonly port: number;
  /** By connection. */
  readonly received: string[];
  readonly sockets: Socket[];
}

let servers: TestServer[];
let connections: ReturnType<typeof createConnections>;

beforeEach(() => {
  servers = [];
  connections = createConnections(LIMITS);
});

afterEach(async () => {
  jest.restoreAllMocks();
  connections.destroy?.();
  for (const { server, sockets } of servers) {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(answer: Answer, server = createServer(), event = 'connection'): Promise<TestServer> {
  const [received, sockets]: [string[], Socket[]] = [[], []];
  let count = 0;
  server.on(event, (socket: Socket) => {
    const index = sockets.push(socket) - 1;
    received[index] = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      received[index] += bytes.toString('latin1');
      if (received[index]?.endsWith(BODY)) answer(socket, count++);
    });
  });
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const opened = { server, port: (server.address() as AddressInfo).port, received, sockets };
  servers.push(opened);
  return opened;
}

function toRequest(port: number, fields: Partial<HttpRequest> = {}): HttpRequest {
  const headers = { host: 'ses', 'content-length': String(BODY.length) };
  const address = { protocol: 'http:', hostname: LOOPBACK, port, path: '/', method: 'POST' };
  return new HttpRequest({ ...address, headers, body: BODY, ...fields });
}

async function ask(port: number, fields?: Partial<HttpRequest>) {
  const { response } = await connections.handle(toRequest(port, fields));
  return {
    status: response.statusCode,
    headers: response.headers,
    body: Buffer.from(response.body).toString('latin1'),
  };
}

/** The name and the code of the error of a request. */
async function failureOf(port: number, fields?: Partial<HttpRequest>): Promise<string> {
  return ask(port, fields).then(
    () => 'no error',
    ({ name, code }) => [name, code].filter(Boolean).join(' '),
  );
}

describe('an answer', () => {
  const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,12}$/).map((name) => `X-${name}`);
  const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
  const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array).toString('latin1'));
  const framed = fc.oneof(
    bytes.map((body) => ({ header: `Content-Length: ${body.length}`, sent: body, isClosed: false })),
    fc
      .record({
        chunks: fc.array(
          bytes.filter((chunk) => chunk !== ''),
          { maxLength: 4 },
        ),
        hasTrailer: fc.boolean(),
      })
      .map(({ chunks, hasTrailer }) => ({
        header: 'Transfer-Encoding: chunked',
        sent: `${chunks.map((chunk) => `${chunk.length.toString(16)};a=b\r\n${chunk}\r\n`).join('')}0\r\n${hasTrailer ? 'X-Sum: 1\r\n' : ''}\r\n`,
        isClosed: false,
      })),
    bytes.map((body) => ({ header: 'Connection: close', sent: body, isClosed: true })),
  );
  const answers = fc
    .record({
      status: fc.integer({ min: 200, max: 599 }).filter((status) => status !== 204 && status !== 304),
      headers: fc.uniqueArray(fc.tuple(token, value), {
        selector: ([name]) => name.toLowerCase(),
        maxLength: 4,
      }),
      framed,
      isDelayed: fc.boolean(),
    })
    .map(({ status, headers, framed: { header, sent, isClosed }, isDelayed }) => ({
      isClosed,
      text: `${isDelayed ? 'HTTP/1.1 100 Continue\r\n\r\n' : ''}HTTP/1.1 ${status} Some words\r\n${headers.map(([name, text]) => `${name}: ${text}\r\n`).join('')}${header}\r\n\r\n${sent}`,
    }));

  test('is read as the client of Node.js reads it', async () => {
    const askByNode = async (port: number) => {
      const sent = requestByNode({
        port,
        host: LOOPBACK,
        method: 'POST',
        headers: { 'content-length': BODY.length },
      });
      sent.end(BODY);
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      return {
        status: response.statusCode,
        headers: response.headers,
        body: Buffer.concat(chunks).toString('latin1'),
      };
    };
    await fc.assert(
      fc.asyncProperty(answers, async ({ text, isClosed }) => {
        const { port } = await listen((socket) => {
          socket.write(text, 'latin1');
          if (isClosed) socket.end();
        });

        expect(await ask(port)).toEqual(await askByNode(port));
      }),
      { numRuns: 40 },
    );
  });

  test('is complete with its last byte, and not before', () => {
    fc.assert(
      fc.property(answers, fc.double({ min: 0, max: 0.999, noNaN: true }), ({ text, isClosed }, share) => {
        const all = Buffer.from(text, 'latin1');

        expect(readAnswer(all.subarray(0, Math.floor(share * all.length)), false)).toBeUndefined();
        expect(readAnswer(all, isClosed)).toMatchObject({ isKept: !isClosed });
      }),
    );
  });

  test.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
    ['a header line without a name', 'HTTP/1.1 200 OK\r\nno name\r\n\r\n'],
    ['a length that is not a number', 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n'],
    [
      'a chunk that is longer than its size',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nabcd\r\n',
    ],
    ['a chunk without a size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nsize\r\n'],
  ])('with %s is an error, and closes the connection', async (_, text) => {
    const { port, sockets } = await listen((socket) => socket.write(text));

    expect(await failureOf(port)).toBe('BrokenAnswerError');
    // A second request would open another connection.
    expect(sockets).toHaveLength(1);
    await once(sockets[0] as Socket, 'close');
  });

  test('of many parts is read whole', async () => {
    const parts = Array.from({ length: 300 }, (_, n) => String.fromCharCode(65 + (n % 26)).repeat(n));
    const body = parts.join('');
    const sendParts = async (socket: Socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`);
      for (const part of parts) {
        socket.write(part);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const { port } = await listen((socket) => void sendParts(socket));

    expect((await ask(port)).body).toBe(body);
    expect((await ask(port)).body).toBe(body);
  });

  test.each([
    ['of too many header lines', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(33_000_000)}`],
    ['of too many bytes until the connection closes', `HTTP/1.1 200 OK\r\n\r\n${'a'.repeat(33_000_000)}`],
  ])('%s is an error', async (_, text) => {
    const { port } = await listen((socket) => socket.end(text));

    expect(await failureOf(port)).toBe('ConnectionLostError EMSGSIZE');
  });

  test('until the connection closes is not complete if the client itself closes it', async () => {
    const { port } = await listen((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\nhalf');
      setImmediate(() => connections.destroy?.());
    });

    expect(await failureOf(port)).toBe('ConnectionLostError ECONNRESET');
  });

  test.each([204, 304])('with the status %d has no body', async (status) => {
    const { port, sockets } = await listen((socket) => socket.write(`HTTP/1.1 ${status} Nothing\r\n\r\n`));

    expect(await ask(port)).toMatchObject({ status, body: '' });
    expect(await ask(port)).toMatchObject({ status, body: '' });
    expect(sockets).toHaveLength(1);
  });
});

describe('a connection', () => {
  test('is used again, and one answer at a time', async () => {
    const { port, sockets, received } = await listen((socket) => socket.write(OK));

    expect(await ask(port)).toEqual({ status: 200, headers: { 'content-length': '2' }, body: 'ok' });
    await ask(port, { body: Buffer.from(BODY) });
    expect(received).toEqual([`POST / HTTP/1.1\r\nhost: ses\r\ncontent-length: 19\r\n\r\n${BODY}`.repeat(2)]);
    await Promise.all([ask(port), ask(port), ask(port)]);

    expect(sockets).toHaveLength(3);
  });

  test('has one request at a time, and at most fifty are on their way', async () => {
    const waiting: Socket[] = [];
    const { port, sockets } = await listen((socket) => waiting.push(socket));
    const asked = Array.from({ length: 120 }, () => ask(port));
    for (let answered = 0; answered < 120; answered += 1) {
      while (waiting.length < Math.min(50, 120 - answered))
        await new Promise((resolve) => setImmediate(resolve));
      expect(waiting.length).toBeLessThanOrEqual(50);
      waiting.shift()?.write(OK);
    }

    expect(await Promise.all(asked)).toHaveLength(120);
    expect(sockets).toHaveLength(50);
  });

  test('that fails after it was idle takes the other idle ones with it', async () => {
    const { port, sockets } = await listen((socket, n) => (n === 2 ? socket.destroy() : socket.write(OK)));
    await Promise.all([ask(port), ask(port)]);

    expect(await failureOf(port)).toBe('ConnectionLostError ECONNRESET');
    await ask(port);

    expect(sockets).toHaveLength(3);
  });

  test('is not used for another server', async () => {
    const [first, second] = await Promise.all([
      listen((socket) => socket.write(OK)),
      listen((socket) => socket.write(OK)),
    ]);

    await ask(first.port);
    await ask(second.port);

    expect(second.received).toHaveLength(1);
  });

  test.each([
    ['was idle for five seconds', 5_000],
    ['seems to be idle since a time to come', -5_000],
  ])('that %s is closed, because the server may have closed it', async (_, ms) => {
    const { port, sockets } = await listen((socket) => socket.write(OK));
    await ask(port);
    const now = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => now + ms);

    const closed = once(sockets[0] as Socket, 'close');
    await ask(port);
    expect(sockets).toHaveLength(2);
    await closed;
  });

  test.each([
    ['says that it closes it', 'HTTP/1.1 200 OK\r\nConnection: close\r\ncontent-length: 2\r\n\r\nok'],
    ['speaks HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok'],
    ['sends more than its answer', `${OK}and more`],
  ])('is not used again if the server %s', async (_, text) => {
    const { port, sockets } = await listen((socket) => socket.write(text));

    expect(await ask(port)).toMatchObject({ status: 200, body: 'ok' });
    expect(await ask(port)).toMatchObject({ status: 200, body: 'ok' });
    expect(sockets).toHaveLength(2);
  });

  test('that the server closes while it is idle makes no request fail', async () => {
    const { port, sockets } = await listen((socket) => socket.write(OK));
    await ask(port);
    sockets[0]?.resetAndDestroy();
    await once(sockets[0] as Socket, 'close');
    await new Promise((resolve) => setImmediate(resolve));

    expect(await ask(port)).toMatchObject({ status: 200 });
  });

  test('that the server closes right after an answer makes no request fail', async () => {
    const { port, sockets } = await listen((socket) => socket.end(OK));

    for (let n = 0; n < 40; n += 1) expect(await failureOf(port)).toBe('no error');

    expect(sockets).toHaveLength(40);
  });

  test('on which something comes unasked is closed', async () => {
    const { port, sockets } = await listen((socket) => socket.write(OK));
    await ask(port);
    sockets[0]?.write(OK);
    await once(sockets[0] as Socket, 'close');

    expect(await ask(port)).toMatchObject({ status: 200 });
    expect(sockets).toHaveLength(2);
  });

  test('is closed if the answer comes before the server has read the request', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.pause();
      socket.write('HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n');
    });
    server.listen(0, LOOPBACK);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const opened: TestServer = { server, port, received: [], sockets: [] };
    servers.push(opened);
    server.on('connection', (socket) => opened.sockets.push(socket));

    expect(await ask(port, { body: Buffer.alloc(50_000_000) })).toMatchObject({ status: 413 });
    await ask(port);

    expect(opened.sockets).toHaveLength(2);
  });
});

describe('a request', () => {
  test.each([
    ['the server closes the connection', (socket: Socket) => socket.end(), 'ConnectionLostError ECONNRESET'],
    [
      'the connection is reset',
      (socket: Socket) => socket.resetAndDestroy(),
      'ConnectionLostError ECONNRESET',
    ],
    [
      'the answer is cut off',
      (socket: Socket) => socket.end(OK.slice(0, -1)),
      'ConnectionLostError ECONNRESET',
    ],
  ])('goes out once if %s', async (_, answer, failure) => {
    const { port, received } = await listen(answer);

    expect(await failureOf(port)).toBe(failure);
    expect(received.join('').split(BODY)).toHaveLength(2);
  });

  test('goes out once if no answer comes in time, and its connection is closed', async () => {
    connections = createConnections({ ...LIMITS, requestTimeout: 20 });
    const { port, received, sockets } = await listen(() => {});

    expect(await failureOf(port)).toBe('TimeoutError ETIMEDOUT');
    if (!sockets[0]?.destroyed) await once(sockets[0] as Socket, 'close');
    expect(received.join('').split(BODY)).toHaveLength(2);
  });

  test.each(['a\r\nx-other: b', 'ü'])('with the header %j does not go out', async (header) => {
    const { port, sockets } = await listen((socket) => socket.write(OK));

    expect(await failureOf(port, { headers: { host: header } })).toBe('NotSentError ERR_INVALID_CHAR');
    expect(sockets).toHaveLength(0);
  });

  test('has no connection if no server listens', async () => {
    const { port, server } = await listen(() => {});
    await new Promise((resolve) => server.close(resolve));

    expect(await failureOf(port)).toBe('NotSentError ECONNREFUSED');
  });

  test('has no connection if the server does not accept one in time', async () => {
    // Two connections fill the queue of a process that never accepts. The kernel leaves all others without an answer.
    const code = `require('node:net').createServer().listen({ port: 0, host: '${LOOPBACK}', backlog: 1 }, function () {
      require('node:fs').writeSync(1, String(this.address().port));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`;
    const child = spawn(process.execPath, ['--eval', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [printed] = await once(child.stdout, 'data');
    const port = Number(String(printed));
    const filling = Array.from({ length: 4 }, () => connect({ port, host: LOOPBACK }).on('error', () => {}));
    await Promise.all(filling.slice(0, 2).map((socket) => once(socket, 'connect')));
    connections = createConnections({ ...LIMITS, connectionTimeout: 20 });

    expect(await failureOf(port)).toBe('NotSentError ETIMEDOUT');
    for (const socket of filling) socket.destroy();
    child.kill('SIGKILL');
  });

  test('has no connection if the handshake takes longer than the whole request may', async () => {
    connections = createConnections({ ...LIMITS, requestTimeout: 50 });
    const { port } = await listen(() => {});

    // The server never begins the handshake.
    expect(await failureOf(port, { protocol: 'https:' })).toBe('NotSentError ETIMEDOUT');
  });

  test('may take longer for its handshake than for its connection', async () => {
    connections = createConnections({ ...LIMITS, connectionTimeout: 20 });
    const server = createServer((socket) => {
      socket.once('data', () => setTimeout(() => socket.resetAndDestroy(), 60));
    });
    const { port } = await listen(() => {}, server);

    expect(await failureOf(port, { protocol: 'https:' })).toBe('NotSentError ECONNRESET');
  });

  test('has no connection if the handshake breaks', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const { port } = await listen(() => {}, server);

    expect(await failureOf(port, { protocol: 'https:' })).toBe('NotSentError ECONNRESET');
  });

  test('fails if its client is destroyed, and is not sent if it waits', async () => {
    const { port, received } = await listen((_, n) => n === 49 && connections.destroy?.());

    const failures = await Promise.all(Array.from({ length: 60 }, () => failureOf(port)));

    expect(failures.slice(0, 50)).toEqual(Array.from({ length: 50 }, () => 'ConnectionLostError ECONNRESET'));
    expect(failures.slice(50)).toEqual(Array.from({ length: 10 }, () => 'NotSentError ECONNABORTED'));
    expect(received).toHaveLength(50);
  });
});

describe('a secure connection', () => {
  const secure = () => createSecureServer({ cert: CERTIFICATE, key: PRIVATE_KEY });

  test('is refused if no authority signed the certificate', async () => {
    const { port, received } = await listen((socket) => socket.write(OK), secure(), 'secureConnection');

    expect(await failureOf(port, { protocol: 'https:', hostname: 'localhost' })).toBe(
      'NotSentError DEPTH_ZERO_SELF_SIGNED_CERT',
    );
    expect(received.join('')).toBe('');
  });

  test('names the server, goes on with the last session, and does not keep a process that is done', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'broadsheet-certificate-'));
    const file = join(folder, 'certificate.pem');
    await writeFile(file, CERTIFICATE);
    const names: unknown[] = [];
    const server = secure();
    server.on('secureConnection', (socket) => names.push(socket.servername, socket.isSessionReused()));
    const { port } = await listen(
      (socket, n) => socket.write(n === 0 ? OK.replace('\r\n', '\r\nconnection: close\r\n') : OK),
      server,
      'secureConnection',
    );
    const code = `
      import { createConnections } from ${JSON.stringify(new URL('../../../shared/adapters/connections.ts', import.meta.url).href)};
      const request = { protocol: 'https:', hostname: 'localhost', port: ${port}, path: '/', method: 'POST', headers: {}, body: '${BODY}' };
      const connections = createConnections(${JSON.stringify(LIMITS)});
      for (const _ of [1, 2]) {
        const { response } = await connections.handle(request);
        console.log(response.statusCode, Buffer.from(response.body).toString());
      }`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', code],
      { env: { ...process.env, NODE_EXTRA_CA_CERTS: file } },
    );
    await rm(folder, { recursive: true });

    expect(stdout).toBe('200 ok\n200 ok\n');
    expect(names).toEqual(['localhost', false, 'localhost', true]);
  });
});
