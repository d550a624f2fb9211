import * as z from 'zod';
import { nameOfList } from '../../../domain/lists.ts';
import { toPaperTitle } from '../../../mail/card-content.ts';
import { toPaperUrl } from '../../../mail/paper-url.ts';
import type { TextField } from '../../../matching/query.ts';
import { findListFaults } from '../../../subscribers/change-subscriber.ts';
import { PREVIEW_DAYS, previewSubscription } from '../../../subscribers/preview-subscription.ts';
import { loadSubscriber } from '../answers.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { toInvalidInput } from '../problem.ts';
import { listSchema, previewSchema, subscriptionFieldsSchema } from '../schemas.ts';

/** The names of the fields in answers. */
const FIELD_NAMES: Readonly<Record<TextField, string>> = {
  title: 'title',
  abstract: 'abstract',
  keyword: 'keywords',
  org: 'organisation',
};

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
    description: `Returns the papers from the last ${PREVIEW_DAYS} days that match, without muted ones. Changes nothing.`,
    needsToken: true,
    body: subscriptionFieldsSchema,
    answer: { status: 200, description: 'The papers that match, best first.', schema: previewSchema },
    async handle(ports, { body, subscriberId }) {
      const faults = findListFaults(body.lists, ports.lists, ['lists']);
      if (faults.length > 0) throw toInvalidInput(faults);
      const { matches, total } = await previewSubscription(
        ports,
        body,
        await loadSubscriber(ports, subscriberId),
      );
      const papers = matches.map(({ paper, reasons }) => ({
        id: paper.id,
        title: toPaperTitle(paper),
        url: toPaperUrl(paper, body.lists),
        upvotes: paper.upvotes,
        reasons: reasons.flatMap(({ condition, field }) =>
          condition.kind === 'text' && field ? { term: condition.text, field: FIELD_NAMES[field] } : [],
        ),
      }));
      return { status: 200, body: { days: PREVIEW_DAYS, total, papers } };
    },
  }),
];
