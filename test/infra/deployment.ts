import { readFileSync, rmSync } from 'node:fs';
import { afterAll } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import * as z from 'zod';
import type { Release } from '../../infra/release.ts';
import { parseSettings } from '../../infra/settings/parse-settings.ts';
import type { SettingsInput } from '../../infra/settings/schema.ts';
import { createStacks } from '../../infra/stacks.ts';
import type { FunctionName } from '../../shared/observability.ts';
import type { Resource, Resources } from './template.ts';

/** Both stacks of a deployment as CloudFormation gets them. References between the stacks are resolved. */
export interface Deployment {
  readonly resources: Resources;
  /** The outputs by name. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Whether each stack has termination protection. */
  readonly isProtected: Readonly<Record<'data' | 'pipeline', boolean>>;
}

const cdkJsonSchema = z.object({ context: z.record(z.string(), z.unknown()) });

/** The context of cdk.json, which holds the feature flags of CDK. */
const { context } = cdkJsonSchema.parse(JSON.parse(readFileSync('cdk.json', 'utf8')));

/** CDK notes for every resource where it was created, which takes an eighth of the time. No test reads that. */
const WITHOUT_TRACES = { 'aws:cdk:disable-creation-stack-traces': true };

/** The folders of synthesised assemblies. CDK does not delete them. */
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The version and commit of the synthesised stacks. */
export const RELEASE = { version: '1.2.3', commit: '0123456789ab' } as const satisfies Release;

const FROM_ADDRESS = 'papers@example.org';

/** Returns valid settings for `prod`, with overrides. */
export function settingsWith(others: Partial<SettingsInput> = {}): SettingsInput {
  return { stage: 'prod', publication: { fromAddress: FROM_ADDRESS }, ...others };
}

/**
 * Returns an app with the stacks of these settings. The functions have no bundles.
 *
 * @param isValidated whether CDK validates the templates with the schemas of CloudFormation, which takes most of the
 * time
 */
export function createApp(
  others: Partial<SettingsInput> = {},
  isValidated = false,
  release: Release = RELEASE,
) {
  const app = new App({
    context: { ...context, ...WITHOUT_TRACES },
    analyticsReporting: false,
    treeMetadata: false,
    builtinCloudFormationValidation: isValidated,
  });
  folders.push(app.outdir);
  const codeOf = () => Code.fromInline('// bundle');
  const stacks = createStacks(app, parseSettings(settingsWith(others)), { codeOf, release });
  return { app, ...stacks };
}

const synthesised = new Map<string, Deployment>();

/**
 * Synthesises a deployment. Equal settings are synthesised once, so callers share the result and must not change it.
 *
 * @throws Error if cdk-nag has a finding without an acknowledgement
 */
export function synthesise(others: Partial<SettingsInput> = {}): Deployment {
  const key = JSON.stringify(parseSettings(settingsWith(others)));
  const deployment = synthesised.get(key) ?? synthesiseAnew(others);
  synthesised.set(key, deployment);
  return deployment;
}

function synthesiseAnew(others: Partial<SettingsInput>): Deployment {
  const { app, data, pipeline } = createApp(others);
  const assembly = app.synth();
  const templates = [data, pipeline].map(
    ({ artifactId }): Resource => assembly.getStackArtifact(artifactId).template,
  );
  const outputs = templates.flatMap((template) => Object.entries<Resource>(template.Outputs ?? {}));
  const exported = new Map(outputs.map(([, { Export, Value }]) => [Export?.Name, Value]));
  return {
    resources: fillIn(Object.assign({}, ...templates.map((template) => template.Resources)), exported),
    outputs: Object.fromEntries(outputs.map(([name, { Value }]) => [name, Value])),
    isProtected: {
      data: data.terminationProtection === true,
      pipeline: pipeline.terminationProtection === true,
    },
  };
}

/** Returns a function's logical id, found by its output. */
export function functionIdOf({ outputs }: Deployment, name: FunctionName): string {
  const words = name.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const output = z.object({ Ref: z.string() }).parse(outputs[`${words.join('')}Function`]);
  return output.Ref;
}

function fillIn<Part>(part: Part, exported: ReadonlyMap<unknown, unknown>): Part {
  return JSON.parse(JSON.stringify(part), (_, value) =>
    typeof value === 'object' && value && 'Fn::ImportValue' in value
      ? exported.get(value['Fn::ImportValue'])
      : value,
  );
}
