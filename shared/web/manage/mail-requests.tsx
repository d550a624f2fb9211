import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { askForMail } from '../../subscribers/ask-for-mail.ts';
import { AddressField } from '../parts/address-field.tsx';
import { Honeypot, reportFilledHoneypot } from '../parts/bot-checks.tsx';
import { Faults, type FormState, firstOf } from '../parts/fields.tsx';
import { showCheckYourMail, showPage, showTooMany } from '../parts/notices.tsx';
import { parseFields, readForm } from '../parts/read-form.ts';
import type { WebAppPorts } from '../ports.ts';

const NOTHING: FormState = { values: {}, faults: [] };

/** Where somebody who has no mail at hand asks for a link to their subscription. The answer is the same for every address. */
export function createManageLinkRoutes(ports: WebAppPorts): Hono {
  const app = new Hono();
  app.get('/manage-link', (c) => show(c, ports, NOTHING));
  app.post('/manage-link', async (c) => {
    const values = await readForm(c);
    if (reportFilledHoneypot(ports, 'manage-link', values))
      return showCheckYourMail(c, ports, 'manage-link', firstOf(values, 'address'));
    const form = parseFields(values, ['address']);
    if ('faults' in form) return show(c, ports, { values, faults: form.faults });
    const request = { kind: 'manage-link', id: randomUUID(), address: form.data.address } as const;
    const isAccepted = await askForMail(ports, ports.clientAddress(c), request);
    return isAccepted
      ? showCheckYourMail(c, ports, 'manage-link', form.data.address)
      : showTooMany(c, ports, 'manage-link');
  });
  return app;
}

function show(c: Context, ports: WebAppPorts, form: FormState) {
  return showPage(
    c,
    ports,
    'Manage your subscription',
    <>
      <Faults form={form} />
      <p>
        Every digest has a link to your subscription at its end. Without one at hand, have a new one sent to
        you.
      </p>
      <form method="post">
        <AddressField form={form} />
        <Honeypot />
        <button class="main" type="submit">
          Send me a link
        </button>
      </form>
    </>,
    form.faults.length > 0 ? 422 : 200,
  );
}
