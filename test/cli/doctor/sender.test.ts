import { describe, expect, test } from '@jest/globals';
import {
  checkDkim,
  checkDmarc,
  checkIdentity,
  checkMailFrom,
  checkSpf,
} from '../../../cli/doctor/checks/sender.ts';
import { createDns, createIdentity } from './fake-account.ts';

const DOMAIN = 'example.org';
const ADDRESS = 'papers@example.org';
const unsigned = { isSigning: false, status: 'NOT_STARTED' };
const domainOf = (overrides = {}) => ({ ...createIdentity(overrides), name: DOMAIN });
const mailFromOf = (status: string, isRequired = false) => ({
  mailFrom: { domain: 'bounce.example.org', status, isRequired },
});

describe('the sender identity', () => {
  test('is ok once SES verified it', () => {
    expect(checkIdentity({ name: DOMAIN, identity: createIdentity() }).state).toBe('ok');
  });

  test('fails while it is not, with what this kind of identity needs', () => {
    const identity = createIdentity({ isVerified: false });
    expect(checkIdentity({ name: DOMAIN, identity })).toMatchObject({
      state: 'fail',
      advice: expect.stringContaining('DKIM records'),
    });
    expect(checkIdentity({ name: ADDRESS, identity })).toMatchObject({
      state: 'fail',
      advice: expect.stringContaining('open the mail'),
    });
  });

  test('fails if SES does not know it in this region', () => {
    expect(checkIdentity({ name: DOMAIN, identity: undefined })).toMatchObject({
      state: 'fail',
      found: 'SES does not know example.org in this region',
    });
  });
});

describe('an address below the domain that SES verified', () => {
  const sender = { name: 'papers@daily.example.org', identity: undefined, domain: domainOf() };

  test('is verified and signed by it', () => {
    expect(checkIdentity(sender)).toEqual({
      state: 'ok',
      found: 'papers@daily.example.org is verified by its domain example.org',
    });
    expect(checkDkim(sender)).toEqual({ state: 'ok', found: 'mails are signed for example.org' });
  });

  test('is not verified if the domain is not', () => {
    const domain = domainOf({ isVerified: false, dkim: unsigned });

    expect(checkIdentity({ ...sender, domain }).state).toBe('fail');
    expect(checkDkim({ ...sender, domain }).state).toBe('warn');
  });

  test('takes the domain for bounces from the domain', () => {
    const domain = domainOf(mailFromOf('PENDING'));

    expect(checkMailFrom({ ...sender, domain })).toMatchObject({
      state: 'warn',
      found: expect.stringContaining('bounce.example.org is PENDING'),
    });
  });

  test('is not aligned with a strict DMARC record of its own, because the domain above signs', async () => {
    const ask = (record: string) =>
      checkDmarc(createDns({ '_dmarc.daily.example.org': [record] }), sender, sender.name);

    expect((await ask('v=DMARC1; p=reject')).state).toBe('ok');
    expect((await ask('v=DMARC1; p=reject; adkim=s')).state).toBe('fail');
  });
});

describe('DKIM', () => {
  const of = (status: string, isSigning = true) =>
    checkDkim({ name: DOMAIN, identity: createIdentity({ dkim: { isSigning, status } }) });

  test.each([
    ['ok', 'SUCCESS', true],
    ['fail', 'SUCCESS', false],
    ['warn', 'PENDING', true],
    ['warn', 'TEMPORARY_FAILURE', true],
    ['fail', 'FAILED', true],
    ['fail', 'NOT_STARTED', false],
  ] as const)('of a domain is %s for %s, signing %s', (state, status, isSigning) => {
    expect(of(status, isSigning).state).toBe(state);
  });

  test('of an address is that of its domain, and something to look at without one', () => {
    const identity = createIdentity({ dkim: unsigned });

    expect(checkDkim({ name: ADDRESS, identity, domain: domainOf() }).state).toBe('ok');
    for (const domain of [undefined, domainOf({ dkim: unsigned })])
      expect(checkDkim({ name: ADDRESS, identity, domain })).toMatchObject({
        state: 'warn',
        found: expect.stringMatching(/Gmail, Yahoo and Microsoft want DKIM/),
      });
  });
});

describe('the MAIL FROM domain', () => {
  test.each([
    ['ok', {}],
    ['ok', mailFromOf('SUCCESS')],
    ['warn', mailFromOf('PENDING')],
    ['warn', mailFromOf('FAILED')],
    ['fail', mailFromOf('FAILED', true)],
  ])('is %s for %j', (state, overrides) => {
    expect(checkMailFrom({ name: DOMAIN, identity: createIdentity(overrides) }).state).toBe(state);
  });
});

describe('SPF', () => {
  const withMailFrom = { name: DOMAIN, identity: createIdentity(mailFromOf('SUCCESS')) };
  const without = { name: ADDRESS, identity: createIdentity() };

  test.each([
    ['ok', ['v=spf1 include:amazonses.com ~all']],
    ['ok', ['some-verification=1', 'v=spf1 ip4:192.0.2.1 +include:amazonses.com -all']],
    ['fail', []],
    ['fail', ['v=spf1 include:notamazonses.com ~all']],
    ['fail', ['v=spf1 -include:amazonses.com ~all']],
    ['fail', ['v=spf10 include:amazonses.com']],
    ['fail', ['v=spf1 include:amazonses.com ~all', 'v=spf1 -all']],
  ])('of the MAIL FROM domain is %s for %j', async (state, records) => {
    const dns = createDns({ 'bounce.example.org': records, 'example.org': ['v=spf1 -all'] });
    expect((await checkSpf(dns, withMailFrom)).state).toBe(state);
  });

  test('of the sender is checked if there is no such domain, and is less urgent', async () => {
    const found = createDns({ 'example.org': ['v=spf1 include:amazonses.com ~all'] });
    expect((await checkSpf(found, without)).state).toBe('ok');
    expect(await checkSpf(createDns({}), without)).toMatchObject({
      state: 'warn',
      advice: expect.stringContaining('"v=spf1 include:amazonses.com ~all"'),
    });
  });
});

describe('DMARC', () => {
  const signed = { name: DOMAIN, identity: createIdentity() };
  const alone = { name: ADDRESS, identity: createIdentity({ dkim: unsigned }) };
  const ask = (record: string | undefined, sender: Parameters<typeof checkDmarc>[1] = signed) =>
    checkDmarc(createDns(record === undefined ? {} : { '_dmarc.example.org': [record] }), sender, ADDRESS);

  test.each([
    ['ok', 'v=DMARC1; p=none'],
    ['ok', 'v=DMARC1;p=REJECT;rua=mailto:d@example.org'],
    ['fail', undefined],
    ['fail', 'v=DMARC1'],
    ['fail', 'v=DMARC1; p=nothing'],
    ['fail', 'p=none'],
  ])('is %s for %j', async (state, record) => {
    expect((await ask(record)).state).toBe(state);
  });

  test('of p=none is fine, with a hint', async () => {
    expect((await ask('v=DMARC1; p=none')).advice).toContain('p=quarantine');
    expect((await ask('v=DMARC1; p=reject')).advice).toBeUndefined();
  });

  test('is looked up at the domain and those above it, but not at a top-level domain', async () => {
    const asked: string[] = [];
    const fetchTexts = async (name: string) => {
      asked.push(name);
      return [];
    };

    await checkDmarc({ fetchTexts }, signed, 'papers@daily.example.org');

    expect(asked).toEqual(['_dmarc.daily.example.org', '_dmarc.example.org']);
  });

  test('is ignored if there are two', async () => {
    const dns = createDns({ '_dmarc.example.org': ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] });
    expect((await checkDmarc(dns, signed, ADDRESS)).state).toBe('fail');
  });

  test('of the domain itself is not the policy for names below it', async () => {
    expect((await ask('v=DMARC1; p=none; sp=reject')).found).toBe('_dmarc.example.org says p=none');
  });

  test('comes from the domain above, with its policy for names below it', async () => {
    const dns = createDns({ '_dmarc.example.org': ['v=DMARC1; p=none; sp=reject'] });
    expect(await checkDmarc(dns, signed, 'papers@mail.daily.example.org')).toEqual({
      state: 'ok',
      found: '_dmarc.example.org says p=reject',
    });
  });

  test('fails if the policy refuses mail without an aligned signature', async () => {
    expect((await ask('v=DMARC1; p=none', alone)).state).toBe('warn');
    expect((await ask('v=DMARC1; p=quarantine', alone)).state).toBe('fail');
    const byMailFrom = { ...alone, identity: createIdentity({ dkim: unsigned, ...mailFromOf('SUCCESS') }) };
    expect((await ask('v=DMARC1; p=quarantine', byMailFrom)).state).toBe('ok');
    expect((await ask('v=DMARC1; p=quarantine; aspf=s', byMailFrom)).state).toBe('fail');
  });

  test('that is strict needs the same domain', async () => {
    const dns = createDns({ '_dmarc.example.org': ['v=DMARC1; p=reject; adkim=s'] });
    expect((await checkDmarc(dns, signed, ADDRESS)).state).toBe('ok');
    expect((await checkDmarc(dns, signed, 'papers@daily.example.org')).state).toBe('fail');
  });
});
