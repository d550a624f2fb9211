import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { maxWorkersOf, publicationOf, senderIdentityOf } from '../../infra/settings/derived.ts';
import { loadSettings } from '../../infra/settings/load-settings.ts';
import { parseSettings, SettingsError } from '../../infra/settings/parse-settings.ts';

const FROM = 'papers@news.example.org';
const publication = { fromAddress: FROM };
const smallest = { stage: 'dev', publication };
const CERTIFICATE = 'arn:aws:acm:eu-west-1:111122223333:certificate/1';

/** The lines of the message with which something is refused, the first left out. */
function faultsOf(read: () => unknown, file?: string): readonly string[] {
  try {
    read();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const [heading, ...faults] = error.message.split('\n- ');
    const place = file === undefined ? '' : ` in ${file}`;
    expect(heading).toBe(`the settings${place} cannot be used (docs/settings.md explains each):`);
    return faults;
  }
  return [];
}

describe('settings', () => {
  test('are few where the defaults will do', () => {
    expect(parseSettings(smallest)).toEqual({
      stage: 'dev',
      publication: { fromAddress: FROM, name: 'Broadsheet', accentColour: '#9e1b1b' },
      sender: { isVerified: false, dmarcPolicy: 'none' },
      trustedProxies: [],
      hourlyLimits: { requestsPerClient: 30, requests: 100, requestsPerNetwork: 3, mails: 1000 },
      lists: { 'hf-daily': { minutes: [10, 25, 40, 55] } },
      defaults: { cadence: 'daily', hour: 8 },
      sending: { maxRatePerSec: 14, whenUncertain: 'at-most-once' },
      eventTracking: true,
      encryptTopics: false,
      tags: {},
      monitoring: 'basic',
      leftRetentionDays: 365,
      logRetentionDays: 30,
    });
  });

  test('of the example file work, for a stage that can be thrown away', () => {
    expect(loadSettings('settings.example.json').stage).toBe('dev');
  });

  test('stand in no cdk.json, where a command would find them unasked', async () => {
    const { context } = JSON.parse(await readFile('cdk.json', 'utf8'));

    expect(Object.keys(context).filter((key) => !key.startsWith('@aws-cdk/'))).toEqual(['cli-telemetry']);
  });

  test('of deployments are ignored by git', async () => {
    const ignored = (await readFile('.gitignore', 'utf8')).split('\n');

    expect(ignored).toEqual(expect.arrayContaining(['/dev.json', '/prod.json']));
  });

  test('keep logs for any time that the CDK knows', () => {
    const days = Object.values(RetentionDays).filter((one) => typeof one === 'number');
    const known = days.filter((one) => one !== RetentionDays.INFINITE);

    for (const logRetentionDays of known)
      expect(parseSettings({ ...smallest, logRetentionDays }).logRetentionDays).toBe(logRetentionDays);
  });

  test('are refused with every fault at once: its name, its value and what is expected', () => {
    const wrong = {
      stage: 'production',
      publication: { name: 'Daily', publicURL: 'https://daily.example.org' },
      sender: { identity: 'nobody' },
      lists: { 'hf-daily': { minutes: [10, 10], url: 'ftp://example.org' } },
      sending: { maxRatePerSec: 0, maxWorkers: 1 },
      logRetentionDays: 31,
      account: 111122223333,
      region: 'Ireland',
      zone: 'eu-west-1',
    };

    expect(faultsOf(() => parseSettings(wrong))).toEqual([
      expect.stringMatching(/^stage is "production": expected one of "dev"\|"prod"$/),
      'account is 111122223333: expected string',
      'region is "Ireland": expected the name of an AWS region like "eu-west-1"',
      expect.stringMatching(/^publication\.fromAddress is missing: expected /),
      'publication.publicURL is no setting: expected a name without a typing error',
      expect.stringMatching(/^sender\.identity is "nobody": expected an e-mail address like .* or a domain/),
      'lists.hf-daily.minutes is [10,10]: expected each minute once, in ascending order',
      expect.stringMatching(/^lists\.hf-daily\.url is "ftp:\/\/example\.org": /),
      expect.stringMatching(/^sending\.maxRatePerSec is 0: .*>=1$/),
      expect.stringMatching(/^sending\.maxWorkers is 1: .*>=2$/),
      expect.stringMatching(/^logRetentionDays is 31: expected one of 1, 3, 5, 7, 14, 30, 60, /),
      'zone is no setting: expected a name without a typing error',
    ]);
  });

  test.each([undefined, null, 'dev', []])('are missed where there is %j', (value) => {
    expect(faultsOf(() => parseSettings(value))).toEqual([
      expect.stringMatching(/^the whole is (missing|null|"dev"|\[\]): expected object$/),
    ]);
  });

  test.each([
    ['a minute that no hour has', [60]],
    ['minutes out of order', [25, 10]],
    ['no minute', []],
    ['a fraction', [1.5]],
    ['a word', 'hourly'],
  ])('of a list refuse %s', (_, minutes) => {
    const faults = faultsOf(() => parseSettings({ ...smallest, lists: { 'hf-daily': { minutes } } }));

    expect(faults).toEqual([expect.stringMatching(/^lists\.hf-daily\.minutes(\.0)? is /)]);
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
  ])('is not %j, and the fault says what is expected', (publicUrl) => {
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

describe('settings that are right one by one', () => {
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
      'sender.identity is "mynews.example.org": expected the domain of publication.fromAddress, "news.example.org", or one above it',
    ],
    [
      'an identity that only ends alike',
      { sender: { identity: 'ews.example.org' } },
      'sender.identity is "ews.example.org": expected the domain of publication.fromAddress, "news.example.org", or one above it',
    ],
    [
      'a zone for an address',
      { sender: { hostedZone: zone } },
      `sender.hostedZone is set: expected a domain as sender.identity with it, not the address "${FROM}"`,
    ],
    [
      'a zone for an identity that the account has already',
      { sender: { identity: 'example.org', isVerified: true, hostedZone: zone } },
      'sender.hostedZone is set: expected it where the deployment makes the identity, and not with sender.isVerified, which leaves the records to you',
    ],
    [
      'a zone of another domain',
      { sender: { identity: 'example.org', hostedZone: { ...zone, name: 'news.example.org' } } },
      'sender.hostedZone.name is "news.example.org": expected the zone that holds "example.org"',
    ],
    [
      'two places for the pages',
      { publication: { ...publication, publicUrl: 'https://elsewhere.example.org' }, site },
      'publication.publicUrl is "https://elsewhere.example.org": expected it or site, not both',
    ],
    [
      'a zone that does not hold the pages',
      { site: { ...site, hostedZone: { ...zone, name: 'example.net' } } },
      'site.hostedZone.name is "example.net": expected the zone that holds "daily.example.org"',
    ],
    [
      'more workers than the rate is enough for',
      { sending: { maxRatePerSec: 3, maxWorkers: 11 } },
      'sending.maxWorkers is 11: expected at most 10 with sending.maxRatePerSec 3, so that each may send 0.3 mails a second',
    ],
    [
      'more workers than the usual rate is enough for',
      { sending: { maxWorkers: 47 } },
      'sending.maxWorkers is 47: expected at most 46 with sending.maxRatePerSec 14, so that each may send 0.3 mails a second',
    ],
  ])('are refused together: %s', (_, settings, line) => {
    expect(faultsOf(() => parseSettings({ ...smallest, ...settings }))).toEqual([line]);
  });

  test.each<[string, object]>([
    ['the address itself', { sender: { identity: FROM } }],
    ['its domain, in a zone above it', { sender: { identity: 'news.example.org', hostedZone: zone } }],
    ['a domain above it', { sender: { identity: 'example.org', hostedZone: zone } }],
    ['pages within their zone', { site: { ...site, hostedZone: zone } }],
    ['as many workers as the rate is enough for', { sending: { maxRatePerSec: 3, maxWorkers: 10 } }],
    ['the lowest rate and the usual workers', { sending: { maxRatePerSec: 1 } }],
  ])('are taken together: %s', (_, settings) => {
    expect(faultsOf(() => parseSettings({ ...smallest, ...settings }))).toEqual([]);
  });

  test.each<[string, object, readonly RegExp[]]>([
    ['a misspelt name', { stge: 'dev' }, [/^stge is no setting/]],
    ['a wrong value', { logRetentionDays: 31 }, [/^logRetentionDays is 31/]],
    ['a required setting that is missing', { stage: undefined }, [/^stage is missing/]],
    [
      'a wrong value of a group',
      { site: { ...site, certificateArn: 'arn' } },
      [/^site.certificateArn is "arn"/],
    ],
    ['a wrong item of a list', { trustedProxies: ['10/8'] }, [/^trustedProxies.0 is "10\/8"/]],
    ['a group that is none', { defaults: 7 }, [/^defaults is 7/]],
    ['several of them', { stage: 'x', site: { name: 'y' } }, [/^stage/, /^site/, /^site/, /^site/]],
  ])('are refused together with %s', (_, wrong, faults) => {
    const settings = { ...smallest, sending: { maxRatePerSec: 3, maxWorkers: 11 }, ...wrong };

    expect(faultsOf(() => parseSettings(settings))).toEqual([
      ...faults.map((fault) => expect.stringMatching(fault)),
      expect.stringMatching(/^sending\.maxWorkers is 11: expected at most 10/),
    ]);
  });

  test('are not judged by a setting that is wrong itself', () => {
    const sender = { identity: 'example.net', hostedZone: zone };
    const wrong = { ...smallest, publication: { fromAddress: 'nobody' }, sender };

    expect(faultsOf(() => parseSettings(wrong))).toEqual([
      expect.stringMatching(/^publication\.fromAddress is "nobody"/),
    ]);
  });

  test('are refused with all faults of this kind at once', () => {
    const sender = { identity: 'example.net', hostedZone: zone };

    expect(faultsOf(() => parseSettings({ ...smallest, sender }))).toHaveLength(2);
  });
});

describe('a file of settings', () => {
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

  test('is named where its settings are wrong', async () => {
    const file = await write('wrong.json', '{}');

    expect(faultsOf(() => loadSettings(file), file)).toHaveLength(2);
  });

  test('is named where it is missing or holds no JSON', async () => {
    const missing = join(folder, 'missing.json');
    const noJson = await write('no-json.json', '{ stage: dev }');
    const messageOf = (file: string) => {
      try {
        return loadSettings(file);
      } catch (error) {
        return String(error);
      }
    };

    expect(messageOf(missing)).toMatch(
      /^SettingsError: the settings in .*missing\.json cannot be read: .*ENOENT/,
    );
    expect(messageOf(noJson)).toMatch(
      /^SettingsError: the settings in .*no-json\.json cannot be read: .*JSON/,
    );
  });

  test.each(['', 7, true])('is asked for in place of %j', (file) => {
    expect(() => loadSettings(file, '-c settings=')).toThrow(
      new SettingsError(`-c settings=${JSON.stringify(file)}: expected the path of a JSON file`),
    );
  });

  test('is asked for if none is named, in the words of who asks', () => {
    expect(() => loadSettings(undefined)).toThrow(/no settings\. .*--settings prod\.json/);
    expect(() => loadSettings(undefined, '-c settings=')).toThrow(/no settings\. .*-c settings=prod\.json/);
  });
});

describe('what follows from settings', () => {
  test.each([
    [1, 2],
    [14, 2],
    [30, 2],
    [31, 3],
    [50, 4],
    [200, 14],
  ])('at %d mails a second, %d workers send', (maxRatePerSec, workers) => {
    expect(maxWorkersOf({ sending: { maxRatePerSec } })).toBe(workers);
  });

  test('as many workers send as the operator says', () => {
    expect(maxWorkersOf({ sending: { maxRatePerSec: 200, maxWorkers: 3 } })).toBe(3);
  });

  test('SES verifies the sender’s address, or what the operator names', () => {
    const identityOf = (sender: object) => senderIdentityOf(parseSettings({ ...smallest, sender }));

    expect([identityOf({}), identityOf({ identity: 'example.org' })]).toEqual([FROM, 'example.org']);
  });

  test('pages are found at the API, or where the operator says', () => {
    const urlOf = (settings: object) =>
      publicationOf(parseSettings({ ...smallest, ...settings }), 'https://api.example').publicUrl;

    expect([urlOf({}), urlOf({ publication: { ...publication, publicUrl: 'https://own.example' } })]).toEqual(
      ['https://api.example', 'https://own.example'],
    );
  });

  test('digests are sorted by the sender’s domain, or as the operator says', () => {
    const listIdOf = (more: object) =>
      publicationOf(parseSettings({ ...smallest, publication: { ...publication, ...more } }), '').listId;

    expect([listIdOf({}), listIdOf({ listId: 'papers.example' })]).toEqual([
      'digests.news.example.org',
      'papers.example',
    ]);
  });
});
