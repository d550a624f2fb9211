import { describe, expect, test } from '@jest/globals';
import type { AccountMail } from '../../../../shared/mail/account/account-content.ts';
import { toAccountContent } from '../../../../shared/mail/account/account-content.ts';
import { renderAccountHtml } from '../../../../shared/mail/account/render-account.tsx';
import { toPalettes } from '../../../../shared/presentation/palette.ts';
import { contrastBetween } from '../../../contrast.ts';
import {
  ACCOUNT_MAIL_KINDS,
  createAccountMail,
  createMoved,
  createSignUp,
} from '../../../factories/account-mails.ts';
import { createPublication, exampleLinks } from '../../../factories/digests.ts';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';
import { fc } from '../../../fast-check.ts';
import { runs } from '../../../thorough.ts';
import { hostileText } from '../hostile-texts.ts';
import { ACCEPTED_UNKNOWN, findAddresses, findMistakes, findUnknown, removeOurMarkup } from '../mail-html.ts';

const MAX_HTML_BYTES = 20_000;

const toHtml = (mail: AccountMail, overrides: Parameters<typeof createPublication>[0] = {}) => {
  const publication = createPublication({ postalAddress: '1 Example Street, Berlin', ...overrides });
  return renderAccountHtml(toAccountContent(mail, publication, exampleLinks), toPalettes(publication));
};

/** A mail of one kind to a subscriber with many subscriptions to this query. */
const mailWith = (kind: AccountMail['kind'], query: string, count = 1): AccountMail => {
  const subscriptions = Array.from({ length: count }, (_, n) => createSubscription({ id: `s${n}`, query }));
  const create = kind === 'moved' ? createMoved : createSubscriber;
  return createAccountMail({
    kind,
    subscriber: create({ subscriptions, signUp: createSignUp({ subscriptions }) }),
  });
};

describe.each(ACCOUNT_MAIL_KINDS)('the HTML of an account mail (%s)', (kind) => {
  const link =
    kind === 'confirm'
      ? exampleLinks.confirm('subscriber-0000', createSignUp().at)
      : exampleLinks.manage('subscriber-0000');

  test('is valid and accessible', async () => {
    expect(await findMistakes(toHtml(mailWith(kind, '"residual stream" mlp')))).toEqual([]);
  });

  test('has one link, also as text, and loads nothing', async () => {
    const html = toHtml(mailWith(kind, 'mlp'));
    expect(await findAddresses(html)).toEqual([link]);
    expect(removeOurMarkup(html)).toContain(link);
    expect(html).not.toMatch(/url\(|@import/);
  });

  test('uses only features of Gmail, Outlook and Apple Mail, with the exceptions of digests', () => {
    const unknown = findUnknown(toHtml(mailWith(kind, 'mlp')));
    for (const [title, clients] of Object.entries(unknown))
      expect({ [title]: clients }).toEqual({ [title]: ACCEPTED_UNKNOWN[title] });
  });

  test('stays valid, short and free of foreign markup and links with any text', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, hostileText, hostileText, async (query, name, postalAddress) => {
        const html = toHtml(mailWith(kind, query, 20), { name: `Name ${name}`, postalAddress });

        expect(removeOurMarkup(html)).not.toMatch(/[<>]/);
        expect(await findAddresses(html)).toEqual([link]);
        expect(await findMistakes(html)).toEqual([]);
        expect(Buffer.byteLength(html)).toBeLessThan(MAX_HTML_BYTES);
      }),
      { numRuns: runs(15, 200) },
    );
  });
});

test('the label of the button is readable in light and dark mode with any accent colour', () => {
  const channel = fc.integer({ min: 0, max: 255 }).map((value) => value.toString(16).padStart(2, '0'));
  fc.assert(
    fc.property(fc.tuple(channel, channel, channel), (channels) => {
      const { light, dark } = toPalettes({ accentColour: `#${channels.join('')}` });
      for (const { accent, ground } of [light, dark])
        expect(contrastBetween(accent, ground)).toBeGreaterThanOrEqual(4.5);
    }),
  );
});

test('the button has the colours of dark mode in every mail program', () => {
  const { dark } = toPalettes(createPublication());
  const html = toHtml(createAccountMail());
  for (const rule of [`.button{background-color:${dark.accent}`, `.label{color:${dark.ground}`]) {
    expect(html.split(rule)).toHaveLength(3);
  }
});
