import { localDayOf } from '../../../domain/time/time.ts';
import { hasKnownVotes } from '../../../matching/trending.ts';
import { COUNTED_DAYS, PREVIEW_DAYS } from '../../../subscribers/preview.ts';
import { adviceOn, ownerOf } from '../answers.ts';
import { defineEndpoint } from '../endpoint.ts';
import { toReasonView } from '../reasons.ts';
import { previewSchema, subscriptionFieldsSchema } from '../schemas.ts';

/** Shows what a subscription would bring. */
export const previewEndpoint = defineEndpoint({
  method: 'POST',
  path: '/v1/previews',
  operationId: 'previewSubscription',
  summary: 'Preview a subscription',
  description: `Returns the papers from the last ${PREVIEW_DAYS} days that match, without muted ones. Counts those of the last ${PREVIEW_DAYS} and ${COUNTED_DAYS} days. Changes nothing.`,
  needsToken: true,
  body: subscriptionFieldsSchema,
  listsField: ['lists'],
  takesFollowedLists: true,
  answer: { status: 200, description: 'The papers that match, best first.', schema: previewSchema },
  async handle(ports, { body, ...request }) {
    const subscriber = ownerOf(request);
    // On demand, because only previews need the matching engine and cards.
    const { toCard } = await import('../../../presentation/card-content.ts');
    const { toHintText } = await import('../../../subscribers/hint-text.ts');
    const { previewSubscription } = await import('../../../subscribers/preview-subscription.ts');
    const { matches, total, counts, hint } = await previewSubscription(ports, body, subscriber);
    const today = localDayOf(ports.clock.now(), subscriber.timeZone);
    const papers = matches.map((match) => {
      const { title, url, reason } = toCard(match, body.lists, today, subscriber.timeZone);
      const { paper, reasons } = match;
      return {
        id: paper.id,
        title,
        ...(hasKnownVotes(paper) && { upvotes: paper.upvotes }),
        reasons: reasons.map(toReasonView),
        url: new URL(url, ports.publication.publicUrl).href,
        reason,
      };
    });
    return {
      status: 200,
      body: {
        days: PREVIEW_DAYS,
        total,
        counts,
        hint: hint && toHintText(hint),
        ...adviceOn(ports, body.query),
        papers,
      },
    };
  },
});
