import { type Context, Hono } from 'hono';
import { DATA_LINK_MINUTES, renewLinks } from '../../domain/subscribers/sign-up.ts';
import { isSubscribed, type Subscriber } from '../../domain/subscribers/subscriber.ts';
import { toSentence } from '../../presentation/wording.ts';
import { changeSubscriber, profileAfter } from '../../subscribers/change-subscriber.ts';
import { eraseSubscriber, exportSubscriber } from '../../subscribers/personal-data.ts';
import { toChangeText } from '../../subscribers/status-text.ts';
import { SUBSCRIBER_PATHS } from '../links.ts';
import { Address } from '../parts/address.tsx';
import {
  ActionButton,
  Faults,
  FieldNotes,
  firstOf,
  NOTHING_TYPED,
  toFieldAttributes,
} from '../parts/fields.tsx';
import { showErased, showInvalidLink, showPage } from '../parts/notices.tsx';
import { readForm } from '../parts/read-form.ts';
import type { WebAppPorts } from '../ports.ts';
import { loadOwner, openLink, signManageToken, tokenOf } from '../verify-link.ts';

const PATH = `${SUBSCRIBER_PATHS.data}/:token`;

/**
 * The page of a data link, which the reader asked for by mail. It exports and erases all data, and makes old links invalid. A
 * manage link cannot do this, because it is in every digest, and readers forward digests.
 */
export function createDataRoutes(ports: WebAppPorts): Hono {
  const app = new Hono();
  app.get(PATH, async (c) => {
    const subscriber = await loadOwner(c, ports, 'data');
    if (subscriber instanceof Response) return subscriber;
    return c.req.query('data') === undefined ? show(c, ports, subscriber) : download(c, ports, subscriber);
  });
  app.post(PATH, async (c) => {
    const link = await openLink(ports, 'data', tokenOf(c));
    if (!link) return showInvalidLink(c, ports);
    const values = await readForm(c);
    const action = firstOf(values, 'action');
    const { subscriber } = link;
    // An erasure that is repeated has the same answer.
    if (!subscriber) return showErased(c, ports, action === 'erase' ? 200 : 410);
    switch (action) {
      case 'renew-links':
        return renew(c, ports, subscriber.id);
      case 'erase':
        return firstOf(values, 'sure') === 'yes'
          ? erase(c, ports, subscriber)
          : show(c, ports, subscriber, {
              values,
              faults: [
                { field: 'sure', message: 'To erase everything, tick the box first. You cannot undo this.' },
              ],
            });
      default:
        return show(c, ports, subscriber);
    }
  });
  return app;
}

function show(c: Context, ports: WebAppPorts, subscriber: Subscriber, form = NOTHING_TYPED) {
  const sure = { name: 'sure', label: 'Yes, erase everything for good. I cannot undo this.', form };
  return showPage(
    c,
    ports,
    'Your data',
    <>
      <Faults form={form} />
      <p>
        This is the data of <Address address={subscriber.address} />. Your link works for {DATA_LINK_MINUTES}{' '}
        minutes after we sent it.
      </p>
      <section aria-labelledby="export">
        <h2 id="export">Export</h2>
        <p>
          <a class="target" href="?data=json">
            Download all data
          </a>{' '}
          (JSON).{' '}
          <a class="target" href="/privacy">
            What we keep about you
          </a>
        </p>
      </section>
      {subscriber.statusChanges.length > 0 && (
        <section aria-labelledby="history">
          <h2 id="history">History</h2>
          <ul>
            {subscriber.statusChanges.map((change, position, changes) => (
              <li>{toSentence(toChangeText(change, changes[position - 1]?.status))}</li>
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="links">
        <h2 id="links">Old links</h2>
        <p>
          Did you forward a digest? Anyone who has it can change your subscriptions. To prevent that, make the
          links in all earlier emails invalid. Their unsubscribe links keep working, and a data link works
          until its {DATA_LINK_MINUTES} minutes are over. The address of your feed changes too.
        </p>
        <ActionButton name="renew-links" words="Make old links invalid" />
      </section>
      <section class="danger" aria-labelledby="erase">
        <h2 id="erase">Erase</h2>
        <p>
          We delete your data immediately. Only a note stays, without your address, which says that you have
          left. It stops an import of an old list from emailing you again.
        </p>
        <form method="post">
          <div class="check">
            <input {...toFieldAttributes(sure)} type="checkbox" value="yes" required />
            <label for="sure">{sure.label}</label>
          </div>
          <FieldNotes name="sure" form={form} />
          <button class="danger" type="submit" name="action" value="erase">
            Erase everything
          </button>
        </form>
      </section>
    </>,
    { status: form.faults.length > 0 ? 422 : 200, style: '.fault + .danger { margin-top: .6rem; }' },
  );
}

async function renew(c: Context, ports: WebAppPorts, id: Subscriber['id']) {
  const now = ports.clock.now();
  const outcome = await changeSubscriber(ports.subscribers, id, (known) => renewLinks(known, now));
  const subscriber = profileAfter(outcome);
  if (!subscriber) return showErased(c, ports);
  const token = await signManageToken(ports, id);
  return showPage(
    c,
    ports,
    'Old links are invalid',
    <p>
      The links in earlier emails no longer lead to your subscriptions.{' '}
      {isSubscribed(subscriber) ? 'Your next digest has new links. Until then, use' : 'Use'}{' '}
      <a href={`${SUBSCRIBER_PATHS.manage}/${token}`}>this new link to your subscriptions</a>.
    </p>,
  );
}

async function erase(c: Context, ports: WebAppPorts, subscriber: Subscriber) {
  await eraseSubscriber(ports, subscriber, 'page');
  return showErased(c, ports, 200);
}

async function download(c: Context, ports: WebAppPorts, { id }: Subscriber) {
  const data = await exportSubscriber(ports, id);
  if (!data) return showErased(c, ports);
  return c.body(JSON.stringify(data, undefined, 2), 200, {
    'content-type': 'application/json; charset=utf-8',
    'content-disposition': 'attachment; filename="my-data.json"',
  });
}
