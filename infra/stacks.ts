import { type App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { FunctionDefaults } from './constructs/node-function.ts';
import { DataStack } from './data-stack.ts';
import { PipelineStack } from './pipeline-stack.ts';
import { SETTINGS_METADATA, toSettingsDigest } from './settings/derived.ts';
import type { Settings } from './settings/schema.ts';
import { stackNamesOf } from './stack-names.ts';

/**
 * Adds the stacks of one deployment: `broadsheet-dev-data`, `broadsheet-dev-pipeline`. There are two because the
 * pipeline can be deleted and deployed again, and the data cannot. The settings may pin account and region. The default
 * is those of the current credentials.
 */
export function createStacks(
  app: App,
  settings: Settings,
  { codeOf, release }: Pick<FunctionDefaults, 'codeOf' | 'release'>,
) {
  // Findings of cdk-nag without an acknowledgement fail the synthesis.
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  const names = stackNamesOf(settings.stage);
  const { account, region } = settings;
  const env = { ...(account && { account }), ...(region && { region }) };
  const data = new DataStack(app, names.data, { settings, release, env });
  const pipeline = new PipelineStack(app, names.pipeline, { settings, release, data, codeOf, env });
  for (const stack of [data, pipeline]) stack.node.addMetadata(SETTINGS_METADATA, toSettingsDigest(settings));
  for (const [name, value] of Object.entries({ ...settings.tags, 'broadsheet:stage': settings.stage }))
    Tags.of(app).add(name, value);
  return { data, pipeline };
}
