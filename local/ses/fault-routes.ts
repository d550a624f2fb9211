import { Hono } from 'hono';
import * as z from 'zod';
import { type Faults, faultSchema } from './faults.ts';

/**
 * Faults over HTTP, for a process of its own: `POST` orders one and answers 201, `GET` lists those pending, `DELETE`
 * clears them and the rule. A body that is not a fault gets a 400 that says why.
 */
export function createFaultRoutes(faults: Faults): Hono {
  return new Hono()
    .get('/', (c) => c.json({ pending: faults.pending() }))
    .post('/', async (c) => {
      const fault = faultSchema.safeParse(await c.req.json().catch(() => undefined));
      if (!fault.success) {
        const problem = { title: 'This is not a fault', status: 400, detail: z.prettifyError(fault.error) };
        return c.json(problem, 400, { 'content-type': 'application/problem+json' });
      }
      faults.next(fault.data);
      return c.json({ pending: faults.pending() }, 201);
    })
    .delete('/', (c) => {
      faults.clear();
      return c.body(null, 204);
    });
}
