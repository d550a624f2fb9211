import type { Child, FC } from 'hono/jsx';
import type { ListId } from '../../domain/lists/lists.ts';
import { MAX_LISTS } from '../../domain/subscribers/subscriber.ts';
import { withParams } from '../../domain/text/with-params.ts';
import type { Publication } from '../../presentation/publication.ts';
import { toQueryText } from '../../presentation/subscription-wording.ts';
import type { WebAppPorts } from '../ports.ts';
import { SIGN_UP_PATH } from '../public-routes.ts';
import { Honeypot } from './bot-checks.tsx';
import { ADDRESS_INPUT } from './fields.tsx';
import { toPublicNames } from './list-names.ts';
import { TimeZoneScript } from './time-zone-script.tsx';

interface SubscribeBannerProps {
  /** The ports of the page. With the defaults, the heading names the default lists. */
  readonly site: Pick<WebAppPorts, 'publication'> & Partial<Pick<WebAppPorts, 'defaults'>>;
  /** The query to subscribe to. @default every paper */
  readonly query?: string;
  /** What the query finds, in words: `from NVIDIA`. @default that the papers match the query, or the names of the lists */
  readonly words?: string;
  /** The lists to subscribe to. @default the default lists of the deployment */
  readonly lists?: readonly ListId[];
  /** When the next digest comes. It changes every day, so only a page about today has it. */
  readonly next?: Child;
}

/** Subscribes to the papers of a page with one field and one button. Everything else has its default. */
export const SubscribeBanner: FC<SubscribeBannerProps> = ({
  site,
  query = '',
  lists = [],
  next,
  ...props
}) => {
  const text = toQueryText(query);
  const named = lists.length > 0 ? lists : (site.defaults?.lists ?? []);
  const words = props.words ?? (text || named.length === 0 ? undefined : `from ${toPublicNames(named)}`);
  const fullForm = withParams(SIGN_UP_PATH, { q: query, lists: lists.join(',') }, ',/');
  return (
    <section class="banner" aria-labelledby="subscribe">
      <h2 id="subscribe">
        {words && `Get new papers ${words} in your email inbox`}
        {!words && text && (
          <>
            Get new papers that match <em>{text}</em> in your email inbox
          </>
        )}
        {!words && !text && 'Get trending papers in your email inbox'}
      </h2>
      <form method="post" action={SIGN_UP_PATH}>
        <label for="address" class="aside">
          Email address
        </label>
        <div class="actions">
          <input id="address" name="address" {...ADDRESS_INPUT} placeholder="ada@example.org" />
          <button class="main" type="submit">
            Subscribe
          </button>
        </div>
        {query && <input type="hidden" name="query" value={query} />}
        {lists.map((list) => (
          <input key={list} type="hidden" name="lists" value={list} />
        ))}
        <input type="hidden" name="timeZone" value="" />
        <Honeypot />
      </form>
      <p class="hint">
        {next}{' '}
        <a href={fullForm} rel="nofollow">
          Choose topics, frequency and hour
        </a>
      </p>
      <p class="hint">
        When you subscribe, you agree to this: “{toConsentText(site.publication)}” We first email you a link
        to confirm.
      </p>
      <TimeZoneScript />
    </section>
  );
};

/**
 * Returns the lists to subscribe to from a page with the papers of the lists `shown`, or of every list if `shown` is empty. Empty if that
 * is more than a subscriber can follow. The form then has the default lists.
 */
export function toFollowedLists(shown: readonly ListId[], readHere: readonly ListId[]): readonly ListId[] {
  if (shown.length > 0) return shown;
  return readHere.length <= MAX_LISTS ? readHere : [];
}

/** Returns the text that a reader agrees to when signing up. It is stored with the time and the IP address. */
export function toConsentText({ name }: Pick<Publication, 'name'>): string {
  return `Send me digests of ${name} at this address until I unsubscribe.`;
}
