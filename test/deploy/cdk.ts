import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { SettingsInput } from '../../infra/settings/schema.ts';
import { stackNamesOf } from '../../infra/stack-names.ts';
import { ACCOUNT, REGION } from './account.ts';
import { adaptTemplate } from './adapt-template.ts';
import type { CleanUp } from './clean-up.ts';
import { startProcess } from './process-group.ts';

export interface CdkOptions {
  /** The cloud to deploy to. */
  readonly url: string;
  /** For assemblies, outputs and what the command line keeps. */
  readonly folder: string;
  readonly logFile: string;
  readonly cleanUp: CleanUp;
}

/** The command line of the CDK, as an operator uses it. Each call rejects with the end of what it said where it fails. */
export interface Cdk {
  bootstrap(): Promise<void>;
  /** Makes the templates and bundles of some settings, and returns the folder that they are in. */
  synth(name: string, settings: SettingsInput): Promise<string>;
  /** Deploys every stack of an assembly, and returns what each has to tell, by its name. */
  deploy(assembly: string): Promise<CdkDeployment>;
  /** Takes stacks down: all of an assembly, or the named one alone. */
  destroy(assembly: string, stack?: string): Promise<void>;
}

export interface CdkDeployment {
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The stacks that were as they should be. */
  readonly unchanged: readonly string[];
}

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const COMMAND = join(PROJECT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
const LINES_TOLD = 25;

const outputsSchema = z.record(z.string(), z.record(z.string(), z.string()));

/** The command line, bound to a cloud on this machine: it is told of no other, nor of anybody's credentials. */
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
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };

  const cdk = async (...args: readonly string[]): Promise<string> => {
    const before = (await readText(logFile)).length;
    const running = startProcess(process.execPath, [COMMAND, ...args, '--no-notices', '--no-color'], {
      env,
      logFile,
      cwd: PROJECT,
    });
    cleanUp.add(running.stop);
    const code = await running.exited;
    const said = (await readText(logFile)).slice(before);
    if (code === 0) return said;
    const end = said.trimEnd().split('\n').slice(-LINES_TOLD).join('\n');
    throw new Error(`cdk ${args[0]} ended with ${code}:\n${end}`);
  };

  return {
    async bootstrap() {
      await cdk('bootstrap', `aws://${ACCOUNT}/${REGION}`);
    },

    async synth(name, settings) {
      const settingsFile = join(folder, `${name}.json`);
      const assembly = join(folder, name);
      await writeFile(settingsFile, JSON.stringify(settings));
      await cdk('synth', '--quiet', '-c', `settings=${settingsFile}`, '--output', assembly);
      for (const stack of Object.values(stackNamesOf(settings.stage))) await adaptTemplate(assembly, stack);
      return assembly;
    },

    async deploy(assembly) {
      const outputsFile = `${assembly}.outputs.json`;
      const answer = ['--require-approval', 'never', '--outputs-file', outputsFile];
      const said = await cdk('deploy', '--all', '--app', assembly, ...answer);
      return {
        outputs: outputsSchema.parse(JSON.parse(await readFile(outputsFile, 'utf8'))),
        unchanged: [...said.matchAll(/(\S+) \(no changes\)/g)].map(([, stack = '']) => stack),
      };
    },

    async destroy(assembly, stack = '--all') {
      await cdk('destroy', stack, '--app', assembly, '--force');
    },
  };
}

function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
