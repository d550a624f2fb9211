import { type App, Tags } from 'aws-cdk-lib';
import { addChecks } from './checks.ts';
import type { FunctionDefaults } from './constructs/node-function.ts';
import { DataStack } from './data-stack.ts';
import { PipelineStack } from './pipeline-stack.ts';
import { SETTINGS_METADATA, toSettingsDigest } from './settings/derived.ts';
import type { Settings } from './settings/schema.ts';
import { stackNamesOf } from './stack-names.ts';

/**
 * Adds the stacks of one deployment: `broadsheet-dev-data`, `broadsheet-dev-pipeline`. Two, because the pipeline can be
 * taken down and put up again, and the data cannot. Account and region are those that the settings pin, otherwise those of
 * whoever deploys.
 */
export function createStacks(
  app: App,
  settings: Settings,
  { codeOf, release }: Pick<FunctionDefaults, 'codeOf' | 'release'>,
) {
  addChecks(app);
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
