import { randomUUID } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import { createFaultRoutes, type FaultKind, type Faults, type SesAction, sesActions } from './faults.ts';
import { parseSendRawEmail, toErrorXml, toResultXml } from './protocol.ts';
import { type SendPorts, sendRawEmail } from './send-raw-email.ts';
import {
  accountPaused,
  accountPausedBySes,
  internalFailure,
  invalidAction,
  quotaExceeded,
  rateExceeded,
  SesError,
} from './ses-error.ts';

/** What the Node server passes to a route. */
interface SesBindings {
  readonly Bindings: HttpBindings;
}

/** One action with parsed parameters. */
interface Call {
  readonly destinations: readonly string[];
  /** Performs the action and returns the values of the answer. */
  perform(): Promise<Readonly<Record<string, string>>>;
}

/**
 * Creates the routes of the SES v1 Query protocol, on `POST` to any path, and of the faults, on `/faults`. Signatures are not
 * checked.
 *
 * @see https://docs.aws.amazon.com/ses/latest/APIReference/Welcome.html
 */
export function createSesRoutes(ports: SendPorts, faults: Faults): Hono<SesBindings> {
  const answer = async (c: Context<SesBindings>): Promise<Response> => {
    const requestId = randomUUID();
    try {
      const xml = await perform(new URLSearchParams(await c.req.text()), ports, faults, requestId);
      return xml === undefined ? hangUp(c) : toResponse(c, xml, requestId);
    } catch (error) {
      if (!(error instanceof SesError)) console.error(error);
      const sesError = error instanceof SesError ? error : internalFailure();
      c.status(sesError.status);
      return toResponse(c, toErrorXml(sesError, requestId), requestId);
    }
  };
  return new Hono<SesBindings>()
    .route('/faults', createFaultRoutes(faults))
    .post('/', answer)
    .post('/*', answer);
}

/** Performs a request and returns the answer. Undefined if a fault drops the answer. */
async function perform(
  form: URLSearchParams,
  ports: SendPorts,
  faults: Faults,
  requestId: string,
): Promise<string | undefined> {
  const name = form.get('Action') ?? '';
  const action = sesActions.find((known) => known === name);
  if (!action) throw invalidAction(name);
  const call = toCall(action, form, ports);
  const fault = faults.take({ action, destinations: call.destinations });
  if (fault === 'reset') return undefined;
  const refusal = fault && toRefusal(fault);
  if (refusal) throw refusal;
  const values = await call.perform();
  if (fault === 'drop-answer') return undefined;
  if (fault === 'server-error-after') throw internalFailure();
  return toResultXml(action, values, requestId);
}

function toCall(action: SesAction, form: URLSearchParams, ports: SendPorts): Call {
  switch (action) {
    case 'SendRawEmail': {
      const request = parseSendRawEmail(form);
      return {
        destinations: request.destinations,
        perform: async () => ({ MessageId: (await sendRawEmail(request, ports)).messageId }),
      };
    }
    case 'GetSendQuota':
      return { destinations: [], perform: async () => toQuotaValues(ports) };
    case 'GetAccountSendingEnabled':
      return { destinations: [], perform: async () => ({ Enabled: `${ports.account.isSendingEnabled()}` }) };
    default:
      return action satisfies never;
  }
}

function toQuotaValues({ account }: SendPorts): Readonly<Record<string, string>> {
  const { max24HourSend, maxSendRate, sentLast24Hours } = account.quota();
  return {
    Max24HourSend: toDouble(max24HourSend),
    MaxSendRate: toDouble(maxSendRate),
    SentLast24Hours: toDouble(sentLast24Hours),
  };
}

/** Formats a number as AWS formats a double: `200.0`. */
function toDouble(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : `${value}`;
}

/** Returns the error of a fault. Undefined for a fault that happens after the message is accepted. */
function toRefusal(kind: Exclude<FaultKind, 'reset'>): SesError | undefined {
  switch (kind) {
    case 'throttle':
      return rateExceeded();
    case 'quota':
      return quotaExceeded();
    case 'paused':
      return accountPaused();
    case 'paused-by-ses':
      return accountPausedBySes();
    case 'server-error':
      return internalFailure();
    case 'server-error-after':
    case 'drop-answer':
      return undefined;
    default:
      return kind satisfies never;
  }
}

function toResponse(c: Context<SesBindings>, xml: string, requestId: string): Response {
  return c.body(xml, { headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId } });
}

function hangUp(c: Context<SesBindings>): Response {
  c.env.incoming.socket.destroy();
  return RESPONSE_ALREADY_SENT;
}
