import { toCountText } from '../../shared/mail/wording.ts';
import type { MetricName, Telemetry } from '../../shared/observability.ts';
import type { Report } from './schedule.ts';

/** What is counted for each mail that went out. */
const SENT: readonly MetricName[] = ['DigestsSent', 'AccountMailsSent'];

/** The telemetry, which also reports each mail that was sent, and where it is shown. */
export function reportingSent(telemetry: Telemetry, report: Report, inboxUrl: string): Telemetry {
  return {
    ...telemetry,
    count(metric, value, list) {
      telemetry.count(metric, value, list);
      if (SENT.includes(metric)) report(`sent ${toCountText(value, 'mail')}: ${inboxUrl}`);
    },
  };
}
