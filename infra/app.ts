import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundleAll } from './bundles/bundle-all.ts';
import { readRelease } from './release.ts';
import { loadSettings } from './settings/load-settings.ts';
import { SettingsError } from './settings/parse-settings.ts';
import { createStacks } from './stacks.ts';

const app = new App();
try {
  const settings = loadSettings(app.node.tryGetContext('settings'), '-c settings=');
  const folders = new Map((await bundleAll('.build/functions')).map(({ name, folder }) => [name, folder]));
  createStacks(app, settings, {
    codeOf: (name) => Code.fromAsset(folders.get(name) ?? name),
    release: readRelease(),
  });
  app.synth();
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
