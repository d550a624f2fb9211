import { readFileSync, writeFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { createOpenApi } from '../shared/web/v1/openapi.ts';
import { toCostPage } from './cost/cost-page.ts';
import { type Resource, resourcesOf } from './cost/template.ts';
import { parseSettings } from './settings/parse-settings.ts';
import { toSettingsPage } from './settings/settings-page.ts';
import { createStacks } from './stacks.ts';

/** The generated pages. `npm run docs` writes them, and tests fail if one is out of date. */
const pages = {
  'docs/settings.md': toSettingsPage(),
  'docs/cost.md': toCostPage({ basic: synthesise('basic'), full: synthesise('full') }),
  'shared/web/v1/openapi.json': `${JSON.stringify(createOpenApi(), undefined, 2)}\n`,
};

for (const [path, text] of Object.entries(pages)) {
  writeFileSync(path, text);
  process.stdout.write(`${path}\n`);
}

/** Returns the resources of a `prod` deployment with default settings, without function code. */
function synthesise(monitoring: 'basic' | 'full'): readonly Resource[] {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));
  // CDK's validation takes seconds, and a deployment runs it anyway.
  const app = new App({ context, analyticsReporting: false, builtinCloudFormationValidation: false });
  const settings = parseSettings({
    stage: 'prod',
    publication: { fromAddress: 'papers@example.org' },
    monitoring,
  });
  createStacks(app, settings, {
    codeOf: () => Code.fromInline('exports.handler = async () => {}'),
    release: { version: '0.0.0', commit: 'unknown' },
  });
  return resourcesOf(app.synth().stacks.map(({ template }): unknown => template));
}
