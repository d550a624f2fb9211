import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const ROOT = join(import.meta.dirname, '../..');

/** A running `npm start`. */
export interface Copy {
  readonly url: string;
  readonly port: string;
  /** What the terminal shows so far. */
  output(): string;
  /** Ends the reader of its output, as Ctrl-C ends `tee`. */
  closeOutput(): void;
  /** Ends it as Ctrl-C does, and returns its exit code. */
  stop(): Promise<number | null>;
}

const running = new Set<ChildProcess>();

/** Runs `npm start` with these arguments. Its output is in `output`. */
function spawnStart(folder: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, ['local/start.mjs', '--folder', folder, ...args], {
    cwd: ROOT,
  });
  running.add(child);
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output.text += chunk.toString();
    });
  }
  return { child, output };
}

/** Runs `npm start` with these arguments until it ends, and returns its exit code and output. */
export async function runStart(folder: string, ...args: readonly string[]) {
  const { child, output } = spawnStart(folder, ...args);
  const [code] = await once(child, 'close');
  return { code, text: output.text };
}

/**
 * Starts a copy on the bundled sample, and waits until its pages answer.
 *
 * @throws Error if it ends instead
 */
export async function startCopy(folder: string, ...args: readonly string[]): Promise<Copy> {
  const { child, output } = spawnStart(folder, '--sample', '--port', '0', ...args);
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const found = /Broadsheet runs at (\S+)\n/.exec(output.text)?.[1];
      if (found) resolve(found);
    });
    child.once('close', () => reject(new Error(`did not start: ${output.text}`)));
  });
  return {
    url,
    port: new URL(url).port,
    output: () => output.text,
    closeOutput() {
      child.stdout.destroy();
      child.stderr.destroy();
    },
    async stop() {
      const closed = once(child, 'close');
      child.kill('SIGINT');
      await closed;
      if (child.exitCode !== 0) throw new Error(`did not stop normally: ${output.text}`);
      return child.exitCode;
    },
  };
}

/** Ends every copy that a test left running. */
export function killCopies(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Reloads the inbox until it shows a mail to an address, and opens the newest. */
export async function openMailTo(page: Page, url: string, address: string, subject = ''): Promise<void> {
  const mails = page.locator('ol.messages li', { hasText: address }).filter({ hasText: subject });
  await page.goto(`${url}/inbox`);
  while ((await mails.count()) === 0) {
    await page.waitForTimeout(100);
    await page.reload();
  }
  await mails.first().locator('a').click();
}
