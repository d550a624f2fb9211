import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  defaultListsOf,
  maxWorkersOf,
  publicationOf,
  senderIdentityOf,
} from '../../infra/settings/derived.ts';
import { toListsText } from '../../infra/settings/lists-schema.ts';
import { loadSettings } from '../../infra/settings/load-settings.ts';
import { parseSettings, SettingsError } from '../../infra/settings/parse-settings.ts';
import { arxivCategoryIds } from '../../shared/domain/lists/arxiv-categories.ts';
import { sources } from '../../shared/domain/lists/lists.ts';

const FROM = 'papers@news.example.org';
const publication = { fromAddress: FROM };
const smallest = { stage: 'dev', publication };
const CERTIFICATE = 'arn:aws:acm:eu-west-1:111122223333:certificate/1';
const ARNS_OF_CDN = {
  certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/1',
  webAclArn: 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/pages/1',
};

/** Returns the lines of the error message, without the first. */
function faultsOf(read: () => unknown, file?: string): readonly string[] {
  try {
    read();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const [heading, ...faults] = error.message.split('\n- ');
    const place = file === undefined ? '' : ` in ${file}`;
    expect(heading).toBe(`The settings${place} cannot be used (docs/settings.md explains each):`);
    return faults;
  }
  return [];
}

describe('settings', () => {
  test('have defaults for all but the stage and the sender', () => {
    expect(parseSettings(smallest)).toEqual({
      stage: 'dev',
      publication: { fromAddress: FROM, name: 'Broadsheet', accentColour: '#9e1b1b' },
      sender: { isVerified: false, dmarcPolicy: 'none' },
      trustedProxies: [],
      hourlyLimits: { requestsPerClient: 30, requests: 100, requestsPerNetworkInFlood: 3, mails: 1000 },
      lists: { 'hf-daily': { minutes: sources['hf-daily'].minutes } },
      defaults: { cadence: 'daily', hour: 8 },
      sending: { accountRatePerSec: 14, whenUncertain: 'at-most-once' },
      encryptTopics: false,
      tags: {},
      monitoring: 'basic',
      search: {},
      leftRetentionDays: 365,
      logRetentionDays: 30,
    });
  });

  test('in the example file are valid, for a dev stage', () => {
    expect(loadSettings('settings.example.json').stage).toBe('dev');
  });

  test('are not in cdk.json, where a command would find them without a request', async () => {
    const { context } = JSON.parse(await readFile('cdk.json', 'utf8'));

    expect(Object.keys(context).filter((key) => !key.startsWith('@aws-cdk/'))).toEqual(['cli-telemetry']);
  });

  test('of deployments are ignored by git', async () => {
    const ignored = (await readFile('.gitignore', 'utf8')).split('\n');

    expect(ignored).toEqual(expect.arrayContaining(['/dev.json', '/prod.json']));
  });

  test('accept every log retention that the CDK knows', () => {
    const days = Object.values(RetentionDays).filter((day) => typeof day === 'number');
    const known = days.filter((day) => day !== RetentionDays.INFINITE);

    for (const logRetentionDays of known)
      expect(parseSettings({ ...smallest, logRetentionDays }).logRetentionDays).toBe(logRetentionDays);
  });

  test('are refused with every fault: its name, its value and what is expected', () => {
    const wrong = {
      stage: 'production',
      publication: { name: 'Daily', publicURL: 'https://daily.example.org' },
      sender: { identity: 'nobody' },
      lists: { 'hf-daily': { minutes: [10, 10], url: 'ftp://example.org' } },
      sending: { accountRatePerSec: 0, maxWorkers: 1 },
      logRetentionDays: 31,
      account: 111122223333,
      region: 'Ireland',
      zone: 'eu-west-1',
    };

    expect(faultsOf(() => parseSettings(wrong))).toEqual([
      'stage is "production": expected "dev" or "prod"',
      'account is 111122223333: expected a text, such as "111122223333"',
      'region is "Ireland": expected the name of an AWS region like "eu-west-1"',
      expect.stringMatching(/^publication\.fromAddress is missing: expected /),
      'publication.publicURL is not a setting. Did you mean publication.publicUrl?',
      expect.stringMatching(/^sender\.identity is "nobody": expected an email address like .* or a domain/),
      'lists.hf-daily.minutes is [10,10]: expected each minute once, in ascending order',
      'lists.hf-daily.url is "ftp://example.org": expected an http or https address like "https://example.org/papers"',
      'sending.accountRatePerSec is 0: expected at least 1',
      'sending.maxWorkers is 1: expected at least 2',
      expect.stringMatching(/^logRetentionDays is 31: expected one of 1, 3, 5, 7, 14, 30, 60, /),
      'zone is not a setting: check its spelling',
    ]);
  });

  test.each(['us-east-1', 'ap-southeast-7', 'us-gov-west-1', 'eusc-de-east-1'])(
    'may name the region %s',
    (region) => {
      expect(parseSettings({ ...smallest, region }).region).toBe(region);
    },
  );

  test('refuse tags that differ only by capital letters, which IAM takes for one', () => {
    const tags = { Owner: 'library', owner: 'library' };

    expect(faultsOf(() => parseSettings({ ...smallest, tags }))).toEqual([
      expect.stringMatching(/^tags is .*: expected names that differ by more than capital letters/),
    ]);
  });

  test('suggest the names that were probably meant', () => {
    const site = { domain: 'daily.example.org', certificateArn: CERTIFICATE, hostedzone: {} };
    const misspelt = { ...smallest, publicaton: {}, site, lists: { arxiv: { categorys: ['cs.CL'] } } };

    expect(
      faultsOf(() => parseSettings(misspelt)).filter((fault) => fault.includes('not a setting')),
    ).toEqual([
      'site.domain is not a setting. Did you mean site.domainName?',
      'site.hostedzone is not a setting. Did you mean site.hostedZone?',
      'lists.arxiv.categorys is not a setting. Did you mean lists.arxiv.categories?',
      'publicaton is not a setting. Did you mean publication?',
    ]);
  });

  test('say in words what a value of the wrong kind or size must be', () => {
    const wrong = {
      ...smallest,
      defaults: { hour: 24 },
      sending: { maxWorkers: 2.5 },
      encryptTopics: 'yes',
      trustedProxies: {},
      lists: { arxiv: { categories: [] } },
    };

    expect(faultsOf(() => parseSettings(wrong))).toEqual([
      'trustedProxies is {}: expected a list, such as ["203.0.113.0/24","2001:db8::/32"]',
      'lists.arxiv.categories is []: expected at least 1 entry',
      'defaults.hour is 24: expected at most 23',
      'sending.maxWorkers is 2.5: expected a whole number, such as 4',
      'encryptTopics is "yes": expected true or false, such as true',
    ]);
  });

  test.each([undefined, null, 'dev', []])('are reported as missing if there is %j', (value) => {
    expect(faultsOf(() => parseSettings(value))).toEqual([
      expect.stringMatching(
        /^the file is (missing|null|"dev"|\[\]): expected a group of settings, such as {"stage":/,
      ),
    ]);
  });

  test('name what is required in a group that is missing', () => {
    expect(faultsOf(() => parseSettings({ stage: 'prod' }))).toEqual([
      'publication.fromAddress is missing: expected a text, such as "papers@example.org"',
    ]);
  });

  test('that have another type than expected are refused with an example', () => {
    const wrong = { ...smallest, publication: 'papers', lists: ['arxiv/cs.CL'], site: null, tags: [] };

    expect(faultsOf(() => parseSettings(wrong))).toEqual([
      'publication is "papers": expected a group of settings, such as {"fromAddress":"papers@example.org"}',
      'site is null: expected a group of settings, such as {"domainName":"daily.example.org"}',
      'lists is ["arxiv/cs.CL"]: expected an object with a setting for each source, such as {"arxiv":{"categories":["cs.CL"]}}',
      'tags is []: expected names and their values, such as {"owner":"library"}',
    ]);
  });

  test('that name something are refused with each wrong name and what is expected', () => {
    const feeds = { 'My Journal': 'https://example.org', ['x'.repeat(51)]: 'x' };
    const wrong = {
      ...smallest,
      tags: { '': 'x', 'aws:owner': 'x', owner: '<x>' },
      lists: { feed: { feeds } },
    };

    expect(faultsOf(() => parseSettings(wrong))).toEqual([
      'lists.feed.feeds has the name "My Journal": expected letters, digits and hyphens for spaces, like "Nature-Machine-Intelligence"',
      `lists.feed.feeds has the name "${'x'.repeat(51)}": expected at most 50 characters`,
      expect.stringMatching(/^tags has the name "": expected a tag of 1 to 128 letters, /),
      expect.stringMatching(/^tags has the name "aws:owner": expected a tag of .* not starting with "aws:"/),
      expect.stringMatching(/^tags\.owner is "<x>": expected a value of /),
    ]);
  });

  test.each([
    ['a minute over 59', [60]],
    ['minutes out of order', [25, 10]],
    ['no minute', []],
    ['a fraction', [1.5]],
    ['a word', 'hourly'],
  ])('of a list refuse %s', (_, minutes) => {
    const faults = faultsOf(() => parseSettings({ ...smallest, lists: { 'hf-daily': { minutes } } }));

    expect(faults).toEqual([expect.stringMatching(/^lists\.hf-daily\.minutes(\.0)? is /)]);
  });
});

describe('the lists of the settings', () => {
  const withLists =
    (lists: unknown, defaults: unknown = {}) =>
    () =>
      parseSettings({ ...smallest, lists, defaults });
  const textOf = (lists: unknown) => toListsText(withLists(lists)().lists);

  test('are those of the named sources, and Hugging Face if none is named', () => {
    expect(textOf({})).toBe('hf-daily');
    expect(textOf({ 'hf-daily': { minutes: [0] } })).toBe('hf-daily');
    expect(textOf({ arxiv: { categories: ['cs.*', 'stat.ML', 'cs.*'] } })).toBe('arxiv/cs.*,arxiv/stat.ML');
    expect(textOf({ 'hf-daily': {}, feed: { feeds: { Distill: 'https://distill.pub/rss.xml' } } })).toBe(
      'hf-daily,feed/Distill',
    );
  });

  test('follow Hugging Face by default, or else the first list', () => {
    expect(defaultListsOf(withLists({ arxiv: { categories: ['cs.CL'] }, 'hf-daily': {} })())).toEqual([
      'hf-daily',
    ]);
    expect(defaultListsOf(withLists({ arxiv: { categories: ['cs.NA', 'cs.CL'] } })())).toEqual([
      'arxiv/math.NA',
    ]);
  });

  test('are refused with the nearest ones that exist', () => {
    expect(faultsOf(withLists({ arxiv: { categories: ['cs.LG', 'cs.CLL', 'sc.*'] } }))).toEqual([
      'lists.arxiv.categories.1 is "cs.CLL": expected a category of arXiv like "cs.CL", or all of an archive like "cs.*". Did you mean cs.CL?',
      expect.stringContaining('lists.arxiv.categories.2 is "sc.*": expected a category'),
    ]);
    expect(faultsOf(withLists({ feed: { feeds: { a: 'file:///etc/passwd' } } }))).toEqual([
      'lists.feed.feeds.a is "file:///etc/passwd": expected an http or https address like "https://example.org/papers"',
    ]);
    expect(faultsOf(withLists({ arxiv: {} }))).toEqual([
      expect.stringContaining('lists.arxiv.categories is missing'),
    ]);
    expect(faultsOf(withLists({ gone: {} }))).toEqual(['lists.gone is not a setting: check its spelling']);
    expect(faultsOf(withLists({}, { lists: ['hf-dialy'] }))).toEqual([
      'defaults.lists: "hf-dialy" is not a list here. The lists here: hf-daily. Name one of these, or add yours to "lists"',
    ]);
  });

  test('fit into the environment of a function, together with all else that it is given', () => {
    const feeds = Object.fromEntries(
      Array.from({ length: 30 }, (_, n) => [`Feed-${n}`, `https://example.org/${'x'.repeat(90)}`]),
    );
    const categories = [...arxivCategoryIds];
    const lists = categories.slice(0, 60).map((category) => `arxiv/${category}`);
    const trustedProxies = Array.from({ length: 45 }, (_, n) => `203.0.${n}.0/24`);
    const read = () =>
      parseSettings({ ...smallest, lists: { arxiv: { categories } }, defaults: { lists }, trustedProxies });
    const limit = 'expected at most 3000 for all settings that a function is given, and they have';

    expect(faultsOf(withLists({ feed: { feeds } }))).toEqual([
      expect.stringMatching(RegExp(`^lists has \\d+ bytes: ${limit} \\d+`)),
    ]);
    expect(faultsOf(withLists({ 'hf-daily': { url: `https://example.org/${'x'.repeat(4000)}` } }))).toEqual([
      expect.stringContaining(limit),
    ]);
    expect(faultsOf(withLists({ arxiv: { categories } }))).toEqual([]);
    expect(faultsOf(read)).toEqual([
      expect.stringMatching(
        RegExp(`^lists has .*, trustedProxies has .*, defaults\\.lists has .*: ${limit}`),
      ),
    ]);
  });
});

describe('the origin of the pages', () => {
  const faultsWith = (publicUrl: string) =>
    faultsOf(() => parseSettings({ ...smallest, publication: { ...publication, publicUrl } }));

  test.each([
    'https://example.org/daily',
    'https://example.org//',
    'https://example.org?x=1',
    'https://example.org/?',
    'https://example.org#top',
    'https://example.org/#',
    'https://ada:secret@example.org',
    'https://ada@example.org/',
    'http://example.org',
    'ftp://example.org',
    'ftp://localhost',
    'javascript:alert(1)',
    ' https://example.org',
    'https://exam\nple.org',
    'example.org',
    '',
  ])('cannot be %j, and the fault says what is expected', (publicUrl) => {
    expect(faultsWith(publicUrl)).toEqual([
      `publication.publicUrl is ${JSON.stringify(publicUrl)}: expected an origin like "https://daily.example.org" (or http:// for localhost), without user name, path, query or fragment`,
    ]);
  });

  test.each([
    ['https://example.org', 'https://example.org'],
    ['https://Daily.Example.org/', 'https://daily.example.org'],
    ['https://example.org:8443', 'https://example.org:8443'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['http://localhost:4310', 'http://localhost:4310'],
  ])('may be %s', (publicUrl, origin) => {
    const settings = parseSettings({ ...smallest, publication: { ...publication, publicUrl } });

    expect(settings.publication.publicUrl).toBe(origin);
  });
});

describe('trusted proxies', () => {
  test.each([
    '203.0.113.7',
    '203.0.113.0/33',
    '0.0.0.0/0',
    '::/0',
    '0.0.0.0/1',
    '128.0.0.0/1',
    '10.0.0.0/7',
    '2000::/3',
    '2001::/15',
    '::ffff:0.0.0.0/15',
    '10/8',
    '0x7f000000/8',
    'example.org/24',
    'cloudfront',
    '',
  ])('are no %j', (range) => {
    expect(
      faultsOf(() => parseSettings({ ...smallest, trustedProxies: ['198.51.100.0/24', range] })),
    ).toEqual([
      `trustedProxies.1 is ${JSON.stringify(range)}: expected a range of IP addresses like "203.0.113.0/24" or "2001:db8::/32", with a prefix of 8 bits or more for IPv4 and 16 or more for IPv6`,
    ]);
  });
});

describe('settings that are valid one by one', () => {
  const zone = { id: 'Z0123456789ABC', name: 'example.org' };
  const site = { domainName: 'daily.example.org', certificateArn: CERTIFICATE };

  test.each<[fault: string, settings: object, line: string]>([
    [
      'an identity that is another address',
      { sender: { identity: 'ada@news.example.org' } },
      `sender.identity is "ada@news.example.org": expected publication.fromAddress, "${FROM}", or its domain`,
    ],
    [
      'an identity that is another domain',
      { sender: { identity: 'mynews.example.org' } },
      'sender.identity is "mynews.example.org": expected the domain of publication.fromAddress, "news.example.org", or a parent domain',
    ],
    [
      'an identity whose domain only ends in the same letters',
      { sender: { identity: 'ews.example.org' } },
      'sender.identity is "ews.example.org": expected the domain of publication.fromAddress, "news.example.org", or a parent domain',
    ],
    [
      'a zone for an address',
      { sender: { hostedZone: zone } },
      `sender.hostedZone is set and sender.identity is the address "${FROM}": expected a domain as sender.identity`,
    ],
    [
      'a zone for an identity that the account already has',
      { sender: { identity: 'example.org', isVerified: true, hostedZone: zone } },
      'sender.hostedZone and sender.isVerified are both set: expected only one. With sender.isVerified you keep the DNS records yourself',
    ],
    [
      'a zone of another domain',
      { sender: { identity: 'example.org', hostedZone: { ...zone, name: 'news.example.org' } } },
      'sender.hostedZone.name is "news.example.org": expected the zone that holds "example.org"',
    ],
    [
      'two URLs for the pages',
      { publication: { ...publication, publicUrl: 'https://elsewhere.example.org' }, site },
      'publication.publicUrl is "https://elsewhere.example.org" and site is set: expected only one of them',
    ],
    [
      'a zone that does not hold the domain of the pages',
      { site: { ...site, hostedZone: { ...zone, name: 'example.net' } } },
      'site.hostedZone.name is "example.net": expected the zone that holds "daily.example.org"',
    ],
    [
      'a certificate of another region than the deployment',
      { region: 'us-east-1', site },
      'site.certificateArn is in eu-west-1: expected a certificate in us-east-1, the region of the deployment. One for CloudFront goes into site.cloudFront.certificateArn',
    ],
    ...(['certificateArn', 'webAclArn'] as const).map((name): [string, object, string] => [
      `a ${name} of another account than the deployment`,
      {
        account: '444455556666',
        site: {
          ...site,
          certificateArn: CERTIFICATE.replace('111122223333', '444455556666'),
          cloudFront: { [name]: ARNS_OF_CDN[name] },
        },
      },
      `site.cloudFront.${name} is of account 111122223333: expected one of 444455556666, the account of the deployment`,
    ]),
    [
      'a certificate of another account than the deployment',
      { account: '444455556666', site },
      'site.certificateArn is of account 111122223333: expected one of 444455556666, the account of the deployment',
    ],
    [
      'CloudFront without a certificate that it can use',
      { site: { ...site, cloudFront: { isEnabled: true } } },
      'site.cloudFront.isEnabled is true and no certificate is in us-east-1: expected site.cloudFront.certificateArn, a certificate for the domain in us-east-1',
    ],
    [
      'CloudFront as the only way, which is not there',
      { site: { ...site, cloudFront: { isOnlyWay: true } } },
      'site.cloudFront.isOnlyWay is true and CloudFront is not used: expected a certificate in us-east-1, and site.cloudFront.isEnabled not false',
    ],
    [
      'CloudFront as the only way, and another address that must keep working',
      {
        site: {
          ...site,
          keepApiUrl: true,
          cloudFront: { certificateArn: CERTIFICATE.replace('eu-west-1', 'us-east-1'), isOnlyWay: true },
        },
      },
      'site.keepApiUrl and site.cloudFront.isOnlyWay are both true: expected only one. The AWS address of the API does not go through CloudFront, so the links in old mails would not work',
    ],
    [
      'more workers than the rate allows',
      { sending: { accountRatePerSec: 3, maxWorkers: 11 } },
      'sending.maxWorkers is 11: expected at most 10 with sending.accountRatePerSec 3, so that each may send 0.3 mails a second',
    ],
    [
      'more workers than the default rate allows',
      { sending: { maxWorkers: 47 } },
      'sending.maxWorkers is 47: expected at most 46 with sending.accountRatePerSec 14, so that each may send 0.3 mails a second',
    ],
  ])('conflict: %s', (_, settings, line) => {
    expect(faultsOf(() => parseSettings({ ...smallest, ...settings }))).toEqual([line]);
  });

  test.each<[string, object]>([
    ['the address itself', { sender: { identity: FROM } }],
    ['its domain, with a parent zone', { sender: { identity: 'news.example.org', hostedZone: zone } }],
    ['a parent domain', { sender: { identity: 'example.org', hostedZone: zone } }],
    ['a site within its zone', { site: { ...site, hostedZone: zone } }],
    [
      'a certificate in the region and one for CloudFront',
      {
        region: 'eu-west-1',
        site: { ...site, cloudFront: { certificateArn: CERTIFICATE.replace('eu-west-1', 'us-east-1') } },
      },
    ],
    ['the most workers that the rate allows', { sending: { accountRatePerSec: 3, maxWorkers: 10 } }],
    ['the lowest rate and the default workers', { sending: { accountRatePerSec: 1 } }],
  ])('do not conflict: %s', (_, settings) => {
    expect(faultsOf(() => parseSettings({ ...smallest, ...settings }))).toEqual([]);
  });

  test.each<[string, object, readonly RegExp[]]>([
    ['a misspelt name', { stge: 'dev' }, [/^stge is not a setting/]],
    ['a wrong value', { logRetentionDays: 31 }, [/^logRetentionDays is 31/]],
    ['a required setting that is missing', { stage: undefined }, [/^stage is missing/]],
    [
      'a wrong value in a group',
      { site: { ...site, certificateArn: 'arn' } },
      [/^site.certificateArn is "arn"/],
    ],
    ['a wrong item in a list', { trustedProxies: ['10/8'] }, [/^trustedProxies.0 is "10\/8"/]],
    ['a group that is not an object', { defaults: 7 }, [/^defaults is 7/]],
    ['several of them', { stage: 'x', site: { name: 'y' } }, [/^stage/, /^site/, /^site/, /^site/]],
  ])('report conflicts together with %s', (_, wrong, faults) => {
    const settings = { ...smallest, sending: { accountRatePerSec: 3, maxWorkers: 11 }, ...wrong };

    expect(faultsOf(() => parseSettings(settings))).toEqual([
      ...faults.map((fault) => expect.stringMatching(fault)),
      expect.stringMatching(/^sending\.maxWorkers is 11: expected at most 10/),
    ]);
  });

  test('report no conflict with a setting that is wrong itself', () => {
    const sender = { identity: 'example.net', hostedZone: zone };
    const wrong = { ...smallest, publication: { fromAddress: 'nobody' }, sender };

    expect(faultsOf(() => parseSettings(wrong))).toEqual([
      expect.stringMatching(/^publication\.fromAddress is "nobody"/),
    ]);
  });

  test('report all conflicts in one message', () => {
    const sender = { identity: 'example.net', hostedZone: zone };

    expect(faultsOf(() => parseSettings({ ...smallest, sender }))).toHaveLength(2);
  });
});

describe('a settings file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'broadsheet-settings-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function write(name: string, text: string): Promise<string> {
    const file = join(folder, name);
    await writeFile(file, text);
    return file;
  }

  test.each(['', '\ufeff'])('may begin with %j', async (start) => {
    const file = await write('good.json', `${start}${JSON.stringify({ ...smallest, stage: 'prod' })}`);

    expect(loadSettings(file).stage).toBe('prod');
  });

  const refusalOf = (file: string) => {
    try {
      return loadSettings(file);
    } catch (error) {
      if (error instanceof SettingsError) return error.message;
      throw error;
    }
  };

  test('is named if its settings are wrong', async () => {
    const file = await write('wrong.json', '{}');

    expect(faultsOf(() => loadSettings(file), file)).toHaveLength(2);
  });

  test('is named if it is missing, empty or a folder', async () => {
    const missing = join(folder, 'missing.json');
    const howToStart = expect.stringContaining('"npx broadsheet init" writes a settings file.');

    expect(refusalOf(missing)).toEqual(howToStart);
    expect(refusalOf(missing)).toMatch('missing.json" does not exist. ');
    expect(refusalOf(missing)).toMatch('copy settings.example.json, and set "stage" to "prod"');
    for (const text of ['', '\n ', '\ufeff']) {
      const empty = await write('empty.json', text);
      expect(refusalOf(empty)).toEqual(howToStart);
      expect(refusalOf(empty)).toMatch('empty.json" is empty. ');
    }
    expect(refusalOf(folder)).toBe(`"${folder}" is a folder: expected a JSON file, such as prod.json`);
  });

  test.each([
    ['{\n  "stage": "dev",\n}', 'line 2, column 17: JSON does not support trailing commas'],
    ['{ "tags": [1,] }', 'line 1, column 13: JSON does not support trailing commas'],
    ['{ "tags": { "é": 1, } }', 'line 1, column 19: JSON does not support trailing commas'],
    ['// dev\n{}', 'line 1, column 1: JSON does not support comments'],
    ["{ 'stage': 1 }", 'line 1, column 3: JSON strings must use double quotes'],
    ['{ stage: dev }', 'line 1, column 3: Expected string in JSON but found "stage"'],
    ['{ "stage": "dev"', 'line 1, column 17: Expected "," in JSON but found end of file'],
  ])('is named with the place of the fault if it is %j', async (text, fault) => {
    const file = await write('no-json.json', text);

    expect(refusalOf(file)).toBe(`"${file}" is not valid JSON at ${fault}`);
  });

  test.each(['', 7, true])('cannot be %j', (file) => {
    expect(() => loadSettings(file, '-c settings=')).toThrow(
      new SettingsError(`-c settings=${JSON.stringify(file)}: expected the path of a JSON file`),
    );
  });

  test('is required, and the message names the caller’s option', () => {
    expect(() => loadSettings(undefined)).toThrow(/^No settings file is named\. Add --settings prod\.json/);
    expect(() => loadSettings(undefined, '-c settings=')).toThrow(
      /^No settings file is named\. Add -c settings=prod\.json/,
    );
  });
});

describe('values derived from settings', () => {
  test.each([
    [1, 2],
    [14, 2],
    [50, 2],
    [51, 3],
    [200, 8],
  ])('at %d mails a second, %d workers send', (accountRatePerSec, workers) => {
    expect(maxWorkersOf({ sending: { accountRatePerSec } })).toBe(workers);
  });

  test.each([
    [14, 2],
    [80, 2],
    [81, 3],
  ])('with arXiv at %d mails a second, %d workers send', (accountRatePerSec, workers) => {
    expect(maxWorkersOf({ sending: { accountRatePerSec }, lists: { arxiv: {} } })).toBe(workers);
  });

  test('the number of workers can be set', () => {
    expect(maxWorkersOf({ sending: { accountRatePerSec: 200, maxWorkers: 3 } })).toBe(3);
  });

  test('SES verifies the sender’s address, or the identity in the settings', () => {
    const identityOf = (sender: object) => senderIdentityOf(parseSettings({ ...smallest, sender }));

    expect([identityOf({}), identityOf({ identity: 'example.org' })]).toEqual([FROM, 'example.org']);
  });

  test('the pages are at the API, or at the URL in the settings', () => {
    const urlOf = (settings: object) =>
      publicationOf(parseSettings({ ...smallest, ...settings }), 'https://api.example').publicUrl;

    expect([urlOf({}), urlOf({ publication: { ...publication, publicUrl: 'https://own.example' } })]).toEqual(
      ['https://api.example', 'https://own.example'],
    );
  });

  test('the list id has the sender’s domain, or is the one in the settings', () => {
    const listIdOf = (more: object) =>
      publicationOf(parseSettings({ ...smallest, publication: { ...publication, ...more } }), '').listId;

    expect([listIdOf({}), listIdOf({ listId: 'papers.example' })]).toEqual([
      'digests.news.example.org',
      'papers.example',
    ]);
  });
});
