import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import type { Terminal } from '../command.ts';
import { createProgress, type Progress } from '../progress.ts';

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

/** `[~] AWS::SQS::Queue Digests/Queue DigestsQueue1A2B replace` */
const CHANGE = /^\[(?<sign>[+~-])\] (?:AWS|Custom)::(?<resource>.*?)\s*$/;
const STACK = /^Stack (?<name>\S+)/;
/** `broadsheet-dev-data |  3/12 | 10:00:00 AM | CREATE_COMPLETE | AWS::DynamoDB::GlobalTable | Papers` */
const EVENT = /^(?<name>\S+) \| +(?<done>\d+)\/(?<total>\d+) \|/;
const SHOWN_OUTPUT = /^\S+\.(?<name>PublicUrl|SiteTarget|Dashboard) = (?<value>.*)$/;
/** `SSM parameter /cdk-bootstrap/hnb659fds/version not found in aws://… Has the environment been bootstrapped?` */
const UNPREPARED = /Has the environment been bootstrapped/;
const FAULT = /_FAILED\b|❌|\bfailed\b|^Error\b|\berror:/i;

/** How much of an output is shown if no line of it looks like the cause. */
const LAST_LINES = 15;
const MOST_FAULTS = 20;

/**
 * Summarises the output of `cdk diff`, with a line for each stack. It names what is deleted or replaced, or may be, and counts
 * the rest.
 */
export function summariseDiff(output: string): readonly string[] {
  const stacks: { name: string; added: number; changed: number; lost: string[]; atRisk: string[] }[] = [];
  for (const line of toLines(output)) {
    const name = STACK.exec(line)?.groups?.name;
    if (name !== undefined) stacks.push({ name, added: 0, changed: 0, lost: [], atRisk: [] });
    const { sign, resource = '' } = CHANGE.exec(line)?.groups ?? {};
    const stack = stacks.at(-1);
    if (stack === undefined || sign === undefined) continue;
    if (/\bmay be replaced$/.test(resource)) stack.atRisk.push(resource);
    else if (sign === '-' || /\breplaced?$/.test(resource)) stack.lost.push(resource);
    else if (sign === '+') stack.added += 1;
    else stack.changed += 1;
  }
  return stacks.flatMap(({ name, added, changed, lost, atRisk }) => {
    const counts = [
      ...(added > 0 ? [`${added} added`] : []),
      ...(changed > 0 ? [`${changed} changed`] : []),
      ...(lost.length > 0 ? [`${lost.length} deleted or replaced`] : []),
      ...(atRisk.length > 0 ? [`${atRisk.length} perhaps replaced`] : []),
    ];
    const named = [...lost, ...atRisk];
    const end = named.length > 0 ? ':' : '';
    return [
      `${name}: ${counts.length > 0 ? `resources ${counts.join(', ')}${end}` : 'no resource changes'}`,
      ...named.map((resource) => `  ${resource}`),
    ];
  });
}

/** The lines of a failed run that name the cause, or the last lines if none looks like it. */
export function findCause(output: string): readonly string[] {
  const lines = toLines(output)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const faults = [...new Set(lines.filter((line) => FAULT.test(line)))];
  return faults.length > 0 ? faults.slice(0, MOST_FAULTS) : lines.slice(-LAST_LINES);
}

/** Whether a run failed because the account and region have no bootstrap stack. */
export function isUnprepared(output: string): boolean {
  return UNPREPARED.test(output);
}

/** The outputs of a deployment that an operator needs next. */
export function findOutputs(output: string): readonly string[] {
  return toLines(output).flatMap((line) => {
    const { name, value } = SHOWN_OUTPUT.exec(line)?.groups ?? {};
    return name === undefined ? [] : [`${name}: ${value}`];
  });
}

/** Shows how far the stacks have come, from the lines that `cdk deploy` and `cdk destroy` write. */
export function followStacks(
  verb: string,
  terminal: Terminal,
): {
  readonly onLine: (line: string) => void;
  readonly stop: () => void;
} {
  let current: { name: string; progress: Progress; done: number } | undefined;
  return {
    onLine(line) {
      const { name, done: doneText, total } = EVENT.exec(stripVTControlCharacters(line))?.groups ?? {};
      if (name === undefined) return;
      if (current?.name !== name) {
        current?.progress.stop();
        const work = { verb: `${name}: ${verb}`, unit: 'resources', total: Number(total) };
        current = { name, progress: createProgress(terminal, work), done: 0 };
      }
      const done = Number(doneText);
      if (done > current.done) current.progress.advance(done - current.done);
      current.done = Math.max(current.done, done);
    },
    stop: () => current?.progress.stop(),
  };
}

function toLines(output: string): readonly string[] {
  return stripVTControlCharacters(output).split(/\r?\n/);
}
