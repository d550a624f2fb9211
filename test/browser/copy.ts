import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const ROOT = join(import.meta.dirname, '../..');
const START_TIMEOUT_MS = 20_000;

/** A copy that `npm start` started, as its user has it. */
export interface Copy {
  readonly url: string;
  readonly port: string;
  /** Ends it as Ctrl-C does, and returns its exit code. */
  stop(): Promise<number | null>;
}

const running = new Set<ChildProcess>();

/** Runs `npm start` with these arguments; what it says is in `output`. */
export function spawnStart(folder: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'local/start.ts', '--folder', folder, ...args], {
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

/** Starts a copy on the bundled sample, and waits until its pages answer. */
export async function startCopy(folder: string, ...args: readonly string[]): Promise<Copy> {
  const { child, output } = spawnStart(folder, '--sample', '--port', '0', ...args);
  for (const start = Date.now(); Date.now() - start < START_TIMEOUT_MS; ) {
    const url = /Broadsheet runs at (\S+)/.exec(output.text)?.[1];
    if (url) {
      const stop = async () => {
        child.kill('SIGINT');
        await once(child, 'exit');
        if (child.exitCode !== 0) throw new Error(`did not stop in order: ${output.text}`);
        return child.exitCode;
      };
      return { url, port: new URL(url).port, stop };
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`did not start: ${output.text}`);
}

/** Ends whatever a test left behind. */
export function killCopies(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Loads the inbox again until it shows a mail to an address, as a person would, and opens the newest. */
export async function openMailTo(page: Page, url: string, address: string, subject = ''): Promise<void> {
  const mails = page.locator('ol.messages li', { hasText: address }).filter({ hasText: subject });
  for (const start = Date.now(); Date.now() - start < START_TIMEOUT_MS; ) {
    await page.goto(`${url}/inbox`);
    if ((await mails.count()) > 0) return mails.first().locator('a').click();
    await page.waitForTimeout(100);
  }
  throw new Error(`no mail to ${address} within ${START_TIMEOUT_MS} ms`);
}
