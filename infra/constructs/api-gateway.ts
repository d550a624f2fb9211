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
 * More than a publication's readers ask for, and little enough that a flood of requests costs cents. Beyond it API Gateway
 * answers 429 by itself.
 */
const THROTTLE = { rateLimit: 50, burstLimit: 100 };

/**
 * The one click of mail programs has a route and a limit of its own, so whoever floods the pages keeps nobody from unsubscribing.
 * The path is greedy, because mail programs glue a slash or more to it.
 */
const ONE_CLICK = HttpRouteKey.with(`${SUBSCRIBER_PATHS.unsubscribe}/{proxy+}`, HttpMethod.POST);

/** What a line of the access log holds: neither path nor address, because a path may carry a token. */
const ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    requestTime: '$context.requestTime',
    method: '$context.httpMethod',
    status: '$context.status',
    // The status of the function, which also answers 429; `-` when API Gateway refused by itself.
    integrationStatus: '$context.integrationStatus',
    responseBytes: '$context.responseLength',
    latencyMs: '$context.responseLatency',
    integrationError: '$context.integrationErrorMessage',
    // The dimension of the metrics below, which metric filters can only take from the line.
    [FUNCTION_DIMENSION]: ANY_FUNCTION,
  }),
);

/** The way in from the web, without what answers yet: its address is known before the functions that name it. */
export class ApiGateway extends Construct {
  readonly httpApi: HttpApi;
  /** Where the pages are: the operator's domain, `https://daily.example.org`, or else {@link apiUrl}. */
  readonly url: string;
  /** The address that AWS gives, `https://abc123.execute-api.eu-west-1.amazonaws.com`; undefined if a domain replaces it. */
  readonly apiUrl: string | undefined;
  /** The name that AWS gives the operator's domain, to which its record has to lead; undefined without such a domain. */
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
    // API Gateway itself counts 429 among all answers of 4xx.
    const throttled = FilterPattern.all(
      FilterPattern.stringValue('$.status', '=', '429'),
      FilterPattern.stringValue('$.integrationStatus', '!=', '429'),
    );
    countFaults('Throttled', 'RequestsThrottled', throttled);
    countFaults('Failed', 'RequestsFailed', FilterPattern.stringValue('$.status', '=', '5*'));
  }

  /** Hands every request, whatever its method and path, to a function. */
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
        'The pages are public. What belongs to one subscriber is behind a signed token, which the function verifies.',
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
