import type { Telemetry } from '../../shared/observability.ts';
import type { Mail, Mailer, SendResult } from '../../shared/ports/mail.ts';
import type { Queue } from '../../shared/ports/queues.ts';

/** Creates a queue that keeps its messages, and refuses the first `refusals` messages once each. */
export function createFakeQueue<Message>(refusals = 0): Queue<Message> & { readonly messages: Message[] } {
  const messages: Message[] = [];
  let toRefuse = refusals;
  return {
    messages,
    async enqueue(offered) {
      const refused = offered.slice(0, toRefuse);
      toRefuse -= refused.length;
      messages.push(...offered.slice(refused.length));
      return refused;
    },
  };
}

/** Creates a mailer that accepts all mails, unless `answer` returns another result for the n-th mail, counted from 0. */
export function createFakeMailer(
  answer: (mail: Mail, n: number) => SendResult | undefined = () => undefined,
): Mailer & { readonly sent: Mail[] } {
  const sent: Mail[] = [];
  let asked = 0;
  return {
    sent,
    async send(mail) {
      const result = answer(mail, asked++) ?? { kind: 'accepted', messageId: `message-${asked}` };
      if (result.kind === 'accepted') sent.push(mail);
      return result;
    },
  };
}

export interface FakeTelemetry extends Telemetry {
  readonly sentences: string[];
  readonly counts: Map<string, number>;
}

/** Creates telemetry that keeps sentences and counts. */
export function createFakeTelemetry(): FakeTelemetry {
  const sentences: string[] = [];
  const counts = new Map<string, number>();
  const say = (sentence: string) => {
    sentences.push(sentence);
  };
  return {
    sentences,
    counts,
    info: say,
    warn: say,
    error: say,
    count: (metric, value) => {
      counts.set(metric, (counts.get(metric) ?? 0) + value);
    },
  };
}
