import { STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from '@jest/globals';
import { CommandError, PermissionError } from '../../../cli/deployment/errors.ts';
import { explainError } from '../../../cli/deployment/explain-error.ts';
import {
  createStacks,
  createStacksClient,
  findData,
  findDeployment,
  findTarget,
  type Stacks,
} from '../../../cli/deployment/find-deployment.ts';
import { answerRequests, createResponse } from '../../fakes/request-handler.ts';
import { dataOutputs, outputs, pipelineOutputs } from './outputs.ts';

const DATA = 'broadsheet-dev-data';
const PIPELINE = 'broadsheet-dev-pipeline';
const TARGET = { stage: 'dev', account: '111122223333', region: 'eu-west-1' } as const;

const stacksOf = (known: Readonly<Record<string, object>>): Stacks => ({
  load: async (name) => {
    const stackOutputs = known[name];
    return (
      stackOutputs && {
        status: 'UPDATE_COMPLETE',
        changedAt: '2026-01-05T08:00:00.000Z',
        isProtected: false,
        outputs: { ...stackOutputs },
      }
    );
  },
});

describe('a deployment', () => {
  test('is read from the outputs of its stacks', async () => {
    const stacks = stacksOf({ [DATA]: { ...dataOutputs, Other: 'x' }, [PIPELINE]: pipelineOutputs });

    expect(await findDeployment(stacks, TARGET)).toEqual(outputs);
  });

  test('needs only its data stack for commands about data', async () => {
    expect(await findData(stacksOf({ [DATA]: dataOutputs }), TARGET)).toEqual(dataOutputs);
  });

  test.each([
    [{}, DATA],
    [{ [DATA]: dataOutputs }, PIPELINE],
  ])(
    'that has only %j asks to be deployed first, and says how else it may be found',
    async (known, missing) => {
      const finding = findDeployment(stacksOf(known), TARGET);

      await expect(finding).rejects.toThrow(CommandError);
      await expect(finding).rejects.toThrow(
        new RegExp(
          `There is no stack "${missing}" in account 111122223333, region eu-west-1\\. Deploy first \\(npx broadsheet deploy --settings <file>\\).*--settings, AWS_PROFILE, AWS_REGION`,
        ),
      );
    },
  );

  test('of an older version is refused, with its status and the missing outputs', async () => {
    const { PublicUrl: _, FeedbackTopic: __, ...older } = pipelineOutputs;
    const stacks = stacksOf({ [DATA]: dataOutputs, [PIPELINE]: older });

    await expect(findDeployment(stacks, TARGET)).rejects.toThrow(
      `The stack "${PIPELINE}" (UPDATE_COMPLETE) has no usable output PublicUrl, FeedbackTopic, so this version has not deployed all of it. Deploy again`,
    );
  });
});

describe('the stacks of CloudFormation', () => {
  const open = (status: number, xml: string) => {
    const client = createStacksClient({
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const requests = answerRequests(client, () => createResponse(status, xml));
    return { stacks: createStacks(client), requests };
  };
  const errorOf = (code: string, message: string) =>
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;

  test('have a status and outputs', async () => {
    const member = (name: string, value: string) =>
      `<member><OutputKey>${name}</OutputKey><OutputValue>${value}</OutputValue></member>`;
    const { stacks, requests } = open(
      200,
      `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>${DATA}</StackName>
       <StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-01-05T08:00:00Z</CreationTime>
       <LastUpdatedTime>2026-01-05T09:30:00Z</LastUpdatedTime><EnableTerminationProtection>true</EnableTerminationProtection><Outputs>${member('A', '1')}${member('B', '2')}</Outputs>
       </member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
    );

    expect(await stacks.load(DATA)).toEqual({
      status: 'CREATE_COMPLETE',
      changedAt: '2026-01-05T09:30:00.000Z',
      isProtected: true,
      outputs: { A: '1', B: '2' },
    });
    expect(requests[0]?.body).toContain(`StackName=${DATA}`);
  });

  test('are undefined if CloudFormation does not know them', async () => {
    const { stacks } = open(400, errorOf('ValidationError', `Stack with id ${DATA} does not exist`));
    expect(await stacks.load(DATA)).toBeUndefined();
  });

  test('may not be read: the error names the permission', async () => {
    const denied = open(403, errorOf('AccessDenied', 'User is not authorized'));
    await expect(denied.stacks.load(DATA)).rejects.toThrow(PermissionError);
    await expect(denied.stacks.load(DATA)).rejects.toThrow('cloudformation:DescribeStacks');

    const wrong = open(400, errorOf('ValidationError', 'Stack name is too long'));
    await expect(wrong.stacks.load(DATA)).rejects.toThrow('Stack name is too long');
  });
});

describe('the target of a command', () => {
  const ACCOUNT = '111122223333';
  const find = (
    pins: { readonly account?: string; readonly region?: string },
    current: string | undefined,
  ) => {
    const environment: { AWS_REGION?: string } = {};
    const createSts = () => {
      const client = new STSClient({
        // What the SDK does without a region.
        region: async () => {
          const region = current ?? environment.AWS_REGION;
          if (region === undefined) throw new Error('Region is missing');
          return region;
        },
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      });
      answerRequests(client, () =>
        createResponse(
          200,
          `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${ACCOUNT}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
        ),
      );
      return client;
    };
    return {
      target: findTarget({ stage: 'prod', ...pins }, { createSts, environment }),
      environment,
    };
  };

  test.each([{}, { account: ACCOUNT }, { region: 'eu-west-1' }, { account: ACCOUNT, region: 'eu-west-1' }])(
    'is that of the credentials, with the pins %j',
    async (pins) => {
      expect(await find(pins, 'eu-west-1').target).toEqual({
        stage: 'prod',
        account: ACCOUNT,
        region: 'eu-west-1',
      });
    },
  );

  test('takes the pinned region if there is no other, for every client', async () => {
    const { target, environment } = find({ region: 'eu-west-1' }, undefined);

    expect((await target).region).toBe('eu-west-1');
    expect(environment).toEqual({ AWS_REGION: 'eu-west-1' });
  });

  test('never falls back to a region of its own', async () => {
    await expect(find({}, undefined).target).rejects.toThrow('Region is missing');
  });

  test('reports missing credentials together with a missing region', async () => {
    const fail = async (name: string, message: string): Promise<never> => {
      throw Object.assign(new Error(message), { name });
    };
    const createSts = () =>
      new STSClient({
        region: () => fail('Error', 'Region is missing'),
        credentials: () => fail('CredentialsProviderError', 'none'),
      });
    const failed = await findTarget({ stage: 'prod' }, { createSts, environment: {} }).catch(
      (error) => error,
    );

    expect(explainError(failed)).toMatch(/^There is no region\. .*\nThere are no credentials for AWS/);
  });

  test.each([
    [
      { region: 'eu-wst-1' },
      'eu-west-1',
      '"eu-wst-1" is not a region of AWS. Correct "region" in the settings.',
    ],
    [
      {},
      'us-esat-1',
      '"us-esat-1" is not a region of AWS. Correct AWS_REGION, or the region of the profile.',
    ],
  ])('refuses a misspelt region, with the pins %j and AWS_REGION %s', async (pins, current, message) => {
    await expect(find(pins, current).target).rejects.toThrow(message);
  });

  test.each(['eu-west-1', 'us-gov-west-1', 'cn-north-1', 'ap-southeast-7'])('accepts %s', async (region) => {
    expect((await find({}, region).target).region).toBe(region);
  });

  test('is refused in another region or account than the pinned ones', async () => {
    await expect(find({ region: 'eu-west-1' }, 'us-east-1').target).rejects.toThrow(
      /settings are for region eu-west-1, but .* says us-east-1\. Set AWS_REGION=eu-west-1/,
    );
    await expect(find({ account: '444455556666' }, 'eu-west-1').target).rejects.toThrow(
      /settings are for account 444455556666, but the credentials are of account 111122223333\. Choose the profile/,
    );
  });
});
