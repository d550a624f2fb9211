import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The command line of the CDK, as commands use it. */
export interface Cdk {
  /** Runs `cdk` with its output on the terminal, and returns its exit code. */
  show(...args: readonly string[]): Promise<number>;
  /**
   * Runs `cdk` without showing its output, and returns its exit code and output.
   *
   * @param onLine is called with each line as it comes
   */
  capture(args: readonly string[], onLine?: (line: string) => void): Promise<CapturedRun>;
}

interface CapturedRun {
  readonly code: number;
  readonly output: string;
}

/** A signal ended the process. A shell adds the number of the signal to this. */
const EXIT_SIGNAL = 128;

/**
 * The command line of the locked CDK, in the folder of the project and bound to a region. It uses the credentials of this
 * process.
 */
export function createCdk(region: string): Cdk {
  const command = join(dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json')), 'bin', 'cdk');
  const start = (args: readonly string[], stdio: 'inherit' | 'pipe') =>
    spawn(process.execPath, [command, ...args, '--no-notices'], {
      cwd: findProject(),
      // Without a region the CDK uses us-east-1 and does not say so. It also warns about Node 20 at each start, as the SDK does.
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
    async capture(args, onLine = () => {}) {
      const child = start(args, 'pipe');
      const lines: string[] = [];
      for (const input of [child.stdout, child.stderr])
        if (input)
          createInterface({ input }).on('line', (line) => {
            lines.push(line);
            onLine(line);
          });
      const code = await ended(child);
      return { code, output: lines.join('\n') };
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
