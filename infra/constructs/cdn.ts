import { Aws, Duration, Fn, Stack, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  CacheQueryStringBehavior,
  Distribution,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestHeaderBehavior,
  OriginRequestPolicy,
  OriginRequestQueryStringBehavior,
  OriginSslPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Construct } from 'constructs';
import { capitalise } from '../../shared/presentation/wording.ts';
import { EDGE_HEADER } from '../../shared/web/parts/client-address.ts';
import {
  CARDS_PATH,
  PRIVATE_FEEDS_PATH,
  type PublicRoutes,
  publicRoutes,
  SIGN_UP_HEADERS,
  SIGN_UP_PATH,
} from '../../shared/web/public-routes.ts';
import type { CdnSettings } from '../settings/derived.ts';

export interface CdnProps {
  readonly settings: CdnSettings;
  /** The host name of the HTTP API, `abc123.execute-api.eu-west-1.amazonaws.com`. */
  readonly apiHost: string;
}

/** The longest time that CloudFront keeps an answer, whatever its `Cache-Control` says. */
const LONGEST = Duration.days(30);

/**
 * CloudFront in front of the HTTP API. It keeps the public pages for as long as their `Cache-Control` allows, and passes on all
 * else. Only its own routes are cached, so a new page of one subscriber is safe without a change here.
 */
export class Cdn extends Construct {
  readonly distribution: Distribution;
  /** The header with which the API recognises requests that came through this distribution. */
  readonly secret: string;
  /** Whether the functions refuse requests that did not come through it. */
  readonly isOnlyWay: boolean;

  constructor(scope: Construct, id: string, { settings, apiHost }: CdnProps) {
    super(scope, id);
    this.isOnlyWay = settings.isOnlyWay;
    this.secret = settings.originSecret ?? toDefaultSecret();
    const origin = new HttpOrigin(apiHost, {
      protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
      originSslProtocols: [OriginSslPolicy.TLS_V1_2],
      customHeaders: { [EDGE_HEADER]: this.secret },
    });
    const shared = { origin, viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS };
    const uncached: BehaviorOptions = {
      ...shared,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      // API Gateway finds its API by the host name, so the reader's host name is not passed on.
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      // Compressing a page that holds a token and what a stranger typed would reveal the token by its size.
      compress: false,
    };
    const cached = (policyId: string, routes: PublicRoutes): BehaviorOptions => ({
      ...shared,
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
      cachePolicy: this.#createCachePolicy(policyId, routes),
      // The headers by which a browser asks whether a page of another site may read the API.
      originRequestPolicy: OriginRequestPolicy.CORS_S3_ORIGIN,
      compress: true,
    });
    const images = cached('Cards', { paths: [CARDS_PATH], parameters: [] });
    // CloudFront takes the first pattern that matches, so private feeds come first.
    const behaviors: [string, BehaviorOptions][] = [
      [PRIVATE_FEEDS_PATH, uncached],
      [SIGN_UP_PATH, { ...uncached, originRequestPolicy: this.#createSignUpPolicy() }],
      [CARDS_PATH, images],
    ];
    for (const [name, routes] of Object.entries<PublicRoutes>(publicRoutes)) {
      const behavior = cached(capitalise(name), routes);
      for (const path of routes.paths) behaviors.push([toPattern(path), behavior]);
    }
    this.distribution = new Distribution(this, 'Distribution', {
      comment: `The pages of ${Stack.of(this).stackName}`,
      domainNames: [settings.domainName],
      certificate: Certificate.fromCertificateArn(this, 'Certificate', settings.certificateArn),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      httpVersion: HttpVersion.HTTP2_AND_3,
      ...(settings.webAclArn !== undefined && { webAclId: settings.webAclArn }),
      defaultBehavior: uncached,
      additionalBehaviors: Object.fromEntries(behaviors),
    });
    Validations.of(this.distribution).acknowledge(
      { id: 'AwsSolutions::AwsSolutions-CFR1', reason: 'Readers of every country may read the pages.' },
      {
        id: 'AwsSolutions::AwsSolutions-CFR2',
        reason:
          'API Gateway limits requests. AWS WAF costs $5 a month or more: site.cloudFront.webAclArn adds it.',
      },
      {
        id: 'AwsSolutions::AwsSolutions-CFR3',
        reason:
          'The logs of CloudFront hold paths, and the paths of subscribers hold tokens. API Gateway logs without paths.',
      },
    );
  }

  /** CloudFront adds headers of its own only where a policy lists every header that is passed on. */
  #createSignUpPolicy(): OriginRequestPolicy {
    return new OriginRequestPolicy(this, 'SignUp', {
      comment: `The form of ${Stack.of(this).stackName}`,
      headerBehavior: OriginRequestHeaderBehavior.allowList(...SIGN_UP_HEADERS),
      queryStringBehavior: OriginRequestQueryStringBehavior.all(),
    });
  }

  #createCachePolicy(id: string, { parameters }: PublicRoutes): CachePolicy {
    return new CachePolicy(this, id, {
      comment: `${id} of ${Stack.of(this).stackName}`,
      minTtl: Duration.seconds(0),
      // An answer without Cache-Control is not kept.
      defaultTtl: Duration.seconds(0),
      maxTtl: LONGEST,
      queryStringBehavior:
        parameters.length > 0
          ? CacheQueryStringBehavior.allowList(...parameters)
          : CacheQueryStringBehavior.none(),
      enableAcceptEncodingBrotli: true,
      enableAcceptEncodingGzip: true,
    });
  }
}

/** Returns the pattern of CloudFront for a path. `/papers*` includes `/papers`. */
function toPattern(path: string): string {
  return path.replace(/\/\*$/, '*');
}

/**
 * Returns the unique part of the stack's id. Only people who may read the account's stacks know it. They can read the header in the
 * distribution too. A secret of Secrets Manager would cost more than all idle functions.
 */
function toDefaultSecret(): string {
  return Fn.select(2, Fn.split('/', Aws.STACK_ID));
}
