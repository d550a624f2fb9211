import { describe, expect, test } from '@jest/globals';
import { InvalidInputError } from '../../../../shared/domain/errors.ts';
import type { Subscriber } from '../../../../shared/domain/subscribers/subscriber.ts';
import { type AccountMail, toAccountWords } from '../../../../shared/mail/account/account-content.ts';
import { createAccountMail, createMoved, createSignUp } from '../../../factories/account-mails.ts';
import { exampleLinks } from '../../../factories/digests.ts';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';

const wordsOf = (mail: Partial<AccountMail>) =>
  toAccountWords(createAccountMail(mail), 'Daily Papers', exampleLinks);
const wordsTo = (kind: AccountMail['kind'], subscriber: Partial<Subscriber>) =>
  wordsOf({ kind, subscriber: createSubscriber(subscriber) });

describe('a mail that asks to confirm', () => {
  test('names the request, the time limit, and that the reader may ignore it', () => {
    const subscriptions = [
      createSubscription({ lists: ['hf-daily', 'arxiv/cs.CL'], query: '"residual stream" mlp' }),
      createSubscription({ id: 's2', cadence: 'weekly' }),
      createSubscription({ id: 's3', cadence: 'instant', query: 'win at https://evil.example' }),
    ];
    const signUp = createSignUp({ subscriptions, hour: 17, timeZone: 'America/New_York' });

    expect(wordsTo('confirm', { status: 'unconfirmed', signUp })).toEqual({
      subject: 'Confirm your subscription to Daily Papers',
      heading: 'Confirm your subscription',
      sentences: [
        'We received a request to subscribe this address to Daily Papers. To confirm, follow the link below within 48 hours.',
        'The request asks for the following, which you can change before you confirm:',
      ],
      request: [
        'Hugging Face Daily Papers and arXiv cs.CL, matching “residual stream” and “mlp”, every day at 17:00 (America/New York)',
        'Hugging Face Daily Papers, every Monday at 17:00 (America/New York)',
        'Hugging Face Daily Papers, filtered by a query, as soon as new papers arrive',
      ],
      link: {
        label: 'Confirm your subscription',
        url: exampleLinks.confirm('subscriber-0000', signUp.at),
      },
      note: 'If you did not ask for this, ignore this email. We send no digests unless you confirm.',
    });
  });

  test('says that a subscription moves from another address', () => {
    const { sentences } = wordsTo('confirm', { signUp: { ...createSignUp({}), replaces: 'old' } });

    expect(sentences[1]).toBe(
      'The subscription moves here from another address, which then gets no more digests.',
    );
  });

  test('shows the newest sign-up, not the older profile', () => {
    const signUp = createSignUp({ subscriptions: [createSubscription({ query: 'new' })] });
    const { request } = wordsTo('confirm', {
      status: 'unsubscribed',
      subscriptions: [createSubscription({ query: 'old' })],
      signUp,
    });
    expect(request).toEqual([expect.stringContaining('matching “new”')]);
  });

  test('counts the subscriptions after the fifth', () => {
    const subscriptions = Array.from({ length: 20 }, (_, n) => createSubscription({ id: `s${n + 1}` }));
    const { request } = wordsTo('confirm', { signUp: createSignUp({ subscriptions }) });
    expect(request).toHaveLength(6);
    expect(request.at(-1)).toBe('and 15 more subscriptions');
  });

  test('is refused without a pending sign-up', () => {
    expect(() => wordsTo('confirm', {})).toThrow(InvalidInputError);
  });
});

describe('a mail with the link to manage', () => {
  const manage = exampleLinks.manage('subscriber-0000');

  test.each(['already-subscribed', 'manage-link'] as const)(
    '(%s) says why it came and contains that link',
    (kind) => {
      const { sentences, request, link, note } = wordsTo(kind, {});
      expect(sentences[0]).toMatch(/^We received a request (to subscribe this address|for the link) to /);
      expect(sentences.join(' ')).toContain('keep this email private');
      expect(request).toEqual([]);
      expect(link.url).toBe(manage);
      expect(note).toMatch(/^If you did not ask for this, ignore this email/);
    },
  );

  test.each([
    [{ status: 'paused', pausedUntil: '2026-02-01' }, 'They start again on Sunday 1 February 2026.'],
    [{ status: 'paused' }, 'Your digests are paused until you resume them.'],
    [{ status: 'unsubscribed' }, 'You are unsubscribed.'],
  ] as const)('tells %j of it', (state, sentence) => {
    expect(wordsTo('manage-link', state).sentences.join(' ')).toContain(sentence);
  });

  test.each([{ status: 'confirmed' }, { status: 'paused', pausedUntil: '2026-01-07' }] as const)(
    'has no note about the state %j, because digests are sent',
    (state) => {
      expect(wordsTo('already-subscribed', state).sentences).toHaveLength(2);
    },
  );

  test('offers to pause or stop digests only to a subscriber', () => {
    expect(wordsTo('manage-link', {}).sentences[0]).toMatch(
      /Use it to change, pause or stop your digests\.$/,
    );
    expect(wordsTo('manage-link', { status: 'unsubscribed' }).sentences.join(' ')).not.toContain('stop');
  });

  test('does not mention a stranger’s later sign-up', () => {
    const signUp = createSignUp({ subscriptions: [createSubscription({ query: 'strange' })] });
    expect(JSON.stringify(wordsTo('manage-link', { status: 'unsubscribed', signUp }))).not.toContain(
      'strange',
    );
  });
});

test('a mail with a data link names no page, because a program may have asked for it', () => {
  const { sentences, link } = wordsTo('data-link', {});

  expect(sentences[0]).toMatch(/^Somebody asked for this data link with a link from one of your emails\. It/);
  expect(link.url).toBe(exampleLinks.data('subscriber-0000'));
});

describe('a mail about a move', () => {
  test('tells the earlier address what happened, when, and how to come back', () => {
    expect(wordsTo('moved', createMoved())).toEqual({
      subject: 'Your subscriptions to Daily Papers moved to another address',
      heading: 'Your subscriptions moved to another address',
      sentences: [
        'Your subscriptions to Daily Papers moved to another address on 7 January 2026 at 06:59 UTC. This address gets no more digests.',
        'If you asked for this, you need not do anything. Otherwise, use the link below to subscribe this address again.',
        'Anyone with this link can change your subscriptions, so keep this email private.',
      ],
      request: [],
      link: { label: 'Manage your subscriptions', url: exampleLinks.manage('subscriber-0000') },
      note: 'If you did not ask for this, someone else may have one of your emails, such as a digest that you forwarded. On the page behind the link, ask for a data link. With it you can make the links in your old emails invalid.',
    });
  });

  test('is refused for a subscriber who did not move', () => {
    expect(() => wordsTo('moved', { status: 'unsubscribed' })).toThrow(InvalidInputError);
  });
});
