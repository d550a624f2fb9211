import { LambdaClient } from '@aws-sdk/client-lambda';
import { Route53Client } from '@aws-sdk/client-route-53';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PermissionError } from '../../../cli/deployment/errors.ts';
import {
  createFunctions,
  createMailService,
  createQueues,
  createTopics,
} from '../../../cli/doctor/adapters/services.ts';
import { createHostedZones } from '../../../cli/init/run-init.ts';
import { localClientOptions } from '../../../local/emulators/loopback.ts';
import { type LocalSqs, startSqs } from '../../../local/emulators/sqs.ts';
import { createSqsClient } from '../../../shared/adapters/sqs/queue.ts';
import { answerRequests, createResponse } from '../../fakes/request-handler.ts';

const NOWHERE = localClientOptions('http://127.0.0.1:1');

describe('SES', () => {
  const open = (status: number, body: object) => {
    const client = new SESv2Client(NOWHERE);
    answerRequests(client, () => createResponse(status, body));
    return createMailService(client);
  };
  const errorOf = (name: string) => {
    const client = new SESv2Client(NOWHERE);
    answerRequests(client, () => {
      const answer = createResponse(name === 'NotFoundException' ? 404 : 403, { message: 'no' });
      return { ...answer, headers: { ...answer.headers, 'x-amzn-errortype': name } };
    });
    return createMailService(client);
  };

  test('loads the account', async () => {
    const mail = open(200, {
      ProductionAccessEnabled: true,
      SendingEnabled: true,
      EnforcementStatus: 'HEALTHY',
      SendQuota: { Max24HourSend: 50_000, MaxSendRate: 14, SentLast24Hours: 3 },
      SuppressionAttributes: { SuppressedReasons: ['BOUNCE'] },
    });

    expect(await mail.loadAccount()).toEqual({
      hasProductionAccess: true,
      isSendingEnabled: true,
      enforcement: 'HEALTHY',
      max24HourSend: 50_000,
      accountRatePerSec: 14,
      sentLast24Hours: 3,
      suppressed: ['BOUNCE'],
    });
    expect(await open(200, {}).loadAccount()).toMatchObject({
      hasProductionAccess: false,
      isSendingEnabled: false,
    });
  });

  test('loads an identity, with its domain for bounces', async () => {
    const DkimAttributes = { SigningEnabled: true, Status: 'PENDING' };
    const MailFromAttributes = {
      MailFromDomain: 'bounce.example.org',
      MailFromDomainStatus: 'SUCCESS',
      BehaviorOnMxFailure: 'REJECT_MESSAGE',
    };
    const known = { isVerified: true, dkim: { isSigning: true, status: 'PENDING' } };

    const plain = open(200, { VerifiedForSendingStatus: true, DkimAttributes });
    expect(await plain.loadIdentity('example.org')).toEqual(known);
    const own = open(200, { VerifiedForSendingStatus: true, DkimAttributes, MailFromAttributes });
    expect(await own.loadIdentity('example.org')).toEqual({
      ...known,
      mailFrom: { domain: 'bounce.example.org', status: 'SUCCESS', isRequired: true },
    });
  });

  test('loads a configuration set and the destinations of its events', async () => {
    const set = open(200, { SuppressionOptions: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] } });
    expect(await set.loadConfigurationSet('digests')).toEqual({
      isSendingEnabled: true,
      suppressed: ['BOUNCE', 'COMPLAINT'],
    });
    const off = open(200, { SendingOptions: { SendingEnabled: false } });
    expect(await off.loadConfigurationSet('digests')).toEqual({
      isSendingEnabled: false,
      suppressed: undefined,
    });

    const events = open(200, {
      EventDestinations: [
        {
          Name: 'a',
          Enabled: true,
          MatchingEventTypes: ['BOUNCE'],
          SnsDestination: { TopicArn: 'arn:aws:sns:x' },
        },
        { Name: 'b', MatchingEventTypes: ['SEND'] },
      ],
    });
    expect(await events.loadEventDestinations('digests')).toEqual([
      { isEnabled: true, topicArn: 'arn:aws:sns:x', events: ['BOUNCE'] },
      { isEnabled: false, topicArn: undefined, events: ['SEND'] },
    ]);
  });

  test('returns undefined for what does not exist', async () => {
    const mail = errorOf('NotFoundException');

    expect(await mail.loadIdentity('example.org')).toBeUndefined();
    expect(await mail.loadConfigurationSet('digests')).toBeUndefined();
    expect(await mail.loadEventDestinations('digests')).toEqual([]);
  });

  test('names the permission that is missing', async () => {
    const mail = errorOf('AccessDeniedException');

    for (const [call, permission] of [
      [mail.loadAccount(), 'ses:GetAccount'],
      [mail.loadIdentity('example.org'), 'ses:GetEmailIdentity'],
      [mail.loadConfigurationSet('digests'), 'ses:GetConfigurationSet'],
      [mail.loadEventDestinations('digests'), 'ses:GetConfigurationSetEventDestinations'],
    ] as const)
      await expect(call).rejects.toMatchObject({ name: 'PermissionError', permission });
  });
});

describe('queues and topics', () => {
  let local: LocalSqs;
  let sns: SNSClient;
  beforeAll(async () => {
    local = await startSqs();
    sns = new SNSClient({ ...localClientOptions(local.endpoint) });
  });
  afterAll(async () => {
    sns.destroy();
    await local.close();
  });

  test('a queue has a name and a depth', async () => {
    const queues = createQueues(local.sqs);
    for (const [body, DelaySeconds] of [['one', 0] as const, ['two', 60] as const])
      await local.sqs.send(
        new SendMessageCommand({ QueueUrl: local.queueUrls.cohorts, MessageBody: body, DelaySeconds }),
      );

    expect(await queues.load(local.queueUrls.cohorts)).toEqual({
      arn: expect.stringMatching(/^arn:aws:sqs:.*:cohorts$/),
      waiting: 2,
      inFlight: 0,
    });
  });

  test('a topic has subscriptions', async () => {
    const { arn } = await createQueues(local.sqs).load(local.queueUrls.feedback);

    expect(await createTopics(sns).loadSubscriptions(local.sesTopicArn)).toEqual([
      { protocol: 'sqs', endpoint: arn, isConfirmed: true },
    ]);
    await sns.send(
      new SubscribeCommand({ TopicArn: local.sesTopicArn, Protocol: 'email', Endpoint: 'ops@example.org' }),
    );
    expect(await createTopics(sns).loadSubscriptions(local.sesTopicArn)).toHaveLength(2);
  });

  test('a subscription that waits for its confirmation is reported so', async () => {
    const client = new SNSClient(NOWHERE);
    answerRequests(client, () =>
      createResponse(
        200,
        `<ListSubscriptionsByTopicResponse><ListSubscriptionsByTopicResult><Subscriptions><member>
         <Protocol>sqs</Protocol><Endpoint>arn:q</Endpoint><SubscriptionArn>PendingConfirmation</SubscriptionArn>
         </member></Subscriptions></ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>`,
      ),
    );

    expect(await createTopics(client).loadSubscriptions('arn:t')).toEqual([
      { protocol: 'sqs', endpoint: 'arn:q', isConfirmed: false },
    ]);
  });

  test('both name the permission that is missing', async () => {
    const topics = new SNSClient(NOWHERE);
    answerRequests(topics, () =>
      createResponse(
        403,
        '<ErrorResponse><Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>no</Message></Error></ErrorResponse>',
      ),
    );
    const queues = createSqsClient(NOWHERE);
    answerRequests(queues, () => createResponse(403, { __type: 'AccessDeniedException', message: 'no' }));

    await expect(createTopics(topics).loadSubscriptions('arn:t')).rejects.toThrow(PermissionError);
    await expect(createQueues(queues).load('http://127.0.0.1:1/q')).rejects.toMatchObject({
      permission: 'sqs:GetQueueAttributes',
    });
  });
});

describe('Route 53', () => {
  const zoneOf = (id: string, name: string, isPrivate = false) =>
    `<HostedZone><Id>/hostedzone/${id}</Id><Name>${name}.</Name><Config><PrivateZone>${isPrivate}</PrivateZone></Config></HostedZone>`;
  const pageOf = (zones: string, next: string) =>
    createResponse(
      200,
      `<ListHostedZonesResponse><HostedZones>${zones}</HostedZones><IsTruncated>${next !== ''}</IsTruncated>${next}</ListHostedZonesResponse>`,
    );
  const open = () => {
    const client = new Route53Client(NOWHERE);
    answerRequests(client, (_request, n) =>
      n === 0
        ? pageOf(zoneOf('Z1', 'example.org') + zoneOf('Z2', 'ple.org'), '<NextMarker>Z3</NextMarker>')
        : pageOf(zoneOf('Z3', 'mail.example.org') + zoneOf('Z4', 'a.mail.example.org', true), ''),
    );
    return createHostedZones(client);
  };

  test.each([
    ['a.mail.example.org', { id: 'Z3', name: 'mail.example.org' }],
    ['mail.example.org', { id: 'Z3', name: 'mail.example.org' }],
    ['daily.example.org', { id: 'Z1', name: 'example.org' }],
    ['example.net', undefined],
  ])('the zone of %s is the nearest public one, on whatever page', async (domain, zone) => {
    expect(await open().find(domain)).toEqual(zone);
  });
});

describe('functions', () => {
  const open = (status: number, body: object) => {
    const client = new LambdaClient(NOWHERE);
    answerRequests(client, () => createResponse(status, body));
    return createFunctions(client);
  };

  test('have event sources, with or without a limit', async () => {
    const source = { UUID: 'a', EventSourceArn: 'arn:q', State: 'Enabled' };
    const functions = open(200, {
      EventSourceMappings: [
        { ...source, ScalingConfig: { MaximumConcurrency: 2 } },
        { ...source, UUID: 'b' },
      ],
    });

    const found = { id: 'a', queueArn: 'arn:q', state: 'Enabled' };
    expect(await functions.loadEventSources('send-digests')).toEqual([
      { ...found, maxConcurrency: 2 },
      { ...found, id: 'b', maxConcurrency: undefined },
    ]);
  });

  test('share the concurrency of the account, part of which may be reserved', async () => {
    const limit = { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 900 };

    expect(await open(200, { AccountLimit: limit }).loadConcurrency()).toEqual({
      account: 1000,
      unreserved: 900,
    });
    expect(await open(200, { ReservedConcurrentExecutions: 0 }).loadReserved('api')).toBe(0);
    expect(await open(200, {}).loadReserved('api')).toBeUndefined();
  });

  test('name the permission that is missing', async () => {
    const client = new LambdaClient(NOWHERE);
    answerRequests(client, () => {
      const answer = createResponse(403, { message: 'no' });
      return { ...answer, headers: { ...answer.headers, 'x-amzn-errortype': 'AccessDeniedException' } };
    });
    const functions = createFunctions(client);

    for (const [call, permission] of [
      [functions.loadEventSources('api'), 'lambda:ListEventSourceMappings'],
      [functions.loadConcurrency(), 'lambda:GetAccountSettings'],
      [functions.loadReserved('api'), 'lambda:GetFunctionConcurrency'],
    ] as const)
      await expect(call).rejects.toMatchObject({ name: 'PermissionError', permission });
  });
});
