import type { Context } from 'hono';
import type { ListId } from '../../domain/lists/lists.ts';
import { MAX_SUBSCRIPTIONS, type Subscriber } from '../../domain/subscribers/subscriber.ts';
import {
  addSubscription,
  changeSubscription,
  removeSubscription,
  type SubscriptionFields,
} from '../../domain/subscribers/subscription.ts';
import { localDayOf } from '../../domain/time/time.ts';
import { toSentence } from '../../presentation/wording.ts';
import { changeSubscriber, type Fault } from '../../subscribers/change-subscriber.ts';
import { previewSubscription } from '../../subscribers/preview-subscription.ts';
import { type FormFault, type FormValues, firstOf } from '../parts/fields.tsx';
import { isFindingLists } from '../parts/list-fields.tsx';
import { showErased } from '../parts/notices.tsx';
import {
  DELIVERY_FIELDS,
  joinForms,
  parseFields,
  parseListChoice,
  SUBSCRIPTION_FIELDS,
} from '../parts/read-form.ts';
import type { WebAppPorts } from '../ports.ts';
import { CHANGED_MEANWHILE, type OpenForm, showManagePage } from './page.tsx';
import { PreviewView } from './preview.tsx';

/** A sent form: the owner of its link, and what the reader typed. */
export interface SentForm {
  readonly subscriber: Subscriber;
  readonly form: OpenForm;
  readonly values: FormValues;
}

type Done = 'saved' | 'added' | 'removed';

/** The notice if nothing was changed: there is no room, or it is the only subscription. */
const NOT_DONE: Readonly<Record<Done, string>> = {
  saved: 'This subscription no longer exists. To add it again, save.',
  added: `You can have at most ${MAX_SUBSCRIPTIONS} subscriptions. Remove or change one instead.`,
  removed: 'You cannot remove your only subscription. Pause or unsubscribe below instead.',
};

const TYPED_STAYS = ' Your entries are still in the form. To keep them, save again.';
const REMOVED_MEANWHILE =
  'This subscription was removed after you opened this page. To add it with your entries, save again.';

/** Saves, previews or removes what the open form is about. If it fails, the form keeps what the reader typed. */
export async function actOnForm(c: Context, ports: WebAppPorts, sent: SentForm) {
  const { form, values } = sent;
  const action = firstOf(values, 'action');
  if (action === 'remove')
    return change(c, ports, sent, 'removed', (known) => removeSubscription(known, form));
  if (form === 'delivery') {
    const parsed = await parseFields(values, DELIVERY_FIELDS, ports.lists);
    if ('faults' in parsed) return showFaults(c, ports, sent, parsed.faults);
    return change(c, ports, sent, 'saved', (known) => ({ ...known, ...parsed.data }));
  }
  if (isFindingLists(values)) return showFaults(c, ports, sent, []);
  const parsed = joinForms(
    await parseFields(values, SUBSCRIPTION_FIELDS, ports.lists),
    parseListChoice(values, ports.lists, followedIn(sent)),
  );
  if ('faults' in parsed) return showFaults(c, ports, sent, parsed.faults);
  if (action === 'preview') return showPreview(c, ports, sent, parsed.data);
  return form === 'new'
    ? change(c, ports, sent, 'added', (known) => addSubscription(known, parsed.data))
    : change(c, ports, sent, 'saved', (known) => changeSubscription(known, form, parsed.data));
}

async function change(
  c: Context,
  ports: WebAppPorts,
  sent: SentForm,
  done: Done,
  how: (subscriber: Subscriber) => Subscriber | undefined,
) {
  const versions = [Number(firstOf(sent.values, 'version'))];
  const result = await changeSubscriber(ports.subscribers, sent.subscriber.id, how, versions);
  switch (result.kind) {
    case 'changed':
      return c.redirect(`${c.req.path}?done=${done}`, 303);
    case 'unchanged':
    case 'refused':
      return show(c, ports, result.subscriber, sent, { notice: NOT_DONE[done], status: 422 });
    case 'conflict': {
      const isThere = hasForm(result.subscriber, sent.form);
      if (done === 'removed' && !isThere) return c.redirect(`${c.req.path}?done=removed`, 303);
      const notice = isThere ? CHANGED_MEANWHILE + TYPED_STAYS : REMOVED_MEANWHILE;
      return show(c, ports, result.subscriber, sent, { notice, status: 409 });
    }
    case 'invalid':
      return showFaults(c, ports, sent, result.faults.map(toFormFault));
    case 'gone':
      return showErased(c, ports);
    default:
      return result satisfies never;
  }
}

interface FormShown {
  readonly notice?: string;
  readonly faults?: readonly FormFault[];
  readonly preview?: Parameters<typeof showManagePage>[3]['preview'];
  readonly status?: 200 | 409 | 422;
}

/** Shows the page with the form as the reader typed it. If its subscription is gone, the form adds it again. */
function show(
  c: Context,
  ports: WebAppPorts,
  subscriber: Subscriber,
  { form, values }: SentForm,
  { notice, faults = [], preview, status = 200 }: FormShown,
) {
  const open = { form: hasForm(subscriber, form) ? form : 'new', state: { values, faults } };
  return showManagePage(c, ports, subscriber, { notice, open, preview }, status);
}

function hasForm({ subscriptions }: Subscriber, form: OpenForm): boolean {
  return form === 'delivery' || form === 'new' || subscriptions.some(({ id }) => id === form);
}

/** What is wrong with the profile as a whole comes of its lists. */
function toFormFault({ path, message }: Fault): FormFault {
  const field = path.findLast((part) => typeof part === 'string' && part !== 'subscriptions') ?? 'lists';
  return { field: String(field), message: toSentence(message) };
}

/** Returns the lists of the subscription that the form changes. */
function followedIn({ subscriber, form }: SentForm): readonly ListId[] {
  return subscriber.subscriptions.find(({ id }) => id === form)?.lists ?? [];
}

function showFaults(c: Context, ports: WebAppPorts, sent: SentForm, faults: readonly FormFault[]) {
  return show(c, ports, sent.subscriber, sent, { faults, status: faults.length > 0 ? 422 : 200 });
}

async function showPreview(c: Context, ports: WebAppPorts, sent: SentForm, subscription: SubscriptionFields) {
  const { subscriber } = sent;
  const preview = (
    <PreviewView
      preview={await previewSubscription(ports, subscription, subscriber)}
      subscription={subscription}
      today={localDayOf(ports.clock.now(), subscriber.timeZone)}
      timeZone={subscriber.timeZone}
    />
  );
  return show(c, ports, subscriber, sent, { preview });
}
