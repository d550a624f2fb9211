import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import * as z from 'zod';
import { type Clock, type Day, utcDayOf } from '../../shared/domain/time/time.ts';
import { type LoopbackServer, listenOnLoopback } from '../emulators/loopback.ts';

/** Returns the items of one day's list in order. Undefined for a day without a list. A rejection becomes a 500. */
export type DailyPapersAnswer = (day: Day) => Promise<readonly unknown[] | undefined>;

interface DailyPapersServerOptions {
  readonly answer: DailyPapersAnswer;
  /** Decides which days lie in the future. */
  readonly clock: Clock;
}

const querySchema = z.object({
  date: z.iso.date({ error: ({ input }) => `expected a day like "2026-01-05", found ${toFound(input)}` }),
  limit: toCountSchema(1, 100).default(50),
  p: toCountSchema(0, Number.MAX_SAFE_INTEGER).default(0),
});

/**
 * Starts a loopback server with the part of the Hugging Face daily-papers API that Broadsheet reads:
 *
 *     GET /api/daily_papers?date=2026-01-05&limit=100&p=0
 *
 * The answer is a JSON array with page `p` (from 0) of `limit` items (1 to 100, default 50) of that day's list. It is `[]`
 * after the last page and for a day without a list. A missing, malformed or future date gets 400, as does a `limit` or `p`
 * out of range. Any other path gets 404, and an answer that rejects gets 500. Errors are `{"error":"…"}`.
 *
 * Unlike the API, it requires `date`, supports no week, month, submitter or sort, and has no rate limit.
 *
 * @see https://huggingface.co/docs/hub/api#get-apidailypapers
 */
export function startDailyPapersServer(options: DailyPapersServerOptions): Promise<LoopbackServer> {
  return listenOnLoopback(getRequestListener(createApp(options).fetch));
}

function createApp({ answer, clock }: DailyPapersServerOptions): Hono {
  const app = new Hono();
  app.get('/api/daily_papers', async (context) => {
    const query = querySchema.safeParse(context.req.query());
    if (!query.success) return context.json({ error: toMessage(query.error) }, 400);

    const { date, limit, p } = query.data;
    const today = utcDayOf(clock.now());
    if (date > today) {
      return context.json({ error: `date: expected a day up to today, ${today}, found "${date}"` }, 400);
    }
    const items = (await answer(date)) ?? [];
    return context.json(items.slice(p * limit, (p + 1) * limit));
  });
  app.notFound((context) => context.json({ error: 'Not Found' }, 404));
  app.onError((error, context) => context.json({ error: error.message }, 500));
  return app;
}

function toCountSchema(least: number, most: number) {
  const error = ({ input }: { readonly input?: unknown }) =>
    `expected a whole number from ${least} to ${most}, found ${toFound(input)}`;
  return z
    .string()
    .regex(/^\d+$/, { error })
    .transform(Number)
    .pipe(z.int({ error }).min(least, { error }).max(most, { error }));
}

function toFound(input: unknown): string {
  return input === undefined ? 'none' : `"${String(input)}"`;
}

function toMessage(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
}
