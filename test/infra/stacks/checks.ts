import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type Stack, Validations } from 'aws-cdk-lib';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { VALIDATION_REPORT_FILE } from 'aws-cdk-lib/cx-api';
import * as z from 'zod';
import type { SettingsInput } from '../../../infra/settings/schema.ts';
import { isThorough } from '../../thorough.ts';
import { createApp } from '../deployment.ts';

const reportSchema = z.object({
  pluginReports: z.array(
    z.object({
      pluginName: z.string(),
      violations: z.array(z.unknown()),
      suppressedViolations: z.array(z.object({ ruleName: z.string(), reason: z.string() })),
    }),
  ),
});

const hostedZone = { id: 'Z0123456789ABC', name: 'example.org' };
const largest: Partial<SettingsInput> = {
  monitoring: 'full',
  alarmAddress: 'ada@example.org',
  sender: { identity: 'example.org', hostedZone },
  site: {
    domainName: 'daily.example.org',
    certificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/1',
    hostedZone,
  },
};

/**
 * A validated synthesis is slow. By default each stage and each level of monitoring is tried once. The thorough run
 * tries all combinations.
 */
const deployments: readonly (readonly [name: string, settings: Partial<SettingsInput>])[] = [
  ['dev with defaults', { stage: 'dev' }],
  ['prod with everything', { ...largest, stage: 'prod' }],
  ...(isThorough
    ? ([
        ['dev with everything', { ...largest, stage: 'dev' }],
        ['prod with defaults', { stage: 'prod' }],
      ] as const)
    : []),
];

/**
 * Returns the check reports of a deployment with an addition.
 *
 * @param isValidated whether CDK validates the values with the schemas of CloudFormation too
 * @throws Error if a finding fails the synthesis
 */
function check(settings: Partial<SettingsInput>, add: (stack: Stack) => void = () => {}, isValidated = true) {
  const { app, pipeline } = createApp(settings, isValidated);
  add(pipeline);
  const { directory } = app.synth();
  const report: unknown = JSON.parse(readFileSync(join(directory, VALIDATION_REPORT_FILE), 'utf8'));
  return reportSchema.parse(report).pluginReports;
}

/** A queue with CloudFormation's defaults: without TLS, without a dead-letter queue. */
const addPlainQueue = (stack: Stack) => new CfnQueue(stack, 'Plain', { delaySeconds: 0 });

describe.each(deployments)('the checks of %s', (_, settings) => {
  test('have no finding without an acknowledgement, and every acknowledgement has a reason', () => {
    const reports = check(settings);

    expect(reports.map(({ pluginName, violations }) => [pluginName, violations])).toEqual([
      ['AwsSolutions', []],
      ['Serverless', []],
    ]);
    const acknowledged = reports.flatMap(({ suppressedViolations }) => suppressedViolations);
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(acknowledged.filter(({ reason }) => !/^[A-Z].{20,}\.$/.test(reason))).toEqual([]);
  });
});

/** Returns the error message of a synthesis, or undefined if it succeeds. */
function messageOf(act: () => unknown): string {
  try {
    act();
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('the checks', () => {
  test('of both packs fail the synthesis after a finding', () => {
    const findings = [
      'The SQS queue does not require requests to use SSL. (AwsSolutions)',
      'The SQS queue does not have a redrive policy configured. (Serverless)',
    ].map((finding) => expect.stringContaining(finding));

    const synthesise = () => check({}, addPlainQueue, false);

    expect(messageOf(synthesise).split('\n')).toEqual(expect.arrayContaining(findings));
  });

  test('validate values with the schemas of CloudFormation', () => {
    const add = (stack: Stack) => new CfnQueue(stack, 'Plain', { delaySeconds: 901 });

    expect(() => check({}, add)).toThrow('DelaySeconds: 901 is greater than the maximum of 900');
  });

  test('report acknowledgements with their reasons', () => {
    const reason = 'Planted here.';
    const rules = ['AwsSolutions-SQS3', 'AwsSolutions-SQS4', 'Serverless-SQSRedrivePolicy'];
    const add = (stack: Stack) => {
      const ids = rules.map((rule) => ({ id: `${rule.split('-')[0]}::${rule}`, reason }));
      Validations.of(addPlainQueue(stack)).acknowledge(...ids);
    };
    const reports = check({}, add, false);
    const planted = reports
      .flatMap(({ suppressedViolations }) => suppressedViolations)
      .filter((report) => report.reason === reason);

    expect(planted.map(({ ruleName }) => ruleName).sort()).toEqual(rules);
  });
});
