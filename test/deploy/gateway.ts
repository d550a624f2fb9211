import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { CleanUp } from './clean-up.ts';
import { LOOPBACK, portOf } from './free-port.ts';

/**
 * Starts what ends TLS before a cloud, as far as the cloud can tell: it hands every request on with the header that says
 * so. Queues, topics and the bucket of the CDK refuse whoever comes without TLS, and a certificate would have to be made,
 * and trusted by everybody, for no more than that.
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
