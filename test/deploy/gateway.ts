import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { CleanUp } from './clean-up.ts';
import { LOOPBACK, portOf } from './free-port.ts';

/**
 * Starts a proxy that makes the cloud believe that TLS ended before it. It adds the header that says so to every request. Queues,
 * topics and the bucket of the CDK refuse requests without TLS. With real TLS, every client would have to trust a test certificate.
 *
 * @param cloudPort where the cloud listens on loopback
 * @returns the port that it listens on itself
 */
export async function startGateway(cloudPort: number, cleanUp: CleanUp): Promise<number> {
  const server = createServer((incoming, outgoing) => handOn(incoming, outgoing, cloudPort));
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  cleanUp.add(async () => {
    server.close();
    server.closeAllConnections();
  });
  return portOf(server);
}

function handOn(incoming: IncomingMessage, outgoing: ServerResponse, cloudPort: number): void {
  const { method, url, headers } = incoming;
  const onward = request({
    host: LOOPBACK,
    port: cloudPort,
    method,
    path: url,
    headers: { ...headers, 'x-forwarded-proto': 'https' },
  });
  onward.on('response', (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}
