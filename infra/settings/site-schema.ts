import * as z from 'zod';

const HOST_NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
/** A host name without a trailing dot. */
export const hostNameSchema = z
  .string()
  .regex(HOST_NAME, 'expected a host name in lower case like "example.org"');

/** A zone into which the deployment writes records. */
export const hostedZoneSchema = z.strictObject({
  id: z
    .string()
    .regex(/^Z[A-Z0-9]{1,31}$/, 'expected the id of a Route 53 hosted zone like "Z0123456789ABC"')
    .describe('The id of a public Route 53 hosted zone, `Z0123456789ABC`.'),
  name: hostNameSchema.describe('Its domain, `example.org`.'),
});

/** CloudFront in front of a site. */
const cloudFrontSettings = z
  .strictObject({
    isEnabled: z
      .boolean()
      .optional()
      .describe(
        'Whether CloudFront is in front of the pages. Default: `true` if CloudFront can use a certificate: `site.cloudFront.certificateArn`, or `site.certificateArn` in us-east-1.',
      ),
    certificateArn: z
      .string()
      .regex(/^arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate\/.+$/, {
        error:
          'expected the ARN of a certificate in us-east-1 like "arn:aws:acm:us-east-1:111122223333:certificate/…", because CloudFront takes no other',
      })
      .optional()
      .describe(
        'A certificate for `site.domainName` in us-east-1, which is the only region that CloudFront takes certificates from. Default: `site.certificateArn` if it is in us-east-1.',
      ),
    originSecret: z
      .string()
      .regex(/^[\w-]{32,128}$/, 'expected 32 to 128 letters, digits, "_" and "-"')
      .refine((secret) => !secret.startsWith('replace-this'), {
        error:
          'expected a random text of your own, such as from "openssl rand -hex 32". The text of the example is public',
      })
      .optional()
      .describe(
        'The secret in a header by which the pages recognise requests from CloudFront. Anyone who knows it can pretend to be CloudFront, and give each request any client address. Set your own, because everybody who may list stacks or tags in the account can work out the default. To replace it, set another and deploy. Default: one made from the id of the stack.',
      ),
    isOnlyWay: z
      .boolean()
      .default(false)
      .describe(
        'Whether the pages refuse requests that did not come through CloudFront. Set it if a web ACL must see every request, after the DNS record leads to CloudFront.',
      ),
    webAclArn: z
      .string()
      .regex(/^arn:aws[a-z-]*:wafv2:us-east-1:\d{12}:global\/webacl\/.+$/, {
        error:
          'expected the ARN of a web ACL for CloudFront like "arn:aws:wafv2:us-east-1:111122223333:global/webacl/…"',
      })
      .optional()
      .describe('A web ACL of AWS WAF, which filters requests. AWS charges for it. Default: none.'),
  })
  .prefault({});

/** The operator's own domain for the pages. */
export const siteSettings = z
  .strictObject({
    domainName: hostNameSchema.describe('The domain of the pages, `daily.example.org`.'),
    certificateArn: z
      .string()
      .regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/.+$/, {
        error:
          'expected the ARN of a certificate in the region of the deployment like "arn:aws:acm:eu-west-1:111122223333:certificate/…"',
      })
      .describe('A certificate for it in AWS Certificate Manager, in the region of the deployment.'),
    hostedZone: hostedZoneSchema
      .optional()
      .describe(
        'The zone of the domain. The deployment writes the address records into it. Default: none, you write a CNAME record with the output `SiteTarget`.',
      ),
    cloudFront: cloudFrontSettings.describe('CloudFront in front of your own domain.'),
    keepApiUrl: z
      .boolean()
      .default(false)
      .describe(
        'Whether the AWS address of the API keeps working beside the domain. Set it for 90 days if you add a domain after the first mails. The links in those mails lead to the old address. With CloudFront the address always works, unless `site.cloudFront.isOnlyWay` is set. So the two cannot be set together.',
      ),
  })
  .optional();
