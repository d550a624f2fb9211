import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import cdk from '../cdk.json' with { type: 'json' };
import { parseSettings } from './settings.ts';
import { createStacks } from './stacks.ts';

// The CDK CLI hands over the context of cdk.json and of its `-c` options, which go before these. Without the CLI the
// file is read here, and the templates land in the same folder, so a synthesis needs node alone.
const app = new App({
  context: cdk.context,
  outdir: fileURLToPath(new URL(`../${cdk.output}`, import.meta.url)),
});
createStacks(app, parseSettings(app.node.tryGetContext('broadsheet')));
app.synth();
