import { describe, expect, test } from '@jest/globals';
import type { Release } from '../../../infra/release.ts';
import type { SettingsInput } from '../../../infra/settings/schema.ts';
import { type SourceName, sourceNames, sources } from '../../../shared/domain/lists/lists.ts';
import { jsonTextOf } from '../../../shared/domain/text/json-text.ts';
import { ingestRequestSchema } from '../../../shared/ports/queues.ts';
import { publicationSchema } from '../../../shared/presentation/publication.ts';
import { TELL_AFTER_SEC } from '../../../shared/subscribers/confirm-subscriber.ts';
import {
  createApp,
  type Deployment,
  functionIdOf,
  RELEASE,
  settingsWith,
  synthesise,
} from '../deployment.ts';
import { allOf, idIn, nameOf, type Resource, textOf, theOne } from '../template.ts';

const zone = { id: 'Z0123456789ABC', name: 'example.org' };
const site = {
  domainName: 'daily.example.org',
  certificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/1',
};

const byDefault = () => synthesise();

const propertiesOf = ({ resources }: Deployment, type: string): readonly Resource[] =>
  allOf(resources, type).map(([, { Properties }]) => Properties);

describe('the account and region of a deployment', () => {
  const ACCOUNT = '111122223333';
  const REGION = 'eu-west-1';

  test.each<[Partial<SettingsInput>, readonly [account: boolean, region: boolean]]>([
    [{}, [false, false]],
    [{ account: ACCOUNT }, [true, false]],
    [{ region: REGION }, [false, true]],
    [{ account: ACCOUNT, region: REGION }, [true, true]],
  ])('are those that the settings pin for both stacks, and no others: %j', (pins, [account, region]) => {
    const { data, pipeline } = createApp(pins);

    for (const stack of [data, pipeline])
      expect([stack.account === ACCOUNT, stack.region === REGION]).toEqual([account, region]);
  });
});

test('the link to the dashboard leads to the console of the partition', () => {
  const hostIn = (region: string) => JSON.stringify(synthesise({ region }).outputs.Dashboard).split('/')[2];
  const { app, pipeline } = createApp();
  const { Mappings, Outputs } = app.synth().getStackArtifact(pipeline.artifactId).template;

  expect(hostIn('eu-west-1')).toBe('eu-west-1.console.aws.amazon.com');
  expect(hostIn('us-gov-west-1')).toBe('us-gov-west-1.console.amazonaws-us-gov.com');
  expect(hostIn('eusc-de-east-1')).toBe('eusc-de-east-1.console.amazonaws-eusc.eu');
  // Without a region in the settings, CloudFormation looks the host up.
  expect(JSON.stringify(Outputs.Dashboard)).toContain('{"Ref":"AWS::Partition"},"host"');
  expect(Object.values<Resource>(Mappings)).toEqual([
    expect.objectContaining({ aws: { host: 'console.aws.amazon.com' } }),
  ]);
});

describe('the sender', () => {
  const identityOf = (sender?: SettingsInput['sender']) =>
    propertiesOf(synthesise(sender && { sender }), 'AWS::SES::EmailIdentity');
  const identity = (EmailIdentity: string) => ({
    EmailIdentity,
    FeedbackAttributes: { EmailForwardingEnabled: false },
  });

  test('is the address by default', () => {
    expect(identityOf()).toEqual([expect.objectContaining(identity('papers@example.org'))]);
  });

  test('is a domain if the settings name one, with DKIM', () => {
    expect(identityOf({ identity: 'example.org' })).toEqual([
      expect.objectContaining(identity('example.org')),
    ]);
  });

  test('is not created if the account has verified it', () => {
    const sender = { identity: 'example.org', isVerified: true };

    expect(identityOf(sender)).toEqual([]);
    expect(propertiesOf(synthesise({ sender }), 'AWS::Route53::RecordSet')).toEqual([]);
  });

  test('has its records in the zone: DKIM, the bounce domain’s MX and SPF, DMARC', () => {
    const sender = { identity: 'example.org', hostedZone: zone, dmarcPolicy: 'quarantine' as const };
    const deployment = synthesise({ sender });
    const [made] = allOf(deployment.resources, 'AWS::SES::EmailIdentity');
    const dkim = (n: number, part: string) => `<${made?.[0]}.DkimDNSToken${part}${n}>`;

    expect(made?.[1].Properties.MailFromAttributes).toEqual({ MailFromDomain: 'bounce.example.org' });
    expect(
      propertiesOf(deployment, 'AWS::Route53::RecordSet').map(
        ({ HostedZoneId, Type, Name, ResourceRecords }) =>
          [HostedZoneId, Type, textOf(Name), ...ResourceRecords.map(textOf)].join(' '),
      ),
    ).toEqual([
      ...[1, 2, 3].map((n) => `${zone.id} CNAME ${dkim(n, 'Name')} ${dkim(n, 'Value')}`),
      `${zone.id} MX bounce.example.org 10 feedback-smtp.<AWS::Region>.amazonses.com`,
      `${zone.id} TXT bounce.example.org "v=spf1 include:amazonses.com ~all"`,
      `${zone.id} TXT _dmarc.example.org "v=DMARC1; p=quarantine"`,
    ]);
  });

  test('keeps a DMARC record that the zone already has', () => {
    const sender = { identity: 'example.org', hostedZone: zone, dmarcPolicy: 'unchanged' as const };
    const names = propertiesOf(synthesise({ sender }), 'AWS::Route53::RecordSet').map(({ Name }) =>
      textOf(Name),
    );

    expect(names).toHaveLength(5);
    expect(names.filter((name) => name.startsWith('_dmarc'))).toEqual([]);
  });

  test('sends only from the one address, with a configuration set that suppresses bounces and complaints', () => {
    const statementsOf = (policy: string) =>
      theOne(byDefault().resources, 'AWS::IAM::Policy', policy).Properties.PolicyDocument.Statement;
    const senders = ['DigestsSendDigestsRoleDefaultPolicy', 'RequestsHandleRequestsRoleDefaultPolicy'];

    for (const sender of senders) {
      expect(statementsOf(sender).filter(({ Action }: Resource) => Action === 'ses:SendRawEmail')).toEqual([
        expect.objectContaining({ Condition: { StringEquals: { 'ses:FromAddress': 'papers@example.org' } } }),
      ]);
    }
    expect(propertiesOf(byDefault(), 'AWS::SES::ConfigurationSet')).toEqual([
      expect.objectContaining({ SuppressionOptions: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] } }),
    ]);
  });

  test('receives events for every mail, or only bounces, complaints and rejections', () => {
    const eventsOf = (deployment: Deployment) =>
      propertiesOf(deployment, 'AWS::SES::ConfigurationSetEventDestination').map(
        ({ EventDestination }) => EventDestination.MatchingEventTypes,
      );

    const atLeastOnce = { sending: { whenUncertain: 'at-least-once' } } as const;
    const [few, all] = [
      [['bounce', 'complaint', 'reject']],
      [['bounce', 'complaint', 'reject', 'send', 'delivery']],
    ];

    expect(eventsOf(byDefault())).toEqual(few);
    expect(eventsOf(synthesise({ eventTracking: true }))).toEqual(all);
    expect(eventsOf(synthesise(atLeastOnce))).toEqual(all);
    expect(eventsOf(synthesise({ ...atLeastOnce, eventTracking: false }))).toEqual(few);
  });
});

test('send-digests has more memory if it reads arXiv, and knows how much. Its heap has a limit if it reads Hugging Face alone', () => {
  const memoryOf = (deployment: Deployment) => {
    const fn = theOne(deployment.resources, 'AWS::Lambda::Function', 'DigestsSendDigests').Properties;
    const { MEMORY_MB, NODE_OPTIONS, MALLOC_ARENA_MAX, MALLOC_TRIM_THRESHOLD_ } = fn.Environment.Variables;
    const limits = [NODE_OPTIONS, MALLOC_ARENA_MAX, MALLOC_TRIM_THRESHOLD_].filter(
      (limit) => limit !== undefined,
    );
    return [fn.MemorySize, MEMORY_MB, ...limits];
  };
  const feed = { feeds: { Distill: 'https://distill.pub/rss.xml' } };

  expect(memoryOf(byDefault())).toEqual([
    ...[256, '256', '--max-old-space-size=55 --max-semi-space-size=1 --v8-pool-size=1', '1', '131072'],
  ]);
  expect(memoryOf(synthesise({ lists: { 'hf-daily': {}, feed } }))).toEqual([384, '384']);
  expect(memoryOf(synthesise({ lists: { feed, arxiv: { categories: ['cs.CL'] } } }))).toEqual([1024, '1024']);
});

test('every function is traced with `monitoring: full`, and none without', () => {
  const modesOf = (deployment: Deployment) => [
    ...new Set(propertiesOf(deployment, 'AWS::Lambda::Function').map((fn) => fn.TracingConfig?.Mode)),
  ];

  expect(modesOf(byDefault())).toEqual([undefined]);
  expect(modesOf(synthesise({ monitoring: 'full' }))).toEqual(['Active']);
});

test('topics are encrypted with a key that their publishers may use, if the settings say so', () => {
  const topicsIn = (deployment: Deployment) => propertiesOf(deployment, 'AWS::SNS::Topic');
  const encrypted = synthesise({ encryptTopics: true });
  const [key] = allOf(encrypted.resources, 'AWS::KMS::Key');
  const publishers = key?.[1].Properties.KeyPolicy.Statement.slice(1).flatMap(
    ({ Principal, Condition }: Resource) => [
      [Principal.Service].flat(),
      Condition.StringEquals['aws:SourceAccount'].Ref,
    ],
  );

  expect(topicsIn(byDefault()).map(({ KmsMasterKeyId }) => KmsMasterKeyId)).toEqual([undefined, undefined]);
  expect(propertiesOf(byDefault(), 'AWS::KMS::Key')).toEqual([]);
  expect(topicsIn(encrypted).map(({ KmsMasterKeyId }) => idIn(KmsMasterKeyId))).toEqual([key?.[0], key?.[0]]);
  expect(publishers).toEqual([['cloudwatch.amazonaws.com', 'ses.amazonaws.com'], 'AWS::AccountId']);
});

test('the hourly limits reach both functions that count them', () => {
  const limitsIn = (deployment: Deployment) =>
    (['api', 'handle-requests'] as const).map((name) =>
      JSON.parse(
        textOf(
          deployment.resources[functionIdOf(deployment, name)]?.Properties.Environment.Variables
            .HOURLY_LIMITS,
        ),
      ),
    );
  const byItself = { requestsPerClient: 30, requests: 100, requestsPerNetworkInFlood: 3, mails: 1000 };
  const other = { requestsPerClient: 60, requests: 0, requestsPerNetworkInFlood: 9, mails: 2000 };

  expect(limitsIn(byDefault())).toEqual([byItself, byItself]);
  expect(limitsIn(synthesise({ hourlyLimits: other }))).toEqual([other, other]);
});

describe('the pages', () => {
  test('have the AWS address without a site', () => {
    expect(propertiesOf(byDefault(), 'AWS::ApiGatewayV2::DomainName')).toEqual([]);
    expect(byDefault().outputs.PublicUrl).toEqual(byDefault().outputs.ApiUrl);
    expect(byDefault().outputs).not.toHaveProperty('SiteTarget');
  });

  test('have only the address of their domain, unless the settings keep the AWS address', () => {
    const disabledIn = (deployment: Deployment) =>
      propertiesOf(deployment, 'AWS::ApiGatewayV2::Api').map((api) => api.DisableExecuteApiEndpoint ?? false);
    const alone = synthesise({ site });
    const kept = synthesise({ site: { ...site, keepApiUrl: true } });

    expect([byDefault(), alone, kept].flatMap(disabledIn)).toEqual([false, true, false]);
    expect(alone.outputs).not.toHaveProperty('ApiUrl');
    expect(kept.outputs.ApiUrl).toEqual({
      'Fn::GetAtt': [allOf(kept.resources, 'AWS::ApiGatewayV2::Api')[0]?.[0], 'ApiEndpoint'],
    });
    expect([alone, kept].map(({ outputs }) => outputs.PublicUrl)).toEqual(
      Array(2).fill(`https://${site.domainName}`),
    );
  });

  test('have a domain with its certificate, and its record if there is a zone', () => {
    const withoutZone = synthesise({ site });
    const withZone = synthesise({ site: { ...site, hostedZone: zone } });

    for (const deployment of [withoutZone, withZone]) {
      const [{ DomainName, DomainNameConfigurations } = {}] = propertiesOf(
        deployment,
        'AWS::ApiGatewayV2::DomainName',
      );
      expect(DomainName).toBe(site.domainName);
      expect(DomainNameConfigurations).toEqual([
        expect.objectContaining({ CertificateArn: site.certificateArn }),
      ]);
      expect(propertiesOf(deployment, 'AWS::ApiGatewayV2::ApiMapping')).toHaveLength(1);
      expect(deployment.outputs.PublicUrl).toBe(`https://${site.domainName}`);
      expect(deployment.outputs.SiteTarget).toEqual({
        'Fn::GetAtt': [expect.stringMatching(/^ApiGatewayDomain/), 'RegionalDomainName'],
      });
    }
    expect(propertiesOf(withoutZone, 'AWS::Route53::RecordSet')).toEqual([]);
    expect(propertiesOf(withZone, 'AWS::Route53::RecordSet')).toEqual([
      expect.objectContaining({ HostedZoneId: zone.id, Type: 'A', Name: `${site.domainName}.` }),
    ]);
  });

  test('have routes with limits of their own for one-click unsubscribing, public pages, feeds and images', () => {
    const stage = theOne(byDefault().resources, 'AWS::ApiGatewayV2::Stage', 'ApiGatewayStage');
    const routes = allOf(byDefault().resources, 'AWS::ApiGatewayV2::Route');
    const limits = stage.Properties.RouteSettings;
    const own = routes.filter(([, { Properties }]) => Properties.RouteKey !== '$default');

    expect(Object.keys(limits).sort()).toEqual(own.map(([, { Properties }]) => Properties.RouteKey).sort());
    expect([stage.DependsOn].flat()).toEqual(expect.arrayContaining(own.map(([id]) => id)));
    expect(limits).toMatchObject({
      'POST /unsubscribe/{proxy+}': { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
      'GET /unsubscribe/{proxy+}': { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
      'ANY /': { ThrottlingRateLimit: 50 },
      'ANY /papers': { ThrottlingRateLimit: 50 },
      'ANY /papers/{proxy+}': { ThrottlingRateLimit: 50 },
      'ANY /feeds/{proxy+}': { ThrottlingRateLimit: 50 },
      'ANY /cards/{proxy+}': { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 },
    });
    // Forms and the pages of one subscriber share the limit of all other routes, which no crawler of public pages uses.
    expect(Object.keys(limits).join(' ')).not.toMatch(/manage|confirm|sign-up|data|mute|subscriber/);
  });

  test('have their images drawn by a function of their own', () => {
    const { resources } = byDefault();
    const targetOf = (routeKey: string) => {
      const [, route] = allOf(resources, 'AWS::ApiGatewayV2::Route').find(
        ([, { Properties }]) => Properties.RouteKey === routeKey,
      ) ?? ['', undefined];
      const integration = JSON.stringify(route?.Properties.Target).match(/ApiGateway\w+Integration\w+/)?.[0];
      return idIn(resources[integration ?? '']?.Properties.IntegrationUri);
    };
    expect(targetOf('ANY /cards/{proxy+}')).toBe(functionIdOf(byDefault(), 'draw-cards'));
    expect(targetOf('ANY /papers/{proxy+}')).toBe(functionIdOf(byDefault(), 'api'));
    expect(targetOf('$default')).toBe(functionIdOf(byDefault(), 'api'));
  });

  test.each([
    ['basic', 'Faults', '100', 'Faults', '20'],
    ['full', 'RequestsThrottled', '1', 'RequestsFailed', '1'],
  ] as const)(
    'count with %s the requests that API Gateway refuses and that fail, but not those that the function refuses',
    (monitoring, throttled, perThrottled, failed, perFailed) => {
      const deployment = synthesise({ monitoring });
      const filters = propertiesOf(deployment, 'AWS::Logs::MetricFilter').map((filter) => [
        filter.FilterPattern,
        filter.MetricTransformations,
      ]);
      const [stage] = propertiesOf(deployment, 'AWS::ApiGatewayV2::Stage');
      const metricOf = (MetricName: string, MetricValue: string) => [
        {
          MetricNamespace: 'Broadsheet/prod',
          MetricName,
          MetricValue,
          Dimensions: [{ Key: 'service', Value: '$.service' }],
        },
      ];

      expect(filters).toEqual([
        ['{ ($.status = "429") && ($.integrationStatus != "429") }', metricOf(throttled, perThrottled)],
        ['{ $.status = "5*" }', metricOf(failed, perFailed)],
      ]);
      expect(JSON.parse(stage?.AccessLogSettings.Format)).toMatchObject({
        status: '$context.status',
        integrationStatus: '$context.integrationStatus',
        service: 'any',
      });
    },
  );

  test('and mails have the publication exactly as written', () => {
    const publication = { fromAddress: 'papers@example.org', name: 'Ada’s "Daily" \\ {Papers}' };
    const deployment = synthesise({ publication, site });
    const { Variables } = deployment.resources[functionIdOf(deployment, 'api')]?.Properties.Environment ?? {};

    expect(jsonTextOf(publicationSchema).parse(textOf(Variables.PUBLICATION)).name).toBe(publication.name);
  });
});

describe('sending', () => {
  const mappingOf = ({ resources }: Deployment) =>
    theOne(resources, 'AWS::Lambda::EventSourceMapping', 'DigestsSendDigestsDigestsQueueMessages').Properties;

  test('has as many workers as the account’s rate needs, or as the settings say', () => {
    expect(mappingOf(byDefault()).ScalingConfig).toEqual({ MaximumConcurrency: 2 });
    expect(mappingOf(synthesise({ sending: { accountRatePerSec: 100 } })).ScalingConfig).toEqual({
      MaximumConcurrency: 4,
    });
    expect(mappingOf(synthesise({ sending: { maxWorkers: 40 } })).ScalingConfig).toEqual({
      MaximumConcurrency: 40,
    });
  });

  test('gives its workers the number that share the rate, and the rule for digests with an unknown send status', () => {
    const variablesOf = (deployment: Deployment) =>
      deployment.resources[functionIdOf(deployment, 'send-digests')]?.Properties.Environment.Variables;

    expect(variablesOf(byDefault())).toMatchObject({ MAX_WORKERS: '2', WHEN_UNCERTAIN: 'at-most-once' });
    expect(
      variablesOf(synthesise({ sending: { maxWorkers: 40, whenUncertain: 'at-least-once' } })),
    ).toMatchObject({ MAX_WORKERS: '40', WHEN_UNCERTAIN: 'at-least-once' });
  });

  test('retries batches for hours, delays those that must wait, and dead-letters before messages expire', () => {
    const { BatchSize, EventSourceArn } = mappingOf(byDefault());
    const queue = byDefault().resources[idIn(EventSourceArn) ?? '']?.Properties;
    const lastsSec = queue.VisibilityTimeout * queue.RedrivePolicy.maxReceiveCount;

    expect(BatchSize).toBe(1);
    expect(byDefault().resources[functionIdOf(byDefault(), 'send-digests')]?.Properties.RecursiveLoop).toBe(
      'Allow',
    );
    expect(lastsSec).toBeGreaterThan(4 * 3_600);
    expect(lastsSec).toBeLessThan(queue.MessageRetentionPeriod);
  });
});

describe('requests from the web', () => {
  test('have two workers that take one message each and retry for an hour, whatever the rate of digests', () => {
    const { resources } = synthesise({ sending: { accountRatePerSec: 500 } });
    const { BatchSize, EventSourceArn, ScalingConfig } = theOne(
      resources,
      'AWS::Lambda::EventSourceMapping',
      'RequestsHandleRequestsRequestsQueueMessages',
    ).Properties;
    const queue = resources[idIn(EventSourceArn) ?? '']?.Properties;

    expect([BatchSize, ScalingConfig]).toEqual([1, { MaximumConcurrency: 2 }]);
    expect(queue.VisibilityTimeout * queue.RedrivePolicy.maxReceiveCount).toBe(3600);
  });

  test('wait, if they are about a move, until the function has ended that confirms it', () => {
    const api = byDefault().resources[functionIdOf(byDefault(), 'api')]?.Properties;

    expect(TELL_AFTER_SEC).toBeGreaterThan(api.Timeout);
  });
});

describe('the schedules', () => {
  const schedulesOf = (deployment: Deployment) =>
    propertiesOf(deployment, 'AWS::Scheduler::Schedule').map(
      ({ ScheduleExpression, ScheduleExpressionTimezone, Target }) => ({
        at: `${ScheduleExpression} ${ScheduleExpressionTimezone}`,
        target: nameOf(idIn(Target.Arn) ?? ''),
        input: Target.Input && ingestRequestSchema.parse(JSON.parse(Target.Input)),
      }),
    );

  test('read each source of the settings when the catalogue or the settings say, and plan at each tick', () => {
    const minutes = [7, 37];
    const lists = {
      'hf-daily': { minutes },
      arxiv: { minutes, categories: ['cs.CL'] },
      feed: { minutes, feeds: { Distill: 'https://distill.pub/rss.xml' } },
    };
    const schedules = (read: readonly SourceName[], minutesOf: (source: SourceName) => readonly number[]) => [
      ...read.map((source) => ({
        at: `cron(${minutesOf(source).join(',')} * * * ? *) ${source === 'arxiv' ? 'America/New_York' : 'Etc/UTC'}`,
        target: 'IngestionIngestPapers',
        input: { source },
      })),
      { at: 'cron(0,15,30,45 * * * ? *) Etc/UTC', target: 'DigestsPlanDigests', input: undefined },
    ];

    expect(schedulesOf(byDefault())).toEqual(schedules(['hf-daily'], (source) => sources[source].minutes));
    expect(schedulesOf(synthesise({ lists }))).toEqual(
      schedules(
        sourceNames.filter((name) => Object.hasOwn(lists, name)),
        () => minutes,
      ),
    );
  });
});

describe('a deployment', () => {
  test('mails alarms to the address in the settings', () => {
    const subscriptionsOf = (deployment: Deployment) =>
      propertiesOf(deployment, 'AWS::SNS::Subscription')
        .filter(({ Protocol }) => Protocol === 'email')
        .map(({ Endpoint, TopicArn }) => [Endpoint, nameOf(idIn(TopicArn) ?? '')]);

    expect(subscriptionsOf(byDefault())).toEqual([]);
    expect(subscriptionsOf(synthesise({ alarmAddress: 'ada@example.org' }))).toEqual([
      ['ada@example.org', 'MonitoringAlarms'],
    ]);
  });

  test('pays for no rates of its own mails, because SES judges the whole account', () => {
    const reputationOf = (deployment: Deployment) =>
      propertiesOf(deployment, 'AWS::SES::ConfigurationSet').map(
        ({ ReputationOptions }) => ReputationOptions.ReputationMetricsEnabled,
      );

    expect([reputationOf(byDefault()), reputationOf(synthesise({ monitoring: 'full' }))]).toEqual([
      [false],
      [false],
    ]);
  });

  test('has stacks named after its stage', () => {
    const { data, pipeline } = createApp(settingsWith({ stage: 'dev' }));

    expect([data.stackName, pipeline.stackName]).toEqual(['broadsheet-dev-data', 'broadsheet-dev-pipeline']);
  });

  test('names its version and commit in the outputs of both stacks, and in tags of the pipeline', () => {
    const { data, pipeline } = createApp();
    const { version, commit } = RELEASE;

    expect(byDefault().outputs).toMatchObject({
      Version: version,
      Commit: commit,
      DataVersion: version,
      DataCommit: commit,
    });
    expect(pipeline.tags.tagValues()).toMatchObject({
      'broadsheet:version': version,
      'broadsheet:commit': commit,
    });
    expect(Object.keys(data.tags.tagValues())).not.toContain('broadsheet:commit');
  });

  test('of another commit differs only in the version and commit', () => {
    const templatesOf = (release: Release) => {
      const { app, data, pipeline } = createApp({}, false, release);
      const assembly = app.synth();
      return [data, pipeline].map(({ artifactId }) =>
        JSON.stringify(assembly.getStackArtifact(artifactId).template),
      );
    };
    const one = { version: '1.2.3', commit: 'aaaaaaaaaaaa' };
    const other = { version: '1.2.4', commit: 'bbbbbbbbbbbb-dirty' };

    expect(
      templatesOf(other).map((text) =>
        text.replaceAll(`"${other.commit}"`, `"${one.commit}"`).replaceAll('"1.2.4"', '"1.2.3"'),
      ),
    ).toEqual(templatesOf(one));
  });
});
