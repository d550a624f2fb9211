import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { maskAddress } from '../../domain/subscribers/address.ts';
import type { Subscriber } from '../../domain/subscribers/subscriber.ts';
import { contactOf } from '../../presentation/publication.ts';
import { askForMail } from '../../subscribers/ask-for-mail.ts';
import { askToMove } from '../../subscribers/move-address.ts';
import { toAddressText } from '../parts/address.tsx';
import { Honeypot, reportFilledHoneypot } from '../parts/bot-checks.tsx';
import {
  AddressField,
  Faults,
  type FormFault,
  type FormState,
  type FormValues,
  firstOf,
  NOTHING_TYPED,
} from '../parts/fields.tsx';
import { showCheckYourMail, showPage, showTooMany } from '../parts/notices.tsx';
import { parseFields, readForm } from '../parts/read-form.ts';
import { toConsentText } from '../parts/subscribe-banner.tsx';
import type { WebAppPorts } from '../ports.ts';
import { showManagePage } from './page.tsx';

/**
 * The page on which a reader without a mail asks for a link to their subscription. The answer is the same for every address.
 */
export function createManageLinkRoutes(ports: WebAppPorts): Hono {
  const app = new Hono();
  app.get('/manage-link', (c) => show(c, ports, NOTHING_TYPED));
  app.post('/manage-link', async (c) => {
    const values = await readForm(c);
    if (reportFilledHoneypot(ports, 'manage-link', values))
      return showCheckYourMail(c, ports, 'manage-link', firstOf(values, 'address'));
    const form = await parseFields(values, ['address'], ports.lists);
    if ('faults' in form) return show(c, ports, { values, faults: form.faults });
    const request = { kind: 'manage-link', id: randomUUID(), address: form.data.address } as const;
    const isAccepted = await askForMail(ports, ports.clientAddress(c), request);
    return isAccepted
      ? showCheckYourMail(c, ports, 'manage-link', form.data.address)
      : showTooMany(c, ports, 'manage-link');
  });
  return app;
}

function show(c: Context, ports: WebAppPorts, form: FormState) {
  return showPage(
    c,
    ports,
    'Manage your subscriptions',
    <>
      <Faults form={form} />
      <p>
        Every digest ends with a link to your subscriptions. If you have no digest at hand, ask for a new
        link.
      </p>
      <form method="post">
        <AddressField form={form} />
        <Honeypot />
        <button class="main" type="submit">
          Send me a link
        </button>
      </form>
    </>,
    { status: form.faults.length > 0 ? 422 : 200 },
  );
}

/** Asks the new address of a subscriber to confirm. The answer is the same for every address but the present one. */
export async function moveToAddress(
  c: Context,
  ports: WebAppPorts,
  subscriber: Subscriber,
  values: FormValues,
) {
  const parsed = await parseFields(values, ['address'], ports.lists);
  const refuse = (faults: readonly FormFault[]) =>
    showManagePage(c, ports, subscriber, { open: { form: 'address', state: { values, faults } } }, 422);
  if ('faults' in parsed) return refuse(parsed.faults);
  const { address } = parsed.data;
  const move = { subscriber, address, text: toConsentText(ports.publication) };
  const answer = await askToMove(ports, move, ports.clientAddress(c));
  switch (answer) {
    case 'asked':
      return showCheckYourMail(c, ports, 'sign-up', address, subscriber.address);
    case 'same-address':
      return refuse([
        { field: 'address', message: 'Your subscriptions have this address already. Enter another one.' },
      ]);
    case 'not-subscribed':
      return showManagePage(c, ports, subscriber, { notice: NOTHING_TO_MOVE }, 409);
    case 'too-many-requests':
      return showManagePage(c, ports, subscriber, { notice: TOO_MANY_REQUESTS }, 429);
    default:
      return answer satisfies never;
  }
}

const NOTHING_TO_MOVE = 'This address gets no emails, so you cannot move it. Sign up with the new address.';

/** The notice after a client or network asked too often. */
export const TOO_MANY_REQUESTS = 'Too many requests came from your network. Try again in an hour.';

/**
 * Mails the owner of the address and asks whether digests should start again. A subscriber who complained gets no mail: only the operator
 * can restore them.
 *
 * @param text the words of the button, to which they agree
 */
export async function askToConfirm(c: Context, ports: WebAppPorts, subscriber: Subscriber, text: string) {
  const { address, status, timeZone, hour, subscriptions } = subscriber;
  if (status === 'complained') {
    const contact = contactOf(ports.publication);
    return showPage(
      c,
      ports,
      'This link cannot start digests again',
      <p>
        An email to this address was marked as spam. To get digests again, write to{' '}
        <a href={`mailto:${contact}`}>{contact}</a>.
      </p>,
      { status: 409 },
    );
  }
  const from = ports.clientAddress(c);
  const signUp = { at: ports.clock.now(), from: from ?? 'unknown', text, timeZone, hour, subscriptions };
  const request = { kind: 'sign-up', id: randomUUID(), address, signUp, isByLink: true } as const;
  const isAccepted = await askForMail(ports, from, request);
  return isAccepted
    ? showCheckYourMail(c, ports, 'sign-up', maskAddress(toAddressText(address)))
    : showTooMany(c, ports, 'sign-up');
}
