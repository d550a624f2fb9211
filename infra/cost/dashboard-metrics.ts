import * as z from 'zod';

/** A dashboard of more metrics is not among those that every account has free. */
export const MAX_FREE_DASHBOARD_METRICS = 50;

/** A dashboard's text is joined from pieces, of which those that CloudFormation fills in are objects. */
const bodySchema = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) });

const dashboardSchema = z.object({
  widgets: z.array(z.object({ properties: z.object({ metrics: z.array(z.unknown()).default([]) }) })),
});

/** How many metrics the widgets of a dashboard show, one that is shown twice counted twice. */
export function countDashboardMetrics(body: unknown): number {
  const [, pieces] = bodySchema.parse(body)['Fn::Join'];
  const text = pieces.map((piece) => (typeof piece === 'string' ? piece : 'x')).join('');
  const { widgets } = dashboardSchema.parse(JSON.parse(text));
  return widgets.reduce((sum, { properties }) => sum + properties.metrics.length, 0);
}
