import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import * as z from 'zod';
import { parseSettings } from '../settings/parse-settings.ts';
import type { SettingsInput } from '../settings/schema.ts';
import { createStacks } from '../stacks.ts';
import { type Resource, resourcesOf } from './resources.ts';

const cdkJsonSchema = z.object({ context: z.record(z.string(), z.unknown()) });

/** The resources of a deployment with these settings, as they would be deployed but for the code of functions. */
export function synthesize(settings: SettingsInput): readonly Resource[] {
  const cdkJson: unknown = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
  // What is priced needs no check against the schemas of CloudFormation, which takes seconds; a deployment has it.
  const app = new App({
    context: cdkJsonSchema.parse(cdkJson).context,
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
  });
  createStacks(app, parseSettings(settings), {
    codeOf: () => Code.fromInline('exports.handler = async () => {}'),
    release: { version: '0.0.0', commit: 'unknown' },
  });
  return resourcesOf(app.synth().stacks.map(({ template }): unknown => template));
}

/** A deployment for each level of monitoring, for `prod` and with defaults otherwise. */
export function synthesizeLevels(): Readonly<Record<'basic' | 'full', readonly Resource[]>> {
  const settings = { stage: 'prod', publication: { fromAddress: 'papers@example.org' } } as const;
  return {
    basic: synthesize({ ...settings, monitoring: 'basic' }),
    full: synthesize({ ...settings, monitoring: 'full' }),
  };
}
