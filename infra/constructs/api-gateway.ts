import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnRoute,
  type CfnStage,
  DomainName,
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  FilterPattern,
  type IFilterPattern,
  LogGroup,
  MetricFilter,
  type RetentionDays,
} from 'aws-cdk-lib/aws-logs';
import { ARecord, PublicHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import {
  ALL_FAULTS,
  ANY_FUNCTION,
  type FaultName,
  FUNCTION_DIMENSION,
  namespaceOf,
  pointsOf,
} from '../../shared/observability.ts';
import { SUBSCRIBER_PATHS } from '../../shared/web/links.ts';
import type { Settings } from '../settings/schema.ts';

export interface ApiGatewayProps {
  readonly logRetention: RetentionDays;
  readonly settings: Pick<Settings, 'stage' | 'monitoring' | 'site'>;
}

/**
 * Limits requests to a rate that readers do not reach. A flood of requests still costs only cents. Above the limit API
 * Gateway answers 429.
 */
const THROTTLE = { rateLimit: 50, burstLimit: 100 };

/**
 * One-click unsubscribing has its own route and limit. A flood of page requests cannot block it. The path is greedy
 * because some mail programs append slashes.
 */
const ONE_CLICK = HttpRouteKey.with(`${SUBSCRIBER_PATHS.unsubscribe}/{proxy+}`, HttpMethod.POST);

/** One line of the access log. It holds neither path nor address, because a path may contain a token. */
const ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    requestTime: '$context.requestTime',
    method: '$context.httpMethod',
    status: '$context.status',
    // The function's status, which can also be 429. It is `-` if API Gateway refused the request.
    integrationStatus: '$context.integrationStatus',
    responseBytes: '$context.responseLength',
    latencyMs: '$context.responseLatency',
    integrationError: '$context.integrationErrorMessage',
    // The dimension of the metrics below. A metric filter can only read it from the log line.
    [FUNCTION_DIMENSION]: ANY_FUNCTION,
  }),
);

/**
 * The HTTP API with its domain, stage and logs. `serve` adds the function later, because its environment needs the URL.
 */
export class ApiGateway extends Construct {
  readonly httpApi: HttpApi;
  /** The URL of the pages: the operator's domain, `https://daily.example.org`, or else {@link apiUrl}. */
  readonly url: string;
  /** The AWS address, `https://abc123.execute-api.eu-west-1.amazonaws.com`. Undefined if a domain replaces it. */
  readonly apiUrl: string | undefined;
  /** The target for the domain's DNS record. Undefined without a domain. */
  readonly siteTarget: string | undefined;
  readonly #stage: HttpStage;

  constructor(scope: Construct, id: string, { logRetention, settings }: ApiGatewayProps) {
    super(scope, id);
    const { stage, monitoring, site } = settings;
    const isReplaced = site !== undefined && !site.keepApiUrl;
    this.httpApi = new HttpApi(this, 'HttpApi', {
      apiName: Stack.of(this).stackName,
      description: 'The pages of Broadsheet',
      createDefaultStage: false,
      disableExecuteApiEndpoint: isReplaced,
    });
    this.apiUrl = isReplaced ? undefined : this.httpApi.apiEndpoint;
    this.url = site ? `https://${site.domainName}` : this.httpApi.apiEndpoint;
    const domainName = site && this.#createDomain(site);
    this.siteTarget = domainName?.regionalDomainName;
    const accessLogs = new LogGroup(this, 'AccessLogs', {
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#stage = new HttpStage(this, 'Stage', {
      httpApi: this.httpApi,
      stageName: '$default',
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLogs),
        format: ACCESS_LOG,
      },
      ...(domainName && { domainMapping: { domainName } }),
    });
    const countFaults = (id: string, fault: FaultName, filterPattern: IFilterPattern) =>
      new MetricFilter(this, id, {
        logGroup: accessLogs,
        filterPattern,
        metricNamespace: namespaceOf(stage),
        ...(monitoring === 'basic'
          ? { metricName: ALL_FAULTS, metricValue: String(pointsOf(fault)) }
          : { metricName: fault }),
        dimensions: { [FUNCTION_DIMENSION]: `$.${FUNCTION_DIMENSION}` },
      });
    // API Gateway's own metric counts 429 together with every other 4xx.
    const throttled = FilterPattern.all(
      FilterPattern.stringValue('$.status', '=', '429'),
      FilterPattern.stringValue('$.integrationStatus', '!=', '429'),
    );
    countFaults('Throttled', 'RequestsThrottled', throttled);
    countFaults('Failed', 'RequestsFailed', FilterPattern.stringValue('$.status', '=', '5*'));
  }

  /** Sends every request to a function, whatever its method and path. */
  serve(handler: IFunction): void {
    const integration = new HttpLambdaIntegration('Integration', handler);
    this.#addRoute('Requests', HttpRouteKey.DEFAULT, integration);
    const oneClick = this.#addRoute('OneClick', ONE_CLICK, integration);
    const stage = this.#stage.node.defaultChild as CfnStage;
    stage.routeSettings = {
      [ONE_CLICK.key]: {
        ThrottlingRateLimit: THROTTLE.rateLimit,
        ThrottlingBurstLimit: THROTTLE.burstLimit,
      },
    };
    // A stage cannot have settings for a route that does not exist yet.
    stage.addResourceDependency(oneClick.node.defaultChild as CfnRoute);
  }

  #addRoute(id: string, routeKey: HttpRouteKey, integration: HttpLambdaIntegration): HttpRoute {
    const route = new HttpRoute(this, id, { httpApi: this.httpApi, routeKey, integration });
    Validations.of(route).acknowledge({
      id: 'AwsSolutions::AwsSolutions-APIG4',
      reason:
        'The pages are public. The pages of one subscriber need a signed token, which the function verifies.',
    });
    return route;
  }

  #createDomain({ domainName, certificateArn, hostedZone }: NonNullable<Settings['site']>): DomainName {
    const domain = new DomainName(this, 'Domain', {
      domainName,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
    });
    if (hostedZone) {
      new ARecord(this, 'AddressRecord', {
        zone: PublicHostedZone.fromPublicHostedZoneAttributes(this, 'Zone', {
          hostedZoneId: hostedZone.id,
          zoneName: hostedZone.name,
        }),
        recordName: `${domainName}.`,
        target: RecordTarget.fromAlias(
          new ApiGatewayv2DomainProperties(domain.regionalDomainName, domain.regionalHostedZoneId),
        ),
      });
    }
    return domain;
  }
}
