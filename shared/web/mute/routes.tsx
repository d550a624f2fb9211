import { type Context, Hono } from 'hono';
import type { Paper } from '../../domain/papers/paper.ts';
import { type Cadence, cadences } from '../../domain/subscribers/cadence.ts';
import { muteAuthor, mutePaper, unmuteAuthor, unmutePaper } from '../../domain/subscribers/muting.ts';
import type { Subscriber, Subscription } from '../../domain/subscribers/subscriber.ts';
import { changeSubscription } from '../../domain/subscribers/subscription.ts';
import { toSentence } from '../../presentation/wording.ts';
import { type Change, changeSubscriber } from '../../subscribers/change-subscriber.ts';
import { suggestFewer } from '../../subscribers/suggest-fewer.ts';
import { SUBSCRIBER_PATHS } from '../links.ts';
import { type FormValues, firstOf } from '../parts/fields.tsx';
import { showErased, showInvalidLink, showPage } from '../parts/notices.tsx';
import { readForm } from '../parts/read-form.ts';
import type { WebAppPorts } from '../ports.ts';
import { loadOwner } from '../verify-link.ts';
import { DigestPapers, DONE, PaperToMute } from './page.tsx';

/** The form of a period of any cadence: `2026-01-05`, `2026-W02`, `2026-01`, `2026-01-05T08:15Z`. */
const PERIOD = /^[\dTWZ:-]{7,17}$/;

const PATH = `${SUBSCRIBER_PATHS.mute}/:token/:cadence/:period`;

/** A link from a digest: whose it is, and the papers of the digest. */
interface Opened {
  readonly subscriber: Subscriber;
  readonly cadence: Cadence;
  readonly papers: readonly Paper[];
}

/**
 * The pages behind the mute link of a digest: its papers, and with `?paper=` one of them. A `GET` changes nothing, because programs
 * follow links. Digests are forwarded, so the link can mute only papers of this digest and their authors, undo
 * that, and leave out suggested terms.
 */
export function createMuteRoutes(ports: WebAppPorts): Hono {
  const app = new Hono();
  app.get(PATH, async (c) => {
    const opened = await open(c, ports);
    return opened instanceof Response ? opened : show(c, ports, opened, DONE.get(c.req.query('done') ?? ''));
  });
  app.post(PATH, async (c) => {
    const opened = await open(c, ports);
    return opened instanceof Response ? opened : act(c, ports, opened, await readForm(c));
  });
  return app;
}

async function open(c: Context, ports: WebAppPorts): Promise<Opened | Response> {
  const cadence = cadences.find((known) => known === c.req.param('cadence'));
  const period = c.req.param('period') ?? '';
  if (!cadence || !PERIOD.test(period)) return showInvalidLink(c, ports);
  const subscriber = await loadOwner(c, ports, 'mute');
  if (subscriber instanceof Response) return subscriber;
  const ids = await ports.history.loadPaperIds({ subscriberId: subscriber.id, cadence, period });
  const papers = await ports.papers.loadMany(ids);
  const indexOf = new Map(ids.map((paperId, index) => [paperId, index]));
  return {
    subscriber,
    cadence,
    papers: [...papers].sort((a, b) => (indexOf.get(a.id) ?? 0) - (indexOf.get(b.id) ?? 0)),
  };
}

async function show(
  c: Context,
  ports: WebAppPorts,
  { subscriber, cadence, papers }: Opened,
  notice?: string,
  status: 200 | 422 = 200,
) {
  const paper = findPaper(c, papers);
  if (!paper) {
    const list = <DigestPapers papers={papers} subscriber={subscriber} notice={notice} />;
    return showPage(c, ports, 'Mute a paper or an author', list, { status });
  }
  const suggestions = await suggestFewer(ports, subscriber, cadence, paper);
  const buttons = (
    <PaperToMute paper={paper} subscriber={subscriber} suggestions={suggestions} notice={notice} />
  );
  return showPage(c, ports, 'Mute this paper or an author', buttons, { status });
}

function findPaper(c: Context, papers: readonly Paper[]): Paper | undefined {
  return papers.find(({ id }) => id === c.req.query('paper'));
}

async function act(c: Context, ports: WebAppPorts, opened: Opened, values: FormValues) {
  const action = values.exclude ? 'exclude' : firstOf(values, 'action');
  const paper = findPaper(c, opened.papers);
  const change =
    paper &&
    (action === 'exclude'
      ? await findExclusion(ports, opened, paper, values)
      : findChange(paper, action, firstOf(values, 'author')));
  if (!paper || !change) return c.redirect(c.req.path, 303);
  const outcome = await changeSubscriber(ports.subscribers, opened.subscriber.id, change);
  switch (outcome.kind) {
    case 'changed':
    case 'unchanged':
      return c.redirect(`${c.req.path}?${new URLSearchParams({ paper: paper.id, done: action })}`, 303);
    case 'invalid':
      return show(c, ports, opened, toSentence(outcome.faults.map(({ message }) => message).join(' ')), 422);
    case 'conflict':
    case 'refused':
      return show(
        c,
        ports,
        opened,
        'Your subscription was changed at the same time. Press the button again.',
        422,
      );
    case 'gone':
      return showErased(c, ports);
    default:
      return outcome satisfies never;
  }
}

/** Returns the change of a button. Undefined for any other action, and for a name that is not on the paper. */
function findChange({ id, authors }: Paper, action: string, author: string) {
  switch (action) {
    case 'mute-paper':
      return (subscriber: Subscriber) => mutePaper(subscriber, id);
    case 'unmute-paper':
      return (subscriber: Subscriber) => unmutePaper(subscriber, id);
    case 'mute-author':
      return authors.includes(author)
        ? (subscriber: Subscriber) => muteAuthor(subscriber, author)
        : undefined;
    case 'unmute-author':
      return authors.includes(author)
        ? (subscriber: Subscriber) => unmuteAuthor(subscriber, author)
        : undefined;
    default:
      return undefined;
  }
}

/**
 * Returns the change that leaves a suggested term out of a subscription. Undefined for any other term, so that the link can make no
 * other change to a query. Applies only to the query that the suggestion was made for.
 */
async function findExclusion(
  ports: WebAppPorts,
  { subscriber, cadence }: Opened,
  paper: Paper,
  values: FormValues,
): Promise<Change<'outdated'> | undefined> {
  const suggestions = await suggestFewer(ports, subscriber, cadence, paper);
  const { subscription, exclusions = [] } =
    suggestions.find((suggestion) => suggestion.subscription.id === firstOf(values, 'subscription')) ?? {};
  const exclusion = exclusions.find(({ term }) => term === firstOf(values, 'exclude'));
  if (!subscription || !exclusion) return undefined;
  const isKnown = ({ id, query }: Subscription) => id === subscription.id && query === subscription.query;
  return (current) =>
    current.subscriptions.some(isKnown)
      ? changeSubscription(current, subscription.id, { query: exclusion.query })
      : 'outdated';
}
