import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { startSqs } from '../../../local/emulators/sqs.ts';

test('the queues listen on the loopback address only', async () => {
  const sqs = await startSqs();
  const { port } = new URL(sqs.endpoint);
  // Another address of the same machine. A server that listens on all addresses accepts it.
  const socket = connect({ host: '127.0.0.2', port: Number(port) });
  await expect(once(socket, 'connect')).rejects.toThrow(/ECONNREFUSED|EADDRNOTAVAIL|ENETUNREACH/);
  socket.destroy();
  await sqs.close();
});
