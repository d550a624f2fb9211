import type { SettingsInput } from './schema.ts';

/**
 * Valid settings, once `originSecret` is replaced. `dev` has only the required ones. `prod` shows all but `publicUrl`, which `site`
 * replaces.
 */
export const settingsExamples = {
  dev: { stage: 'dev', publication: { fromAddress: 'papers@example.org' } },
  prod: {
    stage: 'prod',
    account: '111122223333',
    region: 'us-east-1',
    publication: {
      fromAddress: 'papers@example.org',
      name: 'The Daily Broadsheet',
      replyTo: 'editor@example.org',
      postalAddress: 'Example Press, 1 Main Street, Springfield',
      listId: 'digests.example.org',
      unsubscribeMailto: 'unsubscribe@example.org',
      accentColour: '#0b5563',
      accentColourDark: '#7cc4d1',
    },
    sender: {
      identity: 'example.org',
      isVerified: false,
      hostedZone: { id: 'Z0123456789ABC', name: 'example.org' },
      dmarcPolicy: 'quarantine',
    },
    site: {
      domainName: 'daily.example.org',
      certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012',
      hostedZone: { id: 'Z0123456789ABC', name: 'example.org' },
      cloudFront: {
        isEnabled: true,
        certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012',
        originSecret: 'replace-this-with-your-own-random-text',
        isOnlyWay: false,
        webAclArn:
          'arn:aws:wafv2:us-east-1:111122223333:global/webacl/pages/12345678-1234-1234-1234-123456789012',
      },
      keepApiUrl: false,
    },
    trustedProxies: ['203.0.113.0/24', '2001:db8::/32'],
    hourlyLimits: { requestsPerClient: 60, requests: 300, requestsPerNetworkInFlood: 6, mails: 3000 },
    lists: {
      'hf-daily': { minutes: [10, 25, 40, 55], url: 'https://huggingface.co/api/daily_papers' },
      arxiv: {
        categories: ['cs.CL', 'stat.ML', 'eess.*'],
        minutes: [10, 25, 40, 55],
        url: 'https://arxiv-proxy.example.org',
      },
      feed: { feeds: { Distill: 'https://distill.pub/rss.xml' }, minutes: [40] },
    },
    defaults: { cadence: 'daily', hour: 8, lists: ['hf-daily', 'arxiv/cs.CL'] },
    sending: { accountRatePerSec: 50, maxWorkers: 4, whenUncertain: 'at-least-once' },
    eventTracking: true,
    encryptTopics: true,
    tags: { owner: 'library' },
    monitoring: 'full',
    alarmAddress: 'ada@example.org',
    search: {
      openSearch: {
        endpoint: 'https://search-papers-abc.us-east-1.es.amazonaws.com',
        arn: 'arn:aws:es:us-east-1:111122223333:domain/papers',
      },
    },
    leftRetentionDays: 730,
    logRetentionDays: 90,
  },
} as const satisfies Readonly<Record<'dev' | 'prod', SettingsInput>>;
