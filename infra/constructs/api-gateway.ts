import { Fn, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
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
  type ThrottleSettings,
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
import { AaaaRecord, ARecord, PublicHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayv2DomainProperties, CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
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
import type { Edge } from '../../shared/web/parts/client-address.ts';
import { CARDS_PATH, publicRoutes } from '../../shared/web/public-routes.ts';
import { cdnOf } from '../settings/derived.ts';
import type { Settings } from '../settings/schema.ts';
import { Cdn } from './cdn.ts';

export interface ApiGatewayProps {
  readonly logRetention: RetentionDays;
  readonly settings: Pick<Settings, 'stage' | 'monitoring' | 'site'>;
}

type Throttle = Required<ThrottleSettings>;

/**
 * Limits the requests of a route to a rate that readers do not reach. A flood of requests still costs only cents. Above the limit
 * API Gateway answers 429. Each public page, the feeds and the images have routes of their own. So no crawler can use up the limit
 * of the other pages: the forms and the pages of one subscriber.
 */
const THROTTLE: Throttle = { rateLimit: 50, burstLimit: 100 };

/** An image takes more processor time than a page, and CloudFront or the reader's program keeps it. */
const IMAGE_THROTTLE: Throttle = { rateLimit: 10, burstLimit: 20 };

/**
 * One-click unsubscribing has its own route and limit. A flood of page requests cannot block it. The path is greedy
 * because some mail programs append slashes.
 */
const ONE_CLICK = HttpRouteKey.with(`${SUBSCRIBER_PATHS.unsubscribe}/{proxy+}`, HttpMethod.POST);

/** The page that a reader opens by the link of a mail to unsubscribe. No flood of other requests blocks it either. */
const UNSUBSCRIBE_PAGE = HttpRouteKey.with(`${SUBSCRIBER_PATHS.unsubscribe}/{proxy+}`, HttpMethod.GET);

/** One line of the access log. It holds neither path nor address, because a path may contain a token. */
const ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    requestTime: '$context.requestTime',
    method: '$context.httpMethod',
    // The route with its limit, such as `ANY /papers/{proxy+}`. It holds no part of the path that a reader sent.
    route: '$context.routeKey',
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
  /** The target for the domain's DNS record: the host name of CloudFront or of API Gateway. Undefined without a domain. */
  readonly siteTarget: string | undefined;
  /** CloudFront in front of the domain, if the settings have it. */
  readonly cdn: Cdn | undefined;
  readonly #stage: HttpStage;

  constructor(scope: Construct, id: string, { logRetention, settings }: ApiGatewayProps) {
    super(scope, id);
    const { stage, monitoring, site } = settings;
    const isReplaced = site !== undefined && !site.keepApiUrl;
    const cdnSettings = cdnOf(settings);
    this.httpApi = new HttpApi(this, 'HttpApi', {
      apiName: Stack.of(this).stackName,
      description: 'The pages of Broadsheet',
      createDefaultStage: false,
      // CloudFront reaches the API at its AWS address.
      disableExecuteApiEndpoint: isReplaced && !cdnSettings,
    });
    this.apiUrl = isReplaced ? undefined : this.httpApi.apiEndpoint;
    this.url = site ? `https://${site.domainName}` : this.httpApi.apiEndpoint;
    this.cdn =
      cdnSettings &&
      new Cdn(this, 'Cdn', {
        settings: cdnSettings,
        apiHost: Fn.select(2, Fn.split('/', this.httpApi.apiEndpoint)),
      });
    const domainName = site && this.#createDomain(site);
    this.siteTarget = this.cdn?.distribution.domainName ?? domainName?.regionalDomainName;
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

  /**
   * Sends the requests for images to one function, and all others to another, whatever their method.
   *
   * @param pages the function of the pages and the HTTP API
   * @param cards the function of the images
   */
  serve(pages: IFunction, cards: IFunction): void {
    const integration = new HttpLambdaIntegration('Integration', pages);
    // One permission for all routes, because the policy of a function has a limited size.
    const options = { scopePermissionToRoute: false };
    const publicPages = new HttpLambdaIntegration('PublicIntegration', pages, options);
    const images = new HttpLambdaIntegration('CardsIntegration', cards, options);
    this.#addRoute('Requests', HttpRouteKey.DEFAULT, integration);
    const limited = [
      { key: ONE_CLICK, throttle: THROTTLE, route: this.#addRoute('OneClick', ONE_CLICK, integration) },
      {
        key: UNSUBSCRIBE_PAGE,
        throttle: THROTTLE,
        route: this.#addRoute('UnsubscribePage', UNSUBSCRIBE_PAGE, publicPages),
      },
      ...Object.values(publicRoutes).flatMap(({ paths }) =>
        paths.flatMap((path) => this.#addPublicRoutes(path, THROTTLE, publicPages)),
      ),
      ...this.#addPublicRoutes(CARDS_PATH, IMAGE_THROTTLE, images),
    ];
    const stage = this.#stage.node.defaultChild as CfnStage;
    stage.routeSettings = Object.fromEntries(
      limited.map(({ key, throttle }) => [
        key.key,
        { ThrottlingRateLimit: throttle.rateLimit, ThrottlingBurstLimit: throttle.burstLimit },
      ]),
    );
    // A stage cannot have settings for a route that does not exist yet.
    for (const { route } of limited) stage.addResourceDependency(route.node.defaultChild as CfnRoute);
  }

  /** How the functions recognise requests that came through CloudFront. */
  get edge(): Edge {
    const { cdn } = this;
    return { ...(cdn && { secret: cdn.secret }), isOnlyWay: cdn?.isOnlyWay ?? false };
  }

  /** Adds the routes of a path in `shared/web/public-routes.ts`: `/papers/*` has one for `/papers` and one for what is below. */
  #addPublicRoutes(path: string, throttle: Throttle, integration: HttpLambdaIntegration) {
    const base = path.replace(/\/\*$/, '');
    const paths = base === path ? [path] : [base, `${base}/{proxy+}`];
    return paths.map((path) => {
      const key = HttpRouteKey.with(path, HttpMethod.ANY);
      return { key, throttle, route: this.#addRoute(`Public${path}`, key, integration) };
    });
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

  /**
   * Creates the domain of API Gateway and the DNS records. With CloudFront the domain stays, because a DNS record that somebody
   * else keeps may still lead to it. A request to it is one of an ordinary client, with its own IP address and the same limits.
   */
  #createDomain({ domainName, certificateArn, hostedZone }: NonNullable<Settings['site']>): DomainName {
    const domain = new DomainName(this, 'Domain', {
      domainName,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
    });
    if (hostedZone) {
      const { id, name: zoneName } = hostedZone;
      const zone = PublicHostedZone.fromPublicHostedZoneAttributes(this, 'Zone', {
        hostedZoneId: id,
        zoneName,
      });
      const recordName = `${domainName}.`;
      const regional = new ApiGatewayv2DomainProperties(
        domain.regionalDomainName,
        domain.regionalHostedZoneId,
      );
      const target = RecordTarget.fromAlias(
        this.cdn ? new CloudFrontTarget(this.cdn.distribution) : regional,
      );
      new ARecord(this, 'AddressRecord', { zone, recordName, target });
      // Only CloudFront answers over IPv6.
      if (this.cdn) new AaaaRecord(this, 'Ipv6Record', { zone, recordName, target });
    }
    return domain;
  }
}
