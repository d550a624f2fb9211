import type { Digest } from '../domain/digest.ts';
import type { PaperId } from '../domain/paper.ts';
import type { SubscriberLinks } from '../ports/subscribers.ts';
import { toDigestContent } from './digest-content.ts';
import { fitToSize } from './fit-to-size.ts';
import { renderHtml } from './html/render-html.tsx';
import { type MailHeader, toMailHeaders } from './mail-headers.ts';
import { toPalettes } from './palette.ts';
import type { Publication } from './publication.ts';
import { toSubject } from './subject.ts';
import { renderText } from './text/render-text.ts';

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
