import { oncePerObject } from '../domain/once.ts';
import type { PaperId } from '../domain/papers/paper.ts';
import type { Instant } from '../domain/time/time.ts';
import type { Digest } from '../matching/digest.ts';
import type { DigestMail } from '../ports/mail.ts';
import type { SubscriberLinks } from '../ports/subscribers.ts';
import { toPalettes } from '../presentation/palette.ts';
import type { Publication } from '../presentation/publication.ts';
import { buildMessage } from './build-message.ts';
import { type DigestContent, toDigestContent } from './digest-content.ts';
import { createDigestTemplates } from './html/digest-templates.ts';
import { renderHtml } from './html/render-html.ts';
import { type MailHeader, toMailHeaders } from './mail-headers.ts';
import { toDeliveryTags } from './mail-tags.ts';
import type { Piece } from './piece.ts';
import { renderText } from './render-text.ts';
import { toSubject } from './subject.ts';

/**
 * Composes the mail of a digest. The same digest gives the same bytes.
 *
 * @throws InvalidInputError if SES cannot take the subscriber's address or the delivery's tags
 */
export function composeDigestMail(
  digest: Digest,
  publication: Publication,
  links: SubscriberLinks,
): DigestMail {
  const { subscriber, cadence, period, composedAt } = digest;
  const tags = toDeliveryTags({ subscriberId: subscriber.id, cadence, period });
  const { paperIds, newsAt, ...rendered } = renderDigest(digest, publication, links);
  const identity = `${tags.cadence}.${tags.period}.${tags.subscriber}`;
  const message = buildMessage({ subscriber, identity, composedAt, ...rendered }, publication);
  return { ...message, tags, paperIds, newsAt };
}

/** The size limit of the HTML in bytes of UTF-8. Gmail cuts off a mail at about 102 KB, and with it the unsubscribe link. */
export const MAX_HTML_BYTES = 80_000;

/** A rendered digest, before it becomes a MIME message. */
export interface RenderedDigest {
  readonly subject: string;
  /** At most {@link MAX_HTML_BYTES}. */
  readonly html: Piece;
  readonly text: Piece;
  /** The headers of a digest. `buildMessage` adds sender, recipient, subject and time. */
  readonly headers: readonly MailHeader[];
  /** The papers in the mail, after the size limit. */
  readonly paperIds: readonly PaperId[];
  /** When the news in the mail became known. */
  readonly newsAt: ReadonlyMap<PaperId, Instant>;
}

/**
 * Renders a digest. Pure: the same digest gives the same mail. Papers that exceed the size limit are counted in the "more"
 * line of their section. The text part leaves out the same papers.
 */
export function renderDigest(
  digest: Digest,
  publication: Publication,
  links: SubscriberLinks,
): RenderedDigest {
  const templates = templatesOf(publication);
  const { content, html } = fitToSize(toDigestContent(digest, publication, links), (candidate) =>
    renderHtml(candidate, templates),
  );
  return {
    subject: toSubject(content),
    html,
    text: renderText(content),
    headers: toMailHeaders(digest, publication, content.links.unsubscribe),
    paperIds: [...content.sections.flatMap(({ cards }) => cards), ...content.news].map(
      ({ paperId }) => paperId,
    ),
    newsAt: new Map(digest.news.slice(0, content.news.length).map(({ paper, at }) => [paper.id, at])),
  };
}

/** Returns the templates of a publication. A function has one publication. */
const templatesOf = oncePerObject((publication: Publication) =>
  createDigestTemplates(toPalettes(publication)),
);

interface Candidate {
  readonly content: DigestContent;
  readonly html: Piece;
}

/**
 * Returns the content with as many cards as fit, and its HTML. The dropped cards of a section are among its further papers.
 *
 * Sections take turns: the best paper of every section comes before the second paper of any section. So no subscription
 * crowds out the next one. If the news does not fit even without cards, it is left out. A later digest has the part that is still in its
 * window. The search renders once if everything fits, and about 10 times for 1,000 cards.
 */
function fitToSize(content: DigestContent, render: (candidate: DigestContent) => Piece): Candidate {
  const tryCards = (candidate: DigestContent): Candidate => ({ content: candidate, html: render(candidate) });
  const fits = ({ html }: Candidate) => html.bytes <= MAX_HTML_BYTES;
  const whole = tryCards(content);
  if (fits(whole)) return whole;
  let kept = 0;
  let best = tryCards(keepCards(content, kept));
  if (!fits(best) && content.news.length > 0) return fitToSize({ ...content, news: [] }, render);
  let tooMany = content.sections.reduce((sum, { cards }) => sum + cards.length, 0);
  while (tooMany - kept > 1) {
    const middle = Math.floor((kept + tooMany) / 2);
    const candidate = tryCards(keepCards(content, middle));
    if (fits(candidate)) [kept, best] = [middle, candidate];
    else tooMany = middle;
  }
  return best;
}

/** Returns the content with `count` cards. The sections take turns. */
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
    sections: content.sections.map((section, index) => section.keepFirst(shares[index] ?? 0)),
  };
}
