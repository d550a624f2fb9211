import { describe, expect, test } from '@jest/globals';
import { InvalidInputError } from '../../../shared/domain/errors.ts';
import { addressSchema } from '../../../shared/domain/subscribers/address.ts';
import { composeAccountMail } from '../../../shared/mail/compose-account-mail.ts';
import {
  ACCOUNT_MAIL_KINDS,
  createAccountMail,
  createMoved,
  createSignUp,
} from '../../factories/account-mails.ts';
import { createPublication, exampleLinks } from '../../factories/digests.ts';
import { createSubscriber, createSubscription } from '../../factories/subscribers.ts';
import { fc } from '../../fast-check.ts';
import { runs } from '../../thorough.ts';
import { hostileText } from './hostile-texts.ts';
import { readMessage } from './read-message.ts';

const compose = async (...[mail, publication]: Readonly<Partial<Parameters<typeof composeAccountMail>>>) =>
  readMessage(
    await composeAccountMail(mail ?? createAccountMail(), publication ?? createPublication(), exampleLinks),
  );

const HEADER_NAMES = [
  'auto-submitted',
  'content-type',
  'date',
  'from',
  'message-id',
  'mime-version',
  'reply-to',
  'subject',
  'to',
  'x-auto-response-suppress',
];

describe('an account mail', () => {
  test('is parsed by another library as intended', async () => {
    const { mail, parsed } = await compose(
      undefined,
      createPublication({ name: 'Tägliche Blätter', replyTo: 'editor@example.org' }),
    );

    expect(parsed.subject).toBe('Confirm your subscription to Tägliche Blätter');
    expect(parsed.from).toEqual({ name: 'Tägliche Blätter', address: 'papers@example.org' });
    expect(parsed.to).toEqual([{ name: '', address: 'subscriber-0000@example.org' }]);
    expect(parsed.replyTo).toEqual([{ name: 'Tägliche Blätter', address: 'editor@example.org' }]);
    expect(parsed.date).toBe('2026-01-07T07:00:00.000Z');
    expect(parsed.attachments).toEqual([]);
    expect(mail).toMatchObject({
      from: 'papers@example.org',
      to: 'subscriber-0000@example.org',
      tags: { mail: 'account', subscriber: 'subscriber-0000' },
    });
  });

  test('has the same words in plain text', async () => {
    const signUp = createSignUp({ subscriptions: [createSubscription({ query: '"residual stream"' })] });
    const { parsed } = await compose(
      createAccountMail({ subscriber: createSubscriber({ status: 'unconfirmed', signUp }) }),
      createPublication({ name: 'Daily Papers', postalAddress: '1 Example Street, Berlin' }),
    );

    expect(parsed.text?.trimEnd().split('\n')).toEqual([
      'DAILY PAPERS',
      'Wednesday 7 January 2026',
      '='.repeat(72),
      '',
      'Confirm your subscription',
      '',
      'We received a request to subscribe this address to Daily Papers. To',
      'confirm, follow the link below within 48 hours.',
      '',
      'The request asks for the following, which you can change before you',
      'confirm:',
      '',
      '- Hugging Face Daily Papers, matching “residual stream”, every day at',
      '  08:00 (Europe/Berlin)',
      '',
      'Confirm your subscription:',
      exampleLinks.confirm('subscriber-0000', signUp.at),
      '',
      '='.repeat(72),
      'If you did not ask for this, ignore this email. We send no digests',
      'unless you confirm.',
      '',
      'Daily Papers, 1 Example Street, Berlin',
    ]);
  });

  test.each(ACCOUNT_MAIL_KINDS)(
    '(%s) has the headers of a personal mail and none of a list',
    async (kind) => {
      const { headers, valuesOf } = await compose(createAccountMail({ kind }));

      expect(headers.map(({ name }) => name).sort()).toEqual(HEADER_NAMES);
      expect(valuesOf('auto-submitted')).toEqual(['auto-generated']);
      expect(valuesOf('x-auto-response-suppress')).toEqual(['All']);
      expect(valuesOf('content-type')).toEqual([expect.stringMatching(/^multipart\/alternative;/)]);
    },
  );

  test.each(ACCOUNT_MAIL_KINDS)(
    '(%s) has no unsubscribe link, because that needs a subscription',
    async (kind) => {
      const { source } = await compose(createAccountMail({ kind }));
      expect(source).not.toContain('/unsubscribe/');
    },
  );

  test('is only plain text for a subscriber who chose that', async () => {
    const subscriber = createSubscriber({ format: 'text' });
    const { parsed, valuesOf } = await compose(createAccountMail({ kind: 'manage-link', subscriber }));
    expect(parsed.html).toBeUndefined();
    expect(valuesOf('content-type')).toEqual([expect.stringMatching(/^text\/plain;/)]);
    expect(parsed.text).toContain(exampleLinks.manage('subscriber-0000'));
  });

  test('has the same bytes when it is composed again', async () => {
    expect((await compose()).source).toBe((await compose()).source);
  });

  test.each([
    ['confirm', 'the sign-up', 'Thursday 8 January 2026'],
    ['manage-link', 'the profile', 'Wednesday 7 January 2026'],
  ] as const)('(%s) has the day of where %s says its reader lives', async (kind, _, day) => {
    const signUp = createSignUp({ timeZone: 'Pacific/Kiritimati' });
    const { parsed } = await compose({
      kind,
      subscriber: createSubscriber({ status: 'unsubscribed', signUp }),
      composedAt: '2026-01-07T12:00:00.000Z',
    });
    expect(parsed.text).toContain(day);
  });
});

/** Unusual but valid addresses: `!#$%&'*+/=?^_`{|}~-@x-y.example`. */
const mailableAddress = fc
  .tuple(
    fc.stringMatching(/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,40}(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,10})?$/),
    fc.stringMatching(/^[a-z0-9]{1,20}(-[a-z0-9]{1,5})?\.[a-z]{2,10}$/),
  )
  .map(([local, domain]) => `${local}@${domain}`);

describe('hostile texts', () => {
  test('inject no header, recipient or part anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          kind: fc.constantFrom(...ACCOUNT_MAIL_KINDS),
          format: fc.constantFrom('html' as const, 'text' as const),
          status: fc.constantFrom('confirmed' as const, 'paused' as const, 'unsubscribed' as const),
          query: hostileText,
          name: hostileText,
          postalAddress: hostileText,
          address: mailableAddress,
        }),
        async ({ kind, format, status, query, name, postalAddress, address }) => {
          const subscriptions = [createSubscription({ query })];
          const create = kind === 'moved' ? createMoved : createSubscriber;
          const subscriber = create({
            ...{ address, format, status, subscriptions },
            signUp: createSignUp({ subscriptions, text: query, from: query }),
          });
          const publication = createPublication({ name, postalAddress });

          const { mail, head, headers, source, parsed } = await compose(
            createAccountMail({ kind, subscriber }),
            publication,
          );

          const expected = format === 'text' ? [...HEADER_NAMES, 'content-transfer-encoding'] : HEADER_NAMES;
          expect(headers.map((header) => header.name).sort()).toEqual(expected.toSorted());
          expect(head).toMatch(/^[\t\r\n -~]*$/);
          expect(source.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
          for (const line of source.slice(head.length).split('\r\n'))
            expect(line.length).toBeLessThanOrEqual(76);
          for (const line of head.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
          expect(mail.to).toBe(address);
          expect(parsed.to).toEqual([{ name: '', address }]);
          expect([...(parsed.cc ?? []), ...(parsed.bcc ?? [])]).toEqual([]);
          expect(parsed.attachments).toEqual([]);
          expect(parsed.subject).toMatch(/^(Confirm your|You are already|Your) subscri/);
        },
      ),
      { numRuns: runs(50, 500) },
    );
  });

  test('in a query add no link, not even one that a mail program would detect', async () => {
    const luring = fc
      .tuple(
        hostileText,
        fc.constantFrom('evil.example', 'https://evil.example/', 'www.evil', 'eve@evil.example'),
      )
      .map(([text, lure]) => `${text.slice(0, 40)} ${lure}`);
    await fc.assert(
      fc.asyncProperty(luring, async (query) => {
        const signUp = createSignUp({ subscriptions: [createSubscription({ query })] });
        const { source, parsed } = await compose(
          createAccountMail({ subscriber: createSubscriber({ signUp }) }),
        );
        const href = exampleLinks.confirm('subscriber-0000', signUp.at);

        for (const text of [source, parsed.text, parsed.html]) expect(text).not.toContain('evil');
        expect(parsed.text?.split('\n').filter((line) => /:\/\/|www\.|@/.test(line))).toEqual([href]);
      }),
    );
  });

  test('in a query reach neither the text nor the HTML', async () => {
    const query = '"win at evil.example" http://evil.example/<b> \r\nBcc: eve@example.com';
    const signUp = createSignUp({ subscriptions: [createSubscription({ query })] });
    const { source, parsed } = await compose(
      createAccountMail({ subscriber: createSubscriber({ signUp, subscriptions: signUp.subscriptions }) }),
    );
    for (const text of [source, parsed.text, parsed.html]) expect(text).not.toMatch(/evil|eve@/);
    expect(parsed.text).toContain('filtered by a query');
  });

  test('in an address reach neither a header nor SES', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async (text) => {
        const address = `${text}@example.org`;
        const subscriber = createSubscriber({ address, signUp: createSignUp() });
        const composed = compose(createAccountMail({ subscriber }));
        if (addressSchema.safeParse(address).success) {
          expect((await composed).parsed.to).toEqual([{ name: '', address }]);
        } else await expect(composed).rejects.toThrow(InvalidInputError);
      }),
    );
  });

  test('in a subscriber id stop the mail before SES', async () => {
    const subscriber = createSubscriber({ id: 'a\r\nBcc: eve', address: 'ada@example.org' });
    await expect(compose(createAccountMail({ kind: 'manage-link', subscriber }))).rejects.toThrow(
      InvalidInputError,
    );
  });
});
