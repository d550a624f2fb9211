import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { Telemetry } from '../../observability.ts';

/** Logs an error of a request, and returns the id by which whoever met it can name it. The path may hold a token: it stays out. */
export function reportError(telemetry: Pick<Telemetry, 'error'>, c: Context, error: unknown): string {
  const errorId = randomUUID();
  telemetry.error('A request failed', { errorId, method: c.req.method, error });
  return errorId;
}
