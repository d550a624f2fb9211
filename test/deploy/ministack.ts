import type { CleanUp } from './clean-up.ts';
import { findFreePort, LOOPBACK } from './free-port.ts';
import { startGateway } from './gateway.ts';
import { startProcess } from './process-group.ts';
import { waitUntil } from './wait-until.ts';

export interface MinistackOptions {
  /** The Python with ministack, from `installMinistack`. */
  readonly python: string;
  /** For the data of ministack while it runs. */
  readonly folder: string;
  readonly logFile: string;
  /** The server that receives every mail as it was sent, because ministack does not keep them: `127.0.0.1:40123`. */
  readonly smtpHost: string;
  readonly cleanUp: CleanUp;
}

/** How long its first answer may take. Usually it takes about two seconds. */
const START_TIMEOUT_MS = 60_000;

/**
 * Starts ministack on free ports of loopback, and returns its URL after its first answer. It enforces IAM policies, for
 * functions those of their roles. It leaves no files behind.
 */
export async function startMinistack(options: MinistackOptions): Promise<string> {
  const { python, folder, logFile, smtpHost, cleanUp } = options;
  const port = await findFreePort();
  const gatewayPort = await startGateway(port, cleanUp);
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    TMPDIR: folder,
    // The port of the proxy, which all clients use.
    GATEWAY_PORT: String(gatewayPort),
    SMTP_HOST: smtpHost,
    AUTH: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  const args = [
    '-m',
    'hypercorn',
    'ministack.app:app',
    '--bind',
    `${LOOPBACK}:${port}`,
    '--keep-alive',
    '75',
  ];
  const running = startProcess(python, args, { env, logFile, cwd: folder });
  cleanUp.add(running.stop);
  const ended = running.exited.then((code) => {
    throw new Error(`ministack ended with ${code} before it answered`);
  });

  const url = `http://${LOOPBACK}:${gatewayPort}`;
  const answered = waitUntil('ministack to answer', START_TIMEOUT_MS, async () => {
    const answer = await fetch(`${url}/_ministack/health`).catch(() => undefined);
    return answer?.ok ? url : undefined;
  });
  const first = await Promise.race([answered, ended]);
  ended.catch(() => undefined);
  return first;
}
