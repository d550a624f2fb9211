import type { Child, FC } from 'hono/jsx';
import type { ListId } from '../../domain/list.ts';
import type { Publication } from '../../mail/publication.ts';
import { toListNames } from '../../mail/subscription-wording.ts';
import { AddressField } from '../parts/address-field.tsx';
import { Honeypot } from '../parts/bot-checks.tsx';
import { TimeFields } from '../parts/delivery-fields.tsx';
import { Faults, type FormState } from '../parts/fields.tsx';
import { SitePage } from '../parts/site-page.tsx';
import { WishFields } from '../parts/subscription-fields.tsx';

export const STAMP = 'shown';

export interface HomePageProps {
  readonly publication: Publication;
  readonly lists: readonly ListId[];
  readonly form: FormState;
  /** When the form was shown, signed. */
  readonly stamp: string;
  /** Said above the form. */
  readonly notice?: string | undefined;
  readonly extra?: HomeExtra | undefined;
}

/** What a copy on one machine adds to the front page. */
export interface HomeExtra {
  readonly content: Child;
  readonly style: string;
}

/** The text that somebody agrees to who signs up; it is kept with when and from where they did. */
export function toConsentText({ name }: Pick<Publication, 'name'>): string {
  return `Send me digests of ${name} at this address until I unsubscribe.`;
}

/** The front page: what this is, and the form to sign up. */
export const HomePage: FC<HomePageProps> = ({ publication, lists, form, stamp, notice, extra }) => (
  <SitePage
    publication={publication}
    heading="New papers, by mail"
    title={publication.name}
    preview={{
      path: '/',
      description: `New papers of ${toListNames(lists)} that match your interests, by mail at your own local hour.`,
    }}
    style={extra?.style}
  >
    <p>
      The papers of {toListNames(lists)} that match your interests, ranked by what is being talked about, at
      your own local hour. Free to leave in one click; nothing tracks what you read.
    </p>
    <p>
      <a href="/papers">Read the newest papers</a>
    </p>
    <Faults form={form} />
    {notice && (
      <div class="notice" role="status">
        <p>{notice}</p>
      </div>
    )}
    <form method="post" action="/sign-up">
      <AddressField form={form} />
      <WishFields lists={lists} form={form} />
      <TimeFields form={form} />
      <Honeypot />
      <input type="hidden" name={STAMP} value={stamp} />
      <p>
        <button class="main" type="submit">
          Sign up
        </button>
      </p>
      <p class="hint">
        By signing up you say: “{toConsentText(publication)}” A mail asks you to confirm first.{' '}
        <a href="/privacy">What is kept about you</a>
      </p>
    </form>
    <p>
      Subscribed already? <a href="/manage-link">Have a link sent</a> to change what you get.
    </p>
    {extra?.content}
  </SitePage>
);
