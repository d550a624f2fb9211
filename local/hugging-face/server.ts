import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import * as z from 'zod';
import { type Clock, type Day, utcDayOf } from '../../shared/domain/time.ts';

/** One item of a list as JSON text, `{"paper":{"id":"2601.00001",…},…}`. The server does not parse it. */
export type ItemText = string;

/**
 * Returns the items of one day's list in order, for the server to answer with. Undefined for a day without a list. A rejection
 * becomes a 500.
 */
export type DailyPapersAnswer = (day: Day) => Promise<readonly ItemText[] | undefined>;

export interface DailyPapersServerOptions {
  readonly answer: DailyPapersAnswer;
  /** Decides which days lie in the future. */
  readonly clock: Clock;
  /** The address to listen on. @default '127.0.0.1', which only this machine can reach */
  readonly host?: string;
  /** The port to listen on. @default 0, which takes any free one */
  readonly port?: number;
}

/** A server that is listening. */
export interface DailyPapersServer {
  /** Where it listens, without a path: `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Stops listening and drops every open connection. A repeat does nothing. */
  close(): Promise<void>;
}

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

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
 * @throws Error if the port is in use (`EADDRINUSE`)
 * @see https://huggingface.co/docs/hub/api#get-apidailypapers
 */
export async function startDailyPapersServer(options: DailyPapersServerOptions): Promise<DailyPapersServer> {
  const { host = '127.0.0.1', port = 0 } = options;
  const server = createServer(getRequestListener(createApp(options).fetch));
  server.listen(port, host);
  await once(server, 'listening');
  return { url: `http://${host}:${portOf(server)}`, close: () => closeServer(server) };
}

function createApp({ answer, clock }: Pick<DailyPapersServerOptions, 'answer' | 'clock'>): Hono {
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
    const page = items.slice(p * limit, (p + 1) * limit);
    return context.body(`[${page.join(',')}]`, 200, JSON_HEADERS);
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

function portOf(server: Server): number | undefined {
  const address = server.address();
  return typeof address === 'object' ? address?.port : undefined;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // The callback's only error is that the server is already closed.
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
