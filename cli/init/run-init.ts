import { access, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isCancel, text } from '@clack/prompts';
import { loadSettings } from '../../infra/settings/load-settings.ts';
import type { CommandContext } from '../command.ts';
import { runBootstrap, runDeploy } from '../deploy/run-deploy.ts';
import { findTarget } from '../deployment/open-deployment.ts';
import { createDns } from '../doctor/adapters/dns.ts';
import { createProgress } from '../progress.ts';
import { openAccount } from './adapters.ts';
import { init } from './init.ts';
import type { Ask, InitFlags, InitPorts, SettingsFile, Waiting } from './ports.ts';

const TICK_MS = 1_000;
const PAUSE_MS = 5_000;

/** Leads a new operator to a first digest, and returns the exit code. */
export async function runInit(flags: InitFlags, context: CommandContext): Promise<number> {
  const { print, input, terminal, onInterrupt } = context;
  const signal = onInterrupt();
  const ports: InitPorts = {
    say: print,
    ask: input.isTTY && terminal.isTTY ? createAsk(context) : undefined,
    startWaiting: (words) => startWaiting(words, terminal, signal),
    findTarget,
    settingsFile: openSettingsFile(flags.settings),
    dns: createDns(),
    deployer: {
      bootstrap: () => runBootstrap(flags, context),
      deploy: () => runDeploy(flags, context),
    },
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...openAccount(signal),
  };
  return init(ports, flags);
}

function createAsk({ input, terminal }: Pick<CommandContext, 'input' | 'terminal'>): Ask {
  return async ({ words, preset, faultOf }) => {
    const answer = await text({
      message: words,
      ...(preset !== undefined && { placeholder: preset, defaultValue: preset }),
      validate: (typed) => faultOf(typed?.trim() || preset || ''),
      // Both are streams of Node, and CommandContext names no more of them than commands use.
      ...{ input: input as typeof process.stdin, output: terminal as typeof process.stderr },
    });
    return isCancel(answer) ? undefined : answer.trim();
  };
}

function openSettingsFile(path: string): SettingsFile {
  return {
    async load() {
      const isThere = await access(path).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT') return false;
          throw error;
        },
      );
      return isThere ? loadSettings(path) : undefined;
    },
    save: (settings) => writeFile(path, `${JSON.stringify(settings, undefined, 2)}\n`, { flag: 'wx' }),
  };
}

/** Counts the seconds on the terminal. */
function startWaiting(words: string, terminal: CommandContext['terminal'], signal: AbortSignal): Waiting {
  const progress = createProgress(terminal, { verb: `${words}:`, unit: 's' });
  const ticks = setInterval(() => progress.advance(), TICK_MS);
  return {
    async pause() {
      await delay(PAUSE_MS, undefined, { signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      return !signal.aborted;
    },
    stop() {
      clearInterval(ticks);
      progress.stop();
    },
  };
}
