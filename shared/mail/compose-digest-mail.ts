import type { Digest } from '../domain/digest.ts';
import type { PaperId } from '../domain/paper.ts';
import type { DigestMail } from '../ports/mail.ts';
import type { SubscriberLinks } from '../ports/subscribers.ts';
import { buildMessage } from './build-message.ts';
import { type DigestContent, type SectionContent, toDigestContent, toSubject } from './digest-content.ts';
import { renderHtml } from './html/render-html.tsx';
import { type MailHeader, toMailHeaders } from './mail-headers.ts';
import { toDeliveryTags } from './mail-tags.ts';
import { toPalettes } from './palette.ts';
import type { Publication } from './publication.ts';
import { renderText } from './render-text.ts';

/**
 * Makes the mail of a digest. The same digest gives the same bytes.
 *
 * @throws InvalidInputError when the delivery cannot be named in SES tags or the subscriber's address cannot be mailed
 */
export async function composeDigestMail(
  digest: Digest,
  publication: Publication,
  links: SubscriberLinks,
): Promise<DigestMail> {
  const { subscriber, cadence, period, composedAt } = digest;
  const tags = toDeliveryTags({ subscriberId: subscriber.id, cadence, period });
  const { paperIds, ...rendered } = renderDigest(digest, publication, links);
  const identity = `${tags.cadence}.${tags.period}.${tags.subscriber}`;
  const message = await buildMessage({ subscriber, identity, composedAt, ...rendered }, publication);
  return { ...message, tags, paperIds };
}

/**
 * The most that the HTML may have, in bytes of UTF-8. Gmail cuts a mail off at about 102 KB, and what follows the cut is the
 * way to unsubscribe.
 */
export const MAX_HTML_BYTES = 80_000;

/** A digest as a reader gets it, before it becomes a message. */
export interface RenderedDigest {
  readonly subject: string;
  /** At most {@link MAX_HTML_BYTES}. */
  readonly html: string;
  readonly text: string;
  /** Those that belong to a digest; sender, recipient, subject and time come with the message. */
  readonly headers: readonly MailHeader[];
  /** The papers that found room. */
  readonly paperIds: readonly PaperId[];
}

/**
 * Sets a digest. Pure: the same digest gives the same mail. Papers for which there is no room in the HTML are counted in the
 * "more" line of their section, in the text as well, so that both say the same.
 */
export function renderDigest(
  digest: Digest,
  publication: Publication,
  links: SubscriberLinks,
): RenderedDigest {
  const palettes = toPalettes(publication);
  const content = fitToSize(
    toDigestContent(digest, publication, links),
    (candidate) => Buffer.byteLength(renderHtml(candidate, palettes)) <= MAX_HTML_BYTES,
  );
  return {
    subject: toSubject(content),
    html: renderHtml(content, palettes),
    text: renderText(content),
    headers: toMailHeaders(digest, publication, links),
    paperIds: content.sections.flatMap(({ cards }) => cards.map(({ paperId }) => paperId)),
  };
}

/**
 * The content with as many cards as `fits` allows; what is left out is counted in the `moreCount` of its section.
 *
 * Room is given out in rounds: every section's best paper comes before any section's second, so that no subscription is
 * crowded out by the one before it. `fits` is asked about 10 times for 1,000 cards, once where everything fits.
 */
function fitToSize(content: DigestContent, fits: (candidate: DigestContent) => boolean): DigestContent {
  if (fits(content)) return content;
  let kept = 0;
  let tooMany = content.sections.reduce((sum, { cards }) => sum + cards.length, 0);
  while (tooMany - kept > 1) {
    const middle = Math.floor((kept + tooMany) / 2);
    if (fits(keepCards(content, middle))) kept = middle;
    else tooMany = middle;
  }
  return keepCards(content, kept);
}

/** The content with `count` cards, given out in rounds. */
function keepCards(content: DigestContent, count: number): DigestContent {
  const shares = content.sections.map(() => 0);
  let left = count;
  for (let round = 0; left > 0; round++) {
    for (const [index, { cards }] of content.sections.entries()) {
      if (left === 0 || round >= cards.length) continue;
      shares[index] = round + 1;
      left--;
    }
  }
  return {
    ...content,
    sections: content.sections.map((section, index) => keepFirst(section, shares[index] ?? 0)),
  };
}

function keepFirst(section: SectionContent, count: number): SectionContent {
  return {
    ...section,
    cards: section.cards.slice(0, count),
    moreCount: section.moreCount + section.cards.length - count,
  };
}
