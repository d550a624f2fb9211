import { describe, expect, test } from '@jest/globals';
import { EDGE_HEADER, edgeSchema } from '../../../shared/web/parts/client-address.ts';
import { CARDS_PATH, publicRoutes, SIGN_UP_HEADERS } from '../../../shared/web/public-routes.ts';
import { type Deployment, functionIdOf, synthesise } from '../deployment.ts';
import { allOf, type Resource, textOf } from '../template.ts';

const zone = { id: 'Z0123456789ABC', name: 'example.org' };

const byDefault = () => synthesise();

const propertiesOf = ({ resources }: Deployment, type: string): readonly Resource[] =>
  allOf(resources, type).map(([, { Properties }]) => Properties);

describe('CloudFront', () => {
  const inUsEast1 = 'arn:aws:acm:us-east-1:111122223333:certificate/edge';
  const regional = 'arn:aws:acm:eu-west-1:111122223333:certificate/site';
  const regionalSite = { domainName: 'daily.example.org', certificateArn: regional };
  const distributionOf = (deployment: Deployment) =>
    propertiesOf(deployment, 'AWS::CloudFront::Distribution')[0]?.DistributionConfig;
  const withCdn = () =>
    synthesise({ site: { ...regionalSite, hostedZone: zone, cloudFront: { certificateArn: inUsEast1 } } });
  const edgeOf = (deployment: Deployment, name: 'api' | 'draw-cards') =>
    deployment.resources[functionIdOf(deployment, name)]?.Properties.Environment.Variables.EDGE;

  test.each([
    ['there is no domain', undefined, false],
    ['the only certificate is in another region', regionalSite, false],
    ['the certificate is in us-east-1', { ...regionalSite, certificateArn: inUsEast1 }, true],
    ['it has a certificate of its own', { ...regionalSite, cloudFront: { certificateArn: inUsEast1 } }, true],
    ['it is off', { ...regionalSite, certificateArn: inUsEast1, cloudFront: { isEnabled: false } }, false],
  ])('where %s', (_, someSite, isThere) => {
    const deployment = synthesise(someSite ? { site: someSite } : {});
    expect(distributionOf(deployment) !== undefined).toBe(isThere);
    const [api] = propertiesOf(deployment, 'AWS::ApiGatewayV2::Api');
    expect(api?.DisableExecuteApiEndpoint).toBe(someSite !== undefined && !isThere);
  });

  test('answers at the domain with its own certificate, TLS 1.2 or later, HTTP/2 and HTTP/3, without logs of paths', () => {
    expect(distributionOf(withCdn())).toMatchObject({
      Aliases: ['daily.example.org'],
      HttpVersion: 'http2and3',
      IPV6Enabled: true,
      ViewerCertificate: { AcmCertificateArn: inUsEast1, MinimumProtocolVersion: 'TLSv1.2_2021' },
    });
    expect(distributionOf(withCdn())).not.toHaveProperty('Logging');
    const records = propertiesOf(withCdn(), 'AWS::Route53::RecordSet');
    expect(records.map(({ Type }) => Type).sort()).toEqual(['A', 'AAAA']);
    for (const { AliasTarget } of records) expect(JSON.stringify(AliasTarget.DNSName)).toContain('Cdn');
    expect(JSON.stringify(withCdn().outputs.SiteTarget)).toContain('Cdn');
    expect(withCdn().outputs.ApiUrl).toBeUndefined();
    // A DNS record that leads to API Gateway goes on working.
    expect(propertiesOf(withCdn(), 'AWS::ApiGatewayV2::DomainName')).toMatchObject([
      { DomainName: 'daily.example.org' },
    ]);
  });

  test('caches only public routes, by path and known parameters, and passes on all else', () => {
    const { CacheBehaviors, DefaultCacheBehavior } = distributionOf(withCdn());
    const policies = new Map(
      allOf(withCdn().resources, 'AWS::CloudFront::CachePolicy').map(([id, { Properties }]) => [
        id,
        Properties.CachePolicyConfig,
      ]),
    );
    const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
    // Origin, Access-Control-Request-Headers and Access-Control-Request-Method: the names of a policy of AWS.
    const CORS_HEADERS = '88a5eaf4-2fd4-4709-b370-b4c650ea3fcf';
    const cached = new Map<string, Resource>();
    for (const { PathPattern, CachePolicyId, OriginRequestPolicyId, AllowedMethods } of CacheBehaviors) {
      if (CachePolicyId === CACHING_DISABLED) continue;
      expect([PathPattern, OriginRequestPolicyId]).toEqual([PathPattern, CORS_HEADERS]);
      cached.set(PathPattern, policies.get(CachePolicyId.Ref));
      expect(AllowedMethods).toEqual(['GET', 'HEAD', 'OPTIONS']);
    }

    expect([...cached.keys()].sort()).toEqual(
      [CARDS_PATH, ...Object.values(publicRoutes).flatMap(({ paths }) => paths)]
        .map((path) => path.replace('/*', '*').replace('/cards*', '/cards/*'))
        .sort(),
    );
    expect(CacheBehaviors[0]).toMatchObject({
      PathPattern: '/feeds/private/*',
      CachePolicyId: CACHING_DISABLED,
    });
    expect(DefaultCacheBehavior).toMatchObject({ CachePolicyId: CACHING_DISABLED, Compress: false });
    expect(DefaultCacheBehavior.AllowedMethods).toContain('POST');
    for (const policy of cached.values()) {
      const { EnableAcceptEncodingBrotli, EnableAcceptEncodingGzip, CookiesConfig, HeadersConfig } =
        policy.ParametersInCacheKeyAndForwardedToOrigin;
      expect([EnableAcceptEncodingBrotli, EnableAcceptEncodingGzip]).toEqual([true, true]);
      expect(CookiesConfig).toEqual({ CookieBehavior: 'none' });
      expect(JSON.stringify(HeadersConfig)).not.toMatch(/authorization/i);
      expect(policy).toMatchObject({ MinTTL: 0, DefaultTTL: 0 });
    }
    expect(
      cached.get('/search').ParametersInCacheKeyAndForwardedToOrigin.QueryStringsConfig.QueryStrings,
    ).toContain('q');
    expect(JSON.stringify([...cached.keys()])).not.toMatch(/manage|unsubscribe|confirm|sign-up|subscriber/);
  });

  test('passes on to the form to sign up every header that it reads, and to nothing that is cached the time zone', () => {
    const { CacheBehaviors } = distributionOf(withCdn());
    const policies = allOf(withCdn().resources, 'AWS::CloudFront::OriginRequestPolicy');
    const form = CacheBehaviors.find(({ PathPattern }: Resource) => PathPattern === '/sign-up');

    expect(policies.map(([id]) => id)).toEqual([form.OriginRequestPolicyId.Ref]);
    expect(policies[0]?.[1].Properties.OriginRequestPolicyConfig).toMatchObject({
      HeadersConfig: { HeaderBehavior: 'whitelist', Headers: expect.arrayContaining([...SIGN_UP_HEADERS]) },
      QueryStringsConfig: { QueryStringBehavior: 'all' },
    });
    expect(form.AllowedMethods).toContain('POST');
  });

  test('proves by a secret header that a request came through it, one that can be replaced', () => {
    const originSecret = 'another-secret-of-at-least-32-letters';
    const replaced = synthesise({
      site: { ...regionalSite, cloudFront: { certificateArn: inUsEast1, originSecret, isOnlyWay: true } },
    });
    const headerOf = (deployment: Deployment) => distributionOf(deployment).Origins[0].OriginCustomHeaders[0];

    expect(headerOf(withCdn())).toMatchObject({ HeaderName: EDGE_HEADER });
    const { HeaderValue } = headerOf(withCdn());
    expect(JSON.stringify(HeaderValue)).toContain('AWS::StackId');
    for (const name of ['api', 'draw-cards'] as const) {
      expect(JSON.stringify(edgeOf(withCdn(), name))).toContain(JSON.stringify(HeaderValue).slice(1, -1));
      expect(edgeSchema.parse(JSON.parse(textOf(edgeOf(replaced, name))))).toEqual({
        secret: originSecret,
        isOnlyWay: true,
      });
      expect(JSON.parse(textOf(edgeOf(byDefault(), name)))).toEqual({ isOnlyWay: false });
    }
    expect(headerOf(replaced).HeaderValue).toBe(originSecret);
  });
});
