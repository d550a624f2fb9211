import type { App } from 'aws-cdk-lib';
import { DataStack } from './data-stack.ts';
import { PipelineStack } from './pipeline-stack.ts';
import type { Settings } from './settings.ts';

/**
 * Adds the stacks of one deployment: `broadsheet-dev-data`, `broadsheet-dev-pipeline`. Two, because the pipeline can be
 * taken down and put up again, and the data cannot. Account and region are those of whoever deploys.
 */
export function createStacks(app: App, settings: Settings) {
  const prefix = `broadsheet-${settings.stage}`;
  const data = new DataStack(app, `${prefix}-data`, { settings });
  const pipeline = new PipelineStack(app, `${prefix}-pipeline`, { settings, data });
  return { data, pipeline };
}
