import * as z from 'zod';
import { nameOfList } from '../../../domain/lists.ts';
import { localDayOf } from '../../../domain/time.ts';
import { toCard } from '../../../mail/card-content.ts';
import type { MatchReason } from '../../../matching/index/explain.ts';
import { printQuery } from '../../../matching/query/print-query.ts';
import type { TextField } from '../../../matching/query/query.ts';
import { findListFaults } from '../../../subscribers/change-subscriber.ts';
import { COUNTED_DAYS, PREVIEW_DAYS, toHintText } from '../../../subscribers/preview.ts';
import { loadSubscriber } from '../answers.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { toInvalidInput } from '../problem.ts';
import { listSchema, previewSchema, subscriptionFieldsSchema } from '../schemas.ts';

/** The names of the searched texts in answers. */
const TEXT_NAMES: Readonly<Record<TextField, string>> = {
  title: 'title',
  abstract: 'abstract',
  keyword: 'keywords',
  org: 'organisation',
};

/** Returns a reason as the API names it: `{ term: 'agents', field: 'title' }`, `{ term: 'upvotes:>=10', field: 'upvotes' }`. */
function toReasonView({ condition, field }: MatchReason) {
  if (condition.kind === 'text' && field)
    return { term: `${condition.text}${condition.isPrefix ? '*' : ''}`, field: TEXT_NAMES[field] };
  const name = condition.kind === 'number' ? condition.field : condition.kind;
  return { term: printQuery(condition), field: name };
}

/** The endpoints about lists and previews. */
export const paperEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    method: 'GET',
    path: '/v1/lists',
    operationId: 'listLists',
    summary: 'Get the lists',
    needsToken: false,
    answer: { status: 200, description: 'The lists that readers can follow.', schema: z.array(listSchema) },
    handle: async ({ lists }) => ({
      status: 200,
      body: lists.map((id) => ({ id, name: nameOfList(id) })),
    }),
  }),
  defineEndpoint({
    method: 'POST',
    path: '/v1/previews',
    operationId: 'previewSubscription',
    summary: 'Preview a subscription',
    description: `Returns the papers from the last ${PREVIEW_DAYS} days that match, without muted ones. Counts those of the last ${PREVIEW_DAYS} and ${COUNTED_DAYS} days. Changes nothing.`,
    needsToken: true,
    body: subscriptionFieldsSchema,
    answer: { status: 200, description: 'The papers that match, best first.', schema: previewSchema },
    async handle(ports, { body, subscriberId }) {
      const faults = findListFaults(body.lists, ports.lists, ['lists']);
      if (faults.length > 0) throw toInvalidInput(faults);
      const subscriber = await loadSubscriber(ports, subscriberId);
      // On demand, because only previews need the matching engine.
      const { previewSubscription } = await import('../../../subscribers/preview-subscription.ts');
      const { matches, total, counts, hint } = await previewSubscription(ports, body, subscriber);
      const today = localDayOf(ports.clock.now(), subscriber.timeZone);
      const papers = matches.map((match) => {
        const { title, url, votes, reason } = toCard(match, body.lists, today, subscriber.timeZone);
        const { paper, reasons } = match;
        return {
          ...{ id: paper.id, title, url, upvotes: votes, reasons: reasons.map(toReasonView) },
          ...(reason !== undefined && { reason }),
        };
      });
      return {
        status: 200,
        body: { days: PREVIEW_DAYS, total, counts, ...(hint && { hint: toHintText(hint) }), papers },
      };
    },
  }),
];
