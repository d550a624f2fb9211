import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The command line of the CDK. */
export interface Cdk {
  /** Runs `cdk` with its output on the terminal, and returns its exit code. */
  show(...args: readonly string[]): Promise<number>;
  /** Runs `cdk` in silence, and returns its exit code and output. */
  capture(...args: readonly string[]): Promise<{ readonly code: number; readonly output: string }>;
}

/** A signal ended the process, and a shell adds its number to this. */
const EXIT_SIGNAL = 128;

/** The command line of the locked CDK, in the folder of the project and bound to a region. Account and credentials are those of this process. */
export function createCdk(region: string): Cdk {
  const command = join(dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json')), 'bin', 'cdk');
  const start = (args: readonly string[], stdio: 'inherit' | 'pipe') =>
    spawn(process.execPath, [command, ...args, '--no-notices'], {
      cwd: findProject(),
      // The CDK would take us-east-1 in silence. It also warns of Node 20 at each start, like the SDK in it.
      env: {
        ...process.env,
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      },
      stdio: ['inherit', stdio, stdio],
    });
  return {
    show: (...args) => ended(start(args, 'inherit')),
    async capture(...args) {
      const child = start(args, 'pipe');
      const pieces: Buffer[] = [];
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (piece) => pieces.push(piece));
      const code = await ended(child);
      return { code, output: Buffer.concat(pieces).toString() };
    },
  };
}

function ended(child: ReturnType<typeof spawn>): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? EXIT_SIGNAL));
  });
}

/** The folder with `cdk.json` above this file, wherever it was bundled to. */
function findProject(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'cdk.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no cdk.json above ${fileURLToPath(import.meta.url)}`);
    folder = parent;
  }
  return folder;
}
