import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  DomainName,
  HttpApi,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ARecord, PublicHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { Settings } from '../settings/schema.ts';

export interface ApiGatewayProps {
  readonly logRetention: RetentionDays;
  /** A domain of the operator's own. @default - none, AWS gives an address */
  readonly site?: Settings['site'];
}

/**
 * More than a publication's readers ask for, and little enough that a flood of requests costs cents. Beyond it API Gateway
 * answers 429 by itself.
 */
const THROTTLE = { rateLimit: 50, burstLimit: 100 };

/** What a line of the access log holds: neither path nor address, because a path may carry a token. */
const ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    requestTime: '$context.requestTime',
    method: '$context.httpMethod',
    status: '$context.status',
    responseBytes: '$context.responseLength',
    latencyMs: '$context.responseLatency',
    integrationError: '$context.integrationErrorMessage',
  }),
);

/** The way in from the web, without what answers yet: its address is known before the functions that name it. */
export class ApiGateway extends Construct {
  readonly httpApi: HttpApi;
  /** The address that AWS gives: `https://abc123.execute-api.eu-west-1.amazonaws.com`. */
  readonly url: string;
  /** The name that AWS gives the operator's domain, to which its record has to lead; undefined without such a domain. */
  readonly siteTarget: string | undefined;

  constructor(scope: Construct, id: string, { logRetention, site }: ApiGatewayProps) {
    super(scope, id);
    this.httpApi = new HttpApi(this, 'HttpApi', {
      apiName: Stack.of(this).stackName,
      description: 'The pages of Broadsheet',
      createDefaultStage: false,
    });
    this.url = this.httpApi.apiEndpoint;
    const domainName = site && this.#createDomain(site);
    this.siteTarget = domainName?.regionalDomainName;
    new HttpStage(this, 'Stage', {
      httpApi: this.httpApi,
      stageName: '$default',
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(
          new LogGroup(this, 'AccessLogs', { retention: logRetention, removalPolicy: RemovalPolicy.DESTROY }),
        ),
        format: ACCESS_LOG,
      },
      ...(domainName && { domainMapping: { domainName } }),
    });
  }

  /** Hands every request, whatever its method and path, to a function. */
  serve(handler: IFunction): void {
    const route = new HttpRoute(this, 'Requests', {
      httpApi: this.httpApi,
      routeKey: HttpRouteKey.DEFAULT,
      integration: new HttpLambdaIntegration('Integration', handler),
    });
    Validations.of(route).acknowledge({
      id: 'AwsSolutions::AwsSolutions-APIG4',
      reason:
        'The pages are public. What belongs to one subscriber is behind a signed token, which the function verifies.',
    });
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
