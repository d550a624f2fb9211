import { type Context, Hono } from 'hono';
import { localDayOf } from '../../domain/local-day.ts';
import type { Subscriber } from '../../domain/subscriber.ts';
import { addSubscription, changeSubscription, removeSubscription, type Wish } from '../../domain/wishes.ts';
import { type ChangeResult, changeAtVersion, type Fault } from '../../subscribers/change-at-version.ts';
import { eraseSubscriber, exportSubscriber } from '../../subscribers/held-data.ts';
import { previewWish } from '../../subscribers/preview-wish.ts';
import { SUBSCRIBER_PATHS } from '../links.ts';
import type { WebAppPorts } from '../ports.ts';
import { MAX_PAPERS } from '../sign-up.ts';
import { type FormFault, type FormValues, firstOf } from './fields.tsx';
import { manageActions, NOTICES } from './manage-actions.ts';
import { ManageContent, type ManagePageProps, type OpenForm } from './manage-page.tsx';
import { PreviewView } from './preview-view.tsx';
import { joinForms, parseFields, parseLists, readForm } from './read-form.ts';
import { showErased, showInvalidLink, showPage } from './show-page.tsx';
import { verifyLink } from './verify-link.ts';

const PATH = `${SUBSCRIBER_PATHS.manage}/:token`;
const CONFLICT =
  'Your subscription was changed meanwhile, in another window or by another link. Below is how it stands now, with what you typed; save once more if that is right.';

type Shown = Pick<ManagePageProps, 'notice' | 'open' | 'preview'>;

/**
 * The page of one subscriber, behind a link that nobody else has: everything that is kept, and every way to change it. What
 * changes something is a `POST`, after which the page is asked for anew, so that reloading it changes nothing again.
 */
export function createManageRoutes(ports: WebAppPorts): Hono {
  const app = new Hono();
  app.get(PATH, async (c) => {
    const id = await verifyLink(ports, c, 'manage');
    if (!id) return showInvalidLink(c, ports);
    if (c.req.query('data') !== undefined) return download(c, ports, id);
    const subscriber = await ports.subscribers.load(id);
    if (!subscriber) return showErased(c, ports);
    const form = c.req.query('edit');
    const values = form === undefined ? undefined : toValues(ports, subscriber, form);
    return show(c, ports, subscriber, {
      notice: NOTICES.get(c.req.query('done') ?? ''),
      ...(form && values && { open: { form, state: { values, faults: [] } } }),
    });
  });
  app.post(PATH, async (c) => {
    const id = await verifyLink(ports, c, 'manage');
    if (!id) return showInvalidLink(c, ports);
    const values = await readForm(c);
    const form = firstOf(values, 'form');
    if (form !== '') return actOnForm(c, ports, id, form, values);
    const action = firstOf(values, 'action');
    return action === 'erase' ? erase(c, ports, id, values) : act(c, ports, id, action, values);
  });
  return app;
}

function show(
  c: Context,
  ports: WebAppPorts,
  subscriber: Subscriber,
  shown: Shown,
  status: 200 | 409 | 422 = 200,
) {
  const { lists, clock } = ports;
  return showPage(
    c,
    ports,
    'Your subscription',
    <ManageContent {...{ subscriber, lists, ...shown }} now={clock.now()} />,
    status,
  );
}

/** The open form: saved, looked at, or removed. */
async function actOnForm(
  c: Context,
  ports: WebAppPorts,
  id: Subscriber['id'],
  form: OpenForm,
  values: FormValues,
) {
  const action = firstOf(values, 'action');
  const version = Number(firstOf(values, 'version'));
  const save = async (done: string, how: (subscriber: Subscriber) => Subscriber | undefined) =>
    afterChange(c, ports, id, await changeAtVersion(ports.subscribers, id, version, how), done, {
      form,
      values,
    });

  if (action === 'remove') return save('removed', (one) => removeSubscription(one, form));
  if (form === 'delivery') {
    const parsed = parseFields(values, ['timeZone', 'hour', 'weekday', 'format']);
    if ('faults' in parsed) return showFaults(c, ports, id, { form, values }, parsed.faults);
    return save('saved', (one) => ({ ...one, ...parsed.data }));
  }
  const parsed = joinForms(
    parseFields(values, ['query', 'cadence', 'maxPapers']),
    parseLists(values, ports.lists),
  );
  if ('faults' in parsed) return showFaults(c, ports, id, { form, values }, parsed.faults);
  if (action === 'preview') return showPreview(c, ports, id, { form, values }, parsed.data);
  return form === 'new'
    ? save('added', (one) => addSubscription(one, parsed.data))
    : save('saved', (one) => changeSubscription(one, form, parsed.data));
}

interface Typed {
  readonly form: OpenForm;
  readonly values: FormValues;
}

function afterChange(
  c: Context,
  ports: WebAppPorts,
  id: Subscriber['id'],
  result: ChangeResult,
  done: string,
  { form, values }: Typed,
) {
  switch (result.kind) {
    case 'changed':
      return c.redirect(`${c.req.path}?done=${done}`, 303);
    case 'gone':
      return showErased(c, ports);
    case 'conflict': {
      const open = { form, state: { values, faults: [] } };
      return show(c, ports, result.subscriber, { notice: CONFLICT, open }, 409);
    }
    case 'invalid':
      return showFaults(c, ports, id, { form, values }, result.faults.map(toFormFault));
    default:
      return result satisfies never;
  }
}

/** A fault of the whole profile, such as too many lists, belongs to the field by which it came about. */
function toFormFault({ path, message }: Fault): FormFault {
  const field = path.findLast((part) => typeof part === 'string') ?? 'query';
  return { field: String(field), message };
}

async function showFaults(
  c: Context,
  ports: WebAppPorts,
  id: Subscriber['id'],
  { form, values }: Typed,
  faults: readonly FormFault[],
) {
  const subscriber = await ports.subscribers.load(id);
  if (!subscriber) return showErased(c, ports);
  return show(c, ports, subscriber, { open: { form, state: { values, faults } } }, 422);
}

async function showPreview(
  c: Context,
  ports: WebAppPorts,
  id: Subscriber['id'],
  { form, values }: Typed,
  wish: Wish,
) {
  const subscriber = await ports.subscribers.load(id);
  if (!subscriber) return showErased(c, ports);
  const today = localDayOf(ports.clock.now(), subscriber.timeZone);
  const preview = <PreviewView preview={await previewWish(ports, wish)} wish={wish} today={today} />;
  return show(c, ports, subscriber, { open: { form, state: { values, faults: [] } }, preview });
}

/** A button outside the open form: pause, resume, leave, come back. */
async function act(c: Context, ports: WebAppPorts, id: Subscriber['id'], name: string, values: FormValues) {
  const action = manageActions.get(name);
  if (!action) return c.redirect(c.req.path, 303);
  const context = { now: ports.clock.now(), from: ports.clientAddress(c) ?? 'unknown', values };
  const result = await changeAtVersion(ports.subscribers, id, undefined, (one) =>
    action.change(one, context),
  );
  if (result.kind === 'changed') return c.redirect(`${c.req.path}?done=${name}`, 303);
  if (result.kind === 'gone') return showErased(c, ports);
  const subscriber = await ports.subscribers.load(id);
  if (!subscriber) return showErased(c, ports);
  const notice = result.kind === 'invalid' ? result.faults.map(({ message }) => message).join(' ') : CONFLICT;
  return show(c, ports, subscriber, { notice }, result.kind === 'invalid' ? 422 : 409);
}

async function erase(c: Context, ports: WebAppPorts, id: Subscriber['id'], values: FormValues) {
  const subscriber = await ports.subscribers.load(id);
  if (!subscriber) return showErased(c, ports);
  if (firstOf(values, 'sure') !== 'yes') {
    return show(c, ports, subscriber, { notice: 'Tick the box first: erasing cannot be undone.' }, 422);
  }
  await eraseSubscriber(ports, subscriber);
  return showErased(c, ports);
}

async function download(c: Context, ports: WebAppPorts, id: Subscriber['id']) {
  const held = await exportSubscriber(ports, id);
  if (!held) return showErased(c, ports);
  return c.body(JSON.stringify(held, undefined, 2), 200, {
    'content-type': 'application/json; charset=utf-8',
    'content-disposition': 'attachment; filename="my-data.json"',
  });
}

/** What the fields of a form hold at first; undefined where there is no such form. */
function toValues(
  { lists, defaults }: WebAppPorts,
  subscriber: Subscriber,
  form: OpenForm,
): FormValues | undefined {
  if (form === 'delivery') {
    const { timeZone, hour, weekday, format } = subscriber;
    return { timeZone: [timeZone], hour: [`${hour}`], weekday: [`${weekday}`], format: [format] };
  }
  const wish: Wish | undefined =
    form === 'new'
      ? { lists: [...lists], query: '', cadence: defaults.cadence, maxPapers: MAX_PAPERS }
      : subscriber.subscriptions.find(({ id }) => id === form);
  return (
    wish && {
      lists: wish.lists,
      query: [wish.query],
      cadence: [wish.cadence],
      maxPapers: [`${wish.maxPapers}`],
    }
  );
}
