import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import { MAX_UNANSWERED, UNANSWERED_LAPSE_DAYS } from '../../domain/subscribers/mail-allowance.ts';
import { contactOf, type Publication } from '../../presentation/publication.ts';
import type { WebAppPorts } from '../ports.ts';
import { Address } from './address.tsx';
import { SitePage } from './page.tsx';

type PageStatus = 200 | 400 | 403 | 404 | 405 | 409 | 410 | 413 | 422 | 429 | 500;

interface PageOptions {
  /** @default 200 */
  readonly status?: PageStatus;
  /** Style that only this page needs. */
  readonly style?: string | undefined;
}

/** Answers with a page that has one heading. */
export function showPage(
  c: Context,
  { publication }: { readonly publication: Publication },
  heading: string,
  content: Child,
  { status = 200, style }: PageOptions = {},
) {
  return c.html(
    <SitePage publication={publication} heading={heading} style={style}>
      {content}
    </SitePage>,
    status,
  );
}

/** Answers a method that the page does not accept. */
export function showWrongMethod(
  c: Context,
  site: { readonly publication: Publication },
  allowed: readonly string[],
) {
  c.header('allow', allowed.join(', '));
  return showPage(
    c,
    site,
    'This page cannot do that',
    <p>
      It accepts only these methods: {allowed.join(', ')}. Go to <a href="/">the front page</a> instead.
    </p>,
    { status: 405 },
  );
}

/** Answers a link that was not signed here, or that expired. */
export function showInvalidLink(c: Context, site: { readonly publication: Publication }) {
  return showPage(
    c,
    site,
    'This link is not valid',
    <p>
      It may be incomplete or too old. Use the link in your newest email, or{' '}
      <a href="/manage-link">ask for a new link</a>.
    </p>,
    { status: 404 },
  );
}

/** Answers a link of an erased subscriber. The status is 200 if this request erased them. */
export function showErased(c: Context, site: { readonly publication: Publication }, status: 200 | 410 = 410) {
  return showPage(
    c,
    site,
    'Your data is erased',
    <p>
      We have erased your data, and we send you nothing more. You can <a href="/sign-up">sign up again</a> at
      any time.
    </p>,
    { status },
  );
}

/** The reason for a requested mail: to sign up, or to get a manage link. */
type AskedFor = 'sign-up' | 'manage-link';

const TOO_MANY: Readonly<Record<AskedFor, { readonly heading: string; readonly what: string }>> = {
  'sign-up': { heading: 'Too many sign-ups', what: 'sign-ups' },
  'manage-link': { heading: 'Too many requests for a link', what: 'requests for a link' },
};

/** Answers a client or network that sent too many requests. The page is the same for every address. */
export function showTooMany(c: Context, site: { readonly publication: Publication }, asked: AskedFor) {
  c.header('retry-after', '3600');
  const { heading, what } = TOO_MANY[asked];
  return showPage(c, site, heading, <p>Too many {what} came from your network. Try again in an hour.</p>, {
    status: 429,
  });
}

/**
 * Answers a request for a mail: the same page for every address, known or not.
 *
 * @param address as it was typed, to show a typing mistake
 * @param present the address from which a subscription moves, if it does
 */
export function showCheckYourMail(
  c: Context,
  site: Pick<WebAppPorts, 'publication' | 'localNotes'>,
  asked: AskedFor,
  address: string,
  present?: string,
) {
  const email = contactOf(site.publication);
  const contact = <a href={`mailto:${email}`}>{email}</a>;
  const shown = <Address address={address} />;
  return showPage(
    c,
    site,
    'Check your email',
    <>
      {asked === 'sign-up' ? (
        <p>
          If we can send email to {shown}, a message with a link is on its way. Follow the link to confirm.{' '}
          {present === undefined ? (
            'We send no digests before that.'
          ) : (
            <>
              Until then, your subscriptions stay at <Address address={present} />.
            </>
          )}
        </p>
      ) : (
        <p>If {shown} has a subscription, an email with a link to it is on its way.</p>
      )}
      {site.localNotes?.mail()}
      <p>Is the address wrong? Go back and enter it again.</p>
      <p>
        {!site.localNotes && 'No email after a few minutes? Look in your spam folder. '}
        We send an address at most one link a day.
        {asked === 'sign-up' &&
          ` After ${MAX_UNANSWERED} emails that are not confirmed, we send no more for ${UNANSWERED_LAPSE_DAYS} days.`}
        {!site.localNotes && (
          <>
            {' '}
            If no email arrives, write to {contact}.{asked === 'sign-up' && ' We can add you by hand.'}
          </>
        )}
      </p>
    </>,
  );
}
