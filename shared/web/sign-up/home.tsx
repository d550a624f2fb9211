import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { askForMail } from '../../subscribers/ask-for-mail.ts';
import { signingKeyOf } from '../../subscribers/keys.ts';
import { reportFilledHoneypot } from '../parts/bot-checks.tsx';
import type { FormFault, FormValues } from '../parts/fields.tsx';
import { firstOf } from '../parts/fields.tsx';
import { checkStamp, signStamp } from '../parts/form-stamp.ts';
import { showCheckYourMail, showTooMany } from '../parts/notices.tsx';
import { joinForms, parseFields, parseLists, readForm } from '../parts/read-form.ts';
import type { WebAppPorts } from '../ports.ts';
import { type HomeExtra, HomePage, STAMP, toConsentText } from './home-page.tsx';
import { MAX_PAPERS, toSignUp } from './to-sign-up.ts';

const ONCE_MORE = {
  'too-quick': 'That was quick. Please look it over and press the button once more.',
  unknown: 'This page was open for long. Please press the button once more.',
} as const;

interface ShownForm {
  readonly values?: FormValues;
  readonly faults?: readonly FormFault[];
  readonly notice?: string;
  /** Of when it was shown first. @default now */
  readonly stamp?: string;
}

/** The front page and its form. The answer to the form is the same for every address. */
export function createSignUpRoutes(ports: WebAppPorts, homeExtra?: () => Promise<HomeExtra>): Hono {
  const app = new Hono();
  const show = async (c: Context, shown: ShownForm) => {
    const { values = defaultsOf(ports), faults = [], notice } = shown;
    const now = ports.clock.now();
    const { linkKeys } = await ports.keyring.load();
    const { publication, lists } = ports;
    return c.html(
      <HomePage
        {...{ publication, lists, notice }}
        form={{ values, faults }}
        stamp={shown.stamp ?? signStamp(signingKeyOf(linkKeys, now), now)}
        extra={await homeExtra?.()}
      />,
      faults.length > 0 || notice ? 422 : 200,
    );
  };

  app.get('/', (c) => show(c, {}));
  app.get('/sign-up', (c) => c.redirect('/', 303));
  app.post('/sign-up', async (c) => {
    const values = await readForm(c);
    if (reportFilledHoneypot(ports, 'sign-up', values))
      return showCheckYourMail(c, ports, 'sign-up', firstOf(values, 'address'));
    const stamp = firstOf(values, STAMP);
    const form = joinForms(
      parseFields(values, ['address', 'query', 'cadence', 'timeZone', 'hour']),
      parseLists(values, ports.lists),
    );
    if ('faults' in form) return show(c, { values, faults: form.faults, stamp });

    const { linkKeys } = await ports.keyring.load();
    const checked = checkStamp(stamp, linkKeys, ports.clock.now());
    if (checked === 'too-quick') return show(c, { values, notice: ONCE_MORE[checked], stamp });
    if (checked === 'unknown') return show(c, { values, notice: ONCE_MORE[checked] });

    const { address, timeZone, hour, lists, query, cadence } = form.data;
    const subscription = { lists, query, cadence, maxPapers: MAX_PAPERS };
    const client = ports.clientAddress(c);
    const text = toConsentText(ports.publication);
    const signUp = toSignUp(ports, { timeZone, hour, subscription, text }, client);
    const isAccepted = await askForMail(ports, client, {
      ...{ kind: 'sign-up', id: randomUUID(), address, signUp },
    });
    return isAccepted ? showCheckYourMail(c, ports, 'sign-up', address) : showTooMany(c, ports, 'sign-up');
  });
  return app;
}

function defaultsOf({ lists, defaults }: WebAppPorts): FormValues {
  return {
    lists,
    cadence: [defaults.cadence],
    timeZone: ['UTC'],
    hour: [String(defaults.hour)],
  };
}
