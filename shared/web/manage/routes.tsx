import { type Context, Hono } from 'hono';
import { DEFAULT_SORT } from '../../domain/papers/sort.ts';
import { mayMove } from '../../domain/subscribers/move.ts';
import { DEFAULT_MAX_PAPERS, type Subscriber } from '../../domain/subscribers/subscriber.ts';
import type { SubscriptionFields } from '../../domain/subscribers/subscription.ts';
import { contactOf } from '../../presentation/publication.ts';
import { toSentence } from '../../presentation/wording.ts';
import { askForDataLink } from '../../subscribers/ask-for-mail.ts';
import { changeSubscriber } from '../../subscribers/change-subscriber.ts';
import { SUBSCRIBER_PATHS } from '../links.ts';
import { type FormValues, firstOf } from '../parts/fields.tsx';
import { showErased } from '../parts/notices.tsx';
import { readForm } from '../parts/read-form.ts';
import { toNewsValues } from '../parts/subscription-fields.tsx';
import type { WebAppPorts } from '../ports.ts';
import { loadOwner } from '../verify-link.ts';
import { findNotice, manageActions, RESUBSCRIBE_TEXT, versionsIn } from './actions.ts';
import { actOnForm } from './form.tsx';
import { askToConfirm, moveToAddress, TOO_MANY_REQUESTS } from './mail-requests.tsx';
import { SHOWN_PAPERS, unmutingOf } from './muted.tsx';
import { CHANGED_MEANWHILE, type OpenForm, showManagePage } from './page.tsx';

const PATH = `${SUBSCRIBER_PATHS.manage}/:token`;

/**
 * The page of one subscriber, for the holder of a private link. It shows the profile and has every way to change it. Each change
 * is a `POST` that redirects to the page, so a reload changes nothing.
 */
export function createManageRoutes(ports: WebAppPorts): Hono {
  const app = new Hono();
  app.get(PATH, async (c) => {
    const subscriber = await loadOwner(c, ports, 'manage');
    if (subscriber instanceof Response) return subscriber;
    const form = c.req.query('edit');
    const values = form === undefined ? undefined : toValues(ports, subscriber, form);
    if (c.req.query('data') !== undefined) return refuse(c, ports, subscriber);
    if (form === 'muted') {
      const mutedPapers = await ports.papers.loadMany((subscriber.mutedPapers ?? []).slice(-SHOWN_PAPERS));
      return showManagePage(c, ports, subscriber, { mutedPapers });
    }
    return showManagePage(c, ports, subscriber, {
      notice: findNotice(c.req.query(), subscriber, ports.clock.now()),
      mailNote: c.req.query('done') === 'data-link' && ports.localNotes?.mail(),
      ...(form && values && { open: { form, state: { values, faults: [] } } }),
    });
  });
  app.post(PATH, async (c) => {
    const subscriber = await loadOwner(c, ports, 'manage');
    if (subscriber instanceof Response) return subscriber;
    const values = await readForm(c);
    const form = firstOf(values, 'form');
    if (form === 'address') return moveToAddress(c, ports, subscriber, values);
    if (form !== '') return actOnForm(c, ports, { subscriber, form, values });
    const action = unmutingOf(values) ?? firstOf(values, 'action');
    return action === 'data-link' || action === 'erase'
      ? mailDataLink(c, ports, subscriber, action)
      : act(c, ports, subscriber, action, values);
  });
  return app;
}

/** A button outside the open form: pause, resume, leave, come back. */
async function act(c: Context, ports: WebAppPorts, subscriber: Subscriber, name: string, values: FormValues) {
  const action = manageActions.get(name);
  if (!action) return c.redirect(c.req.path, 303);
  const isRefused = subscriber.status === 'bounced' || subscriber.status === 'complained';
  if (name === 'resubscribe' && isRefused) return askToConfirm(c, ports, subscriber, RESUBSCRIBE_TEXT);
  const context = { now: ports.clock.now(), from: ports.clientAddress(c) ?? 'unknown', values };
  const result = await changeSubscriber(
    ports.subscribers,
    subscriber.id,
    (known) => action.change(known, context),
    versionsIn(values),
  );
  switch (result.kind) {
    case 'changed':
      return c.redirect(`${c.req.path}?done=${name}`, 303);
    case 'unchanged':
    case 'refused':
      return c.redirect(`${c.req.path}?unchanged=${name}`, 303);
    case 'conflict':
      return showManagePage(c, ports, result.subscriber, { notice: CHANGED_MEANWHILE }, 409);
    case 'invalid': {
      const message = toSentence(result.faults.map((fault) => fault.message).join(' '));
      const leaving = { values, faults: [{ field: 'until', message }] };
      return showManagePage(c, ports, subscriber, { leaving }, 422);
    }
    case 'gone':
      return showErased(c, ports);
    default:
      return result satisfies never;
  }
}

/** Refuses to export or erase with a manage link, because it is in every digest, and readers forward digests. A data link can. */
function refuse(c: Context, ports: WebAppPorts, subscriber: Subscriber) {
  const notice = 'This link cannot export or erase your data. Ask for a data link below.';
  return showManagePage(c, ports, subscriber, { notice }, 403);
}

async function mailDataLink(
  c: Context,
  ports: WebAppPorts,
  subscriber: Subscriber,
  action: 'data-link' | 'erase',
) {
  if (action === 'erase') return refuse(c, ports, subscriber);
  const contact = contactOf(ports.publication);
  const say = (notice: string, status: 409 | 429) => showManagePage(c, ports, subscriber, { notice }, status);
  const outcome = await askForDataLink(ports, subscriber, ports.clientAddress(c));
  switch (outcome) {
    case 'asked':
      return c.redirect(`${c.req.path}?done=data-link`, 303);
    case 'too-many-links':
      return say('We have already sent you several links today. Try again tomorrow.', 429);
    case 'too-many-requests':
      return say(TOO_MANY_REQUESTS, 429);
    case 'unmailable':
      return say(`We cannot send email to this address. Write to ${contact}.`, 409);
    default:
      return outcome satisfies never;
  }
}

/** Returns the values of a form when it opens. Undefined if there is no such form. */
function toValues({ defaults }: WebAppPorts, subscriber: Subscriber, form: OpenForm): FormValues | undefined {
  if (form === 'delivery') {
    const { timeZone, hour, weekday, format } = subscriber;
    return { timeZone: [timeZone], hour: [`${hour}`], weekday: [`${weekday}`], format: [format] };
  }
  if (form === 'address') return mayMove(subscriber) ? {} : undefined;
  const subscription: SubscriptionFields | undefined =
    form === 'new'
      ? {
          lists: [...defaults.lists],
          query: '',
          cadence: defaults.cadence,
          maxPapers: DEFAULT_MAX_PAPERS,
          sort: DEFAULT_SORT,
        }
      : subscriber.subscriptions.find(({ id }) => id === form);
  return (
    subscription && {
      lists: subscription.lists,
      query: [subscription.query],
      cadence: [subscription.cadence],
      maxPapers: [`${subscription.maxPapers}`],
      sort: [subscription.sort],
      ...toNewsValues(subscription),
    }
  );
}
