import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { SettingsInput } from '../../infra/settings/schema.ts';
import { stackNamesOf } from '../../infra/stack-names.ts';
import { REGION } from './account.ts';
import { adaptTemplate } from './adapt-template.ts';
import type { CleanUp } from './clean-up.ts';
import { startProcess } from './process-group.ts';

export interface CdkOptions {
  /** The cloud to deploy to. */
  readonly url: string;
  /** For assemblies, outputs and the state of the command line. */
  readonly folder: string;
  readonly logFile: string;
  readonly cleanUp: CleanUp;
}

/** The command line, as an operator uses it. A failed call rejects with the end of the output. */
export interface Cdk {
  bootstrap(settings: SettingsInput): Promise<void>;
  /** Creates templates and bundles, and returns their folder. */
  synth(name: string, settings: SettingsInput): Promise<string>;
  /**
   * Deploys every stack of an assembly, and returns the outputs of each by its name.
   *
   * @param settingsOf the assembly of the same stage that `synth` made. Default: this one
   */
  deploy(assembly: string, settingsOf?: string): Promise<CdkDeployment>;
  /** Runs `init` up to an operator's first digest, and returns the output. */
  init(assembly: string, operator: string): Promise<string>;
  /** Destroys every stack of an assembly without termination protection. */
  destroy(assembly: string): Promise<void>;
}

export interface CdkDeployment {
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The names of stacks without a change. */
  readonly unchanged: readonly string[];
}

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const CDK = join(PROJECT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
const BROADSHEET = join(PROJECT, 'cli', 'bin.mjs');
const LINES_TOLD = 25;

const outputsSchema = z.record(z.string(), z.record(z.string(), z.string()));

/** Returns the command line for a local cloud. It has no credentials or endpoints of other clouds. */
export function createCdk({ url, folder, logFile, cleanUp }: CdkOptions): Cdk {
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    TMPDIR: folder,
    AWS_ENDPOINT_URL: url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_CONFIG_FILE: join(folder, 'no-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'no-credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_HOME: join(folder, 'cdk-home'),
    CDK_DISABLE_CLI_TELEMETRY: '1',
    CDK_DISABLE_VERSION_CHECK: '1',
    NO_COLOR: '1',
  };

  const run = async (program: string, ...args: readonly string[]): Promise<string> => {
    const before = (await readText(logFile)).length;
    const running = startProcess(process.execPath, [program, ...args], {
      env,
      logFile,
      cwd: PROJECT,
    });
    cleanUp.add(running.stop);
    const code = await running.exited;
    const said = (await readText(logFile)).slice(before);
    if (code === 0) return said;
    const end = said.trimEnd().split('\n').slice(-LINES_TOLD).join('\n');
    throw new Error(`${args[0]} ended with ${code}:\n${end}`);
  };

  const writeSettings = async (assembly: string, settings: SettingsInput): Promise<string> => {
    const file = settingsFileOf(assembly);
    await writeFile(file, JSON.stringify(settings));
    return file;
  };

  return {
    async bootstrap(settings) {
      const file = await writeSettings(join(folder, 'bootstrap'), settings);
      await run(BROADSHEET, 'bootstrap', '--settings', file, '--yes');
    },

    // The emulator needs other templates than AWS, so a separate step makes them.
    async synth(name, settings) {
      const assembly = join(folder, name);
      const file = await writeSettings(assembly, settings);
      await run(CDK, 'synth', '--quiet', '--no-notices', '-c', `settings=${file}`, '--output', assembly);
      for (const stack of Object.values(stackNamesOf(settings.stage))) await adaptTemplate(assembly, stack);
      return assembly;
    },

    async deploy(assembly, settingsOf = assembly) {
      const outputsFile = `${assembly}.outputs.json`;
      const where = ['--settings', settingsFileOf(settingsOf), '--assembly', assembly];
      const flags = ['--outputs-file', outputsFile, '--yes', '--verbose'];
      const said = await run(BROADSHEET, 'deploy', ...where, ...flags);
      return {
        outputs: outputsSchema.parse(JSON.parse(await readFile(outputsFile, 'utf8'))),
        unchanged: [...said.matchAll(/(\S+) \(no changes\)/g)].map(([, stack = '']) => stack),
      };
    },

    init: (assembly, operator) =>
      run(BROADSHEET, 'init', '--settings', settingsFileOf(assembly), '--operator', operator, '--yes'),

    async destroy(assembly) {
      const where = ['--settings', settingsFileOf(assembly), '--assembly', assembly];
      await run(BROADSHEET, 'destroy', ...where, '--yes');
    },
  };
}

function settingsFileOf(assembly: string): string {
  return `${assembly}.json`;
}

function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
