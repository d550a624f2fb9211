import { describe, expect, test } from '@jest/globals';
import { decodeWords } from 'postal-mime';
import { InvalidInputError } from '../../../shared/domain/errors.ts';
import { addressSchema } from '../../../shared/domain/subscribers/address.ts';
import { composeDigestMail } from '../../../shared/mail/compose-digest-mail.ts';
import { foldHeader } from '../../../shared/mail/mail-headers.ts';
import {
  createDigest,
  createMatch,
  createPublication,
  createReason,
  createSection,
  exampleLinks,
} from '../../factories/digests.ts';
import { renderTexts } from '../../factories/mail-texts.ts';
import { createSubscriber, createSubscription } from '../../factories/subscribers.ts';
import { fc } from '../../fast-check.ts';
import { runs } from '../../thorough.ts';
import { hostileText } from './hostile-texts.ts';
import { readMessage } from './read-message.ts';

const compose = async (...[digest, publication]: Readonly<Partial<Parameters<typeof composeDigestMail>>>) =>
  readMessage(composeDigestMail(digest ?? createDigest(), publication ?? createPublication(), exampleLinks));

const HEADER_NAMES = [
  'auto-submitted',
  'content-type',
  'date',
  'from',
  'list-archive',
  'list-help',
  'list-id',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'message-id',
  'mime-version',
  'precedence',
  'reply-to',
  'subject',
  'to',
  'x-broadsheet-delivery',
];

describe('a composed mail', () => {
  test('is parsed by another library as intended', async () => {
    const digest = createDigest({
      sections: [
        createSection({
          matches: [createMatch({ title: 'Éclair: “τ-bench” & <think> 360°' }), createMatch()],
        }),
      ],
    });
    const rendered = renderTexts(digest, createPublication(), exampleLinks);

    const { mail, parsed } = await compose(digest);

    expect(parsed.subject).toBe('Éclair: “τ-bench” & <think> 360° and 1 more');
    expect(parsed.from).toEqual({ name: 'Broadsheet', address: 'papers@example.org' });
    expect(parsed.to).toEqual([{ name: '', address: 'subscriber-0000@example.org' }]);
    expect(parsed.replyTo).toEqual([{ name: 'Broadsheet', address: 'papers@example.org' }]);
    expect(parsed.date).toBe('2026-01-07T07:00:00.000Z');
    expect(parsed.html?.trimEnd()).toBe(rendered.html.trimEnd());
    expect(parsed.text?.trimEnd()).toBe(rendered.text.trimEnd());
    expect(parsed.attachments).toEqual([]);
    expect(mail).toMatchObject({
      from: 'papers@example.org',
      to: 'subscriber-0000@example.org',
      tags: { cadence: 'daily', period: '2026-01-07', subscriber: 'subscriber-0000' },
    });
  });

  test('has the HTML as the last part, so that mail programs prefer it', async () => {
    const { source, valuesOf } = await compose();
    expect(valuesOf('content-type')).toEqual([expect.stringMatching(/^multipart\/alternative;/)]);
    expect(source.indexOf('Content-Type: text/plain')).toBeLessThan(
      source.indexOf('Content-Type: text/html'),
    );
  });

  test('is only plain text for a subscriber who chose that', async () => {
    const { parsed, valuesOf } = await compose(
      createDigest({ subscriber: createSubscriber({ format: 'text' }) }),
    );
    expect(parsed.html).toBeUndefined();
    expect(parsed.text).toContain('Small Models That Ask for Help');
    expect(valuesOf('content-type')).toEqual([expect.stringMatching(/^text\/plain;/)]);
  });

  test('has the same bytes when it is composed again', async () => {
    const [first, second] = [await compose(), await compose()];
    expect(first.source).toBe(second.source);
  });

  test('is the same from a worker that composed other mails as from a new worker', () => {
    const grown = [
      { at: '2026-01-05T23:30:00.000Z', upvotes: 4, comments: 0 },
      { at: '2026-01-06T18:00:00.000Z', upvotes: 9, comments: 0 },
    ];
    const papers = ['2601.00001', '2601.00002', '2601.00003'].map((id, at) => ({ id, title: `No. ${at}` }));
    const matches = papers.map((paper, at) =>
      createMatch({ ...paper, ...(at > 0 && { voteCounts: grown, upvotes: 12 }) }, [
        createReason('no', 'title'),
      ]),
    );
    const lists = [matches, matches.slice(0, 1), matches.slice(1)];
    const publications = [
      createPublication(),
      createPublication({ name: 'Other', publicUrl: 'https://b.example' }),
    ];
    const reader = fc.record({
      chosen: fc.array(fc.constantFrom(...lists), { minLength: 1, maxLength: 2 }),
      publication: fc.constantFrom(...publications),
      timeZone: fc.constantFrom('Europe/Berlin', 'America/Los_Angeles', 'Asia/Tokyo'),
      period: fc.constantFrom('2026-01-06', '2026-01-07'),
      moreCount: fc.constantFrom(0, 1, 2_000),
      isLate: fc.boolean(),
      followed: fc.constantFrom<readonly string[]>(['hf-daily'], ['hf-daily', 'arxiv/cs.CL']),
      query: fc.constantFrom('', 'no'),
    });
    const toMail = ({
      chosen,
      publication,
      ...facts
    }: typeof reader extends fc.Arbitrary<infer R> ? R : never) => {
      const { timeZone, period, moreCount, isLate, followed, query } = facts;
      const sections = chosen.map((matches, at) =>
        createSection({
          matches,
          moreCount,
          subscription: createSubscription({ id: `s${at}`, lists: [...followed], query }),
        }),
      );
      const subscriptions = sections.map(({ subscription }) => subscription);
      const late = new Map(isLate ? [['2601.00002', { list: 'hf-daily', day: '2026-01-05' }]] : []);
      const digest = createDigest({
        sections,
        period,
        late,
        subscriber: createSubscriber({ timeZone, subscriptions }),
      });
      return composeDigestMail(digest, publication, exampleLinks).raw;
    };
    fc.assert(
      fc.property(fc.array(reader, { minLength: 2, maxLength: 6 }), (readers) => {
        for (const reader of readers) expect(toMail(reader)).toBe(toMail(structuredClone(reader)));
      }),
      { numRuns: runs(50, 1_000) },
    );
  });

  test('sends replies to the operator’s reply address', async () => {
    const { parsed } = await compose(undefined, createPublication({ replyTo: 'editor@example.org' }));
    expect(parsed.replyTo).toEqual([{ name: 'Broadsheet', address: 'editor@example.org' }]);
  });
});

test.each(['html', 'text'] as const)(
  'a digest says in its %s part that its links are private',
  async (part) => {
    const { parsed } = await compose();

    expect(parsed[part]?.replace(/\s+/g, ' ')).toContain(
      'The links to change, mute and unsubscribe work for anyone. Remove them before you forward this email.',
    );
  },
);

describe('the list headers', () => {
  test('unsubscribe in one click, as RFC 8058 requires', async () => {
    const { headers, valuesOf } = await compose();
    const uri = exampleLinks.unsubscribe('subscriber-0000');
    const names = headers.map(({ name }) => name);

    expect(valuesOf('list-unsubscribe')).toEqual([`<${uri}>`]);
    expect(valuesOf('list-unsubscribe-post')).toEqual(['List-Unsubscribe=One-Click']);
    expect(names.indexOf('list-unsubscribe-post')).toBe(names.indexOf('list-unsubscribe') + 1);
  });

  test('contain one unbroken HTTPS URI and the mailbox', async () => {
    const { head, valuesOf } = await compose(
      undefined,
      createPublication({ unsubscribeMailto: 'stop@example.org' }),
    );
    const uri = exampleLinks.unsubscribe('subscriber-0000');
    const [value = ''] = valuesOf('list-unsubscribe');
    const uris = [...value.matchAll(/<([^>]*)>/g)].map(([, uri]) => uri);

    expect(uris).toEqual([uri, 'mailto:stop@example.org?subject=unsubscribe%20subscriber-0000']);
    expect(head).toContain(`List-Unsubscribe: <${uri}>,\r\n <mailto:`);
  });

  test('contain no manage link, because mail programs forward them', async () => {
    const { head } = await compose();

    expect(head).not.toContain(exampleLinks.manage('subscriber-0000'));
    expect(head.replaceAll('\r\n ', '')).not.toMatch(/\/manage/);
  });

  test('name the list and the delivery, and prevent automatic answers', async () => {
    const { valuesOf } = await compose(undefined, createPublication({ name: 'Daily "Papers"' }));
    expect(valuesOf('list-id')).toEqual(['"Daily \\"Papers\\"" <daily.example.org>']);
    expect(valuesOf('list-help')).toEqual(['<https://daily.example.org/privacy>']);
    expect(valuesOf('list-archive')).toEqual(['<https://daily.example.org/papers?lists=hf-daily>']);
    expect(valuesOf('precedence')).toEqual(['bulk']);
    expect(valuesOf('auto-submitted')).toEqual(['auto-generated']);
    expect(valuesOf('x-broadsheet-delivery')).toEqual(['daily 2026-01-07']);
  });

  test('encode a name that is not ASCII', async () => {
    const name = 'Zeitung für Künstliche Intelligenz und alles Übrige, täglich';
    const { parsed } = await compose(undefined, createPublication({ name }));
    const listId = parsed.headers.find(({ key }) => key === 'list-id')?.value;
    expect(decodeWords(listId ?? '')).toBe(`${name} <daily.example.org>`);
    expect(parsed.from).toEqual({ name, address: 'papers@example.org' });
  });

  test('contain addresses only in the fields for them', async () => {
    const digest = createDigest({ subscriber: createSubscriber({ address: 'ada.secret@example.org' }) });
    const { headers } = await compose(digest);
    const naming = headers.filter(({ value }) => value.includes('ada.secret')).map(({ name }) => name);
    expect(naming).toEqual(['to']);
  });
});

describe('folding', () => {
  test('breaks only at spaces and never directly after the name', () => {
    const folded = foldHeader({
      name: 'List-Unsubscribe',
      value: `<https://${'x'.repeat(100)}>, <mailto:a@b.example>`,
    });
    expect(folded).toBe(`<https://${'x'.repeat(100)}>,\r\n <mailto:a@b.example>`);
  });

  test('keeps the value, and 78 characters per line if the words allow it', () => {
    const words = fc.array(fc.stringMatching(/^[!-~]{1,40}$/), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(words, (list) => {
        const value = list.join(' ');
        const folded = foldHeader({ name: 'List-Id', value });
        expect(folded.replaceAll('\r\n', '')).toBe(value);
        for (const line of `List-Id: ${folded}`.split('\r\n')) expect(line.length).toBeLessThanOrEqual(78);
      }),
    );
  });
});

describe('hostile texts', () => {
  test('inject no header, end no part and make no line too long', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          title: hostileText,
          organisation: hostileText,
          abstract: hostileText,
          query: hostileText,
          term: hostileText,
          name: hostileText,
          postalAddress: hostileText,
        }),
        async ({ title, organisation, abstract, query, term, name, postalAddress }) => {
          const subscription = createSubscription({ query });
          const digest = createDigest({
            subscriber: createSubscriber({
              subscriptions: [subscription],
              format: title.length % 2 ? 'text' : 'html',
            }),
            sections: [
              createSection({
                subscription,
                matches: [
                  createMatch({ title, organisation, abstract }, [createReason(term, 'title')]),
                  createMatch(),
                ],
              }),
            ],
          });
          const publication = createPublication({
            name,
            postalAddress,
          });

          const { head, headers, source, parsed } = await compose(digest, publication);

          const expected =
            digest.subscriber.format === 'text'
              ? [...HEADER_NAMES, 'content-transfer-encoding']
              : HEADER_NAMES;
          expect(headers.map((header) => header.name).sort()).toEqual(expected.toSorted());
          expect(head).toMatch(/^[\t\r\n -~]*$/);
          expect(source.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
          for (const line of source.slice(head.length).split('\r\n'))
            expect(line.length).toBeLessThanOrEqual(76);
          for (const line of head.split('\r\n')) {
            expect(line.length).toBeLessThanOrEqual(line.includes('<http') ? 998 : 78);
          }
          expect(parsed.subject).toBe(renderTexts(digest, publication, exampleLinks).subject);
          expect(parsed.text?.trimEnd()).toMatch(/(https:\/\/daily\.example\.org\/|\S)$/);
          expect(parsed.attachments).toEqual([]);
          expect(parsed.bcc ?? []).toEqual([]);
        },
      ),
      { numRuns: runs(40, 500) },
    );
  });

  test('that look like encoded words are shown as they are', async () => {
    const title = '=?utf-8?q?=0d=0aBcc:_eve@example.com?=';
    const digest = createDigest({ sections: [createSection({ matches: [createMatch({ title })] })] });
    expect((await compose(digest)).parsed.subject).toBe(title);
  });

  test('in an address reach neither a header nor SES', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async (text) => {
        const address = `${text}@example.org`;
        const digest = createDigest({ subscriber: createSubscriber({ address }) });
        const isMailable = addressSchema.safeParse(address).success;
        if (isMailable) expect((await compose(digest)).parsed.to).toEqual([{ name: '', address }]);
        else await expect(compose(digest)).rejects.toThrow(InvalidInputError);
      }),
    );
  });

  test('in a subscriber id stop the mail before SES', async () => {
    const digest = createDigest({
      subscriber: createSubscriber({ id: 'a\r\nBcc: eve', address: 'ada@example.org' }),
    });
    await expect(compose(digest)).rejects.toThrow(InvalidInputError);
  });
});
