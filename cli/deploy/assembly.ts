import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { SETTINGS_METADATA, toSettingsDigest } from '../../infra/settings/derived.ts';
import type { Settings } from '../../infra/settings/schema.ts';
import { stackNamesOf } from '../../infra/stack-names.ts';
import { CommandError } from '../deployment/errors.ts';
import type { Target } from '../deployment/find-deployment.ts';
import type { Cdk } from './cdk.ts';

/** A stack in an assembly, which is the folder of templates and bundles that the CDK makes. */
export interface AssembledStack {
  /** Account and region, such as `aws://111122223333/eu-west-1`. */
  readonly environment: string;
  /** The digest of the settings that it was made from. Undefined if an earlier version made it. */
  readonly settingsDigest?: string | undefined;
}

/** Loads the stacks of an assembly by their names. */
export type LoadAssembly = (folder: string) => Promise<Readonly<Record<string, AssembledStack>>>;

const manifestSchema = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      environment: z.string().optional(),
      additionalMetadataFile: z.string().optional(),
    }),
  ),
});

const metadataSchema = z.record(z.string(), z.array(z.object({ type: z.string(), data: z.unknown() })));

/** @throws CommandError for a folder that is not an assembly */
export const loadAssembly: LoadAssembly = async (folder) => {
  const read = async (name: string): Promise<unknown> =>
    JSON.parse(
      await readFile(join(folder, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
        throw new CommandError(
          `--assembly ${folder} cannot be read (${error.code}). Name a folder that "cdk synth" wrote.`,
        );
      }),
    );
  const { artifacts } = manifestSchema.parse(await read('manifest.json'));
  const stacks: Record<string, AssembledStack> = {};
  for (const [name, { type, environment, additionalMetadataFile: file }] of Object.entries(artifacts)) {
    if (type !== 'aws:cloudformation:stack' || environment === undefined) continue;
    const metadata = file === undefined ? {} : metadataSchema.parse(await read(file));
    const ours = metadata[`/${name}`]?.find((entry) => entry.type === SETTINGS_METADATA)?.data;
    stacks[name] = { environment, settingsDigest: ours === undefined ? undefined : String(ours) };
  }
  return stacks;
};

/**
 * Checks that an assembly was made for a target and from its settings.
 *
 * @throws CommandError if it was made for another stage, account or region, or from other settings
 */
export function checkAssembly(
  { stage, account, region }: Target,
  settings: Settings,
  folder: string,
  stacks: Awaited<ReturnType<LoadAssembly>>,
): void {
  const advice = 'Make it again with these settings, or leave --assembly out.';
  const here = ['unknown-account', account].flatMap((id) =>
    ['unknown-region', region].map((name) => `aws://${id}/${name}`),
  );
  for (const name of Object.values(stackNamesOf(stage))) {
    const stack = stacks[name];
    if (stack === undefined)
      throw new CommandError(
        `--assembly ${folder} has no stack "${name}". It has ${Object.keys(stacks).join(', ') || 'no stack'}. ${advice}`,
      );
    if (!here.includes(stack.environment))
      throw new CommandError(
        `--assembly ${folder} has stack "${name}" for ${stack.environment}, not for account ${account} in ${region}. ${advice}`,
      );
    if (stack.settingsDigest !== undefined && stack.settingsDigest !== toSettingsDigest(settings))
      throw new CommandError(
        `--assembly ${folder} was made from other settings than --settings has now. ${advice}`,
      );
  }
}

/**
 * Makes an assembly from a settings file, does some work with it, and returns the exit code of the work. The folder belongs to
 * this run. It is removed at the end.
 *
 * @throws CommandError with the output of the CDK if it cannot make the templates
 */
export async function withNewAssembly(
  cdk: Pick<Cdk, 'capture'>,
  settingsFile: string,
  work: (folder: string) => Promise<number>,
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-assembly-'));
  try {
    const settings = `settings=${resolve(settingsFile)}`;
    const { code, output } = await cdk.capture(['synth', '--quiet', '-c', settings, '--output', folder]);
    if (code !== 0) throw new CommandError(`The templates cannot be made:\n${output.trimEnd()}`);
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
