import * as z from 'zod';
import type { CostRule } from './cost-rule.ts';
import { assumed, idlePolls, scheduledRunsOf } from './idle-month.ts';
import { prices } from './prices.ts';
import { ofType, propertiesOf } from './resources.ts';
import { quantity } from './wording.ts';

const GB = 1e9;

const DAYS_A_MONTH = 30;

const logGroupSchema = z.object({ RetentionInDays: z.number() });

/** What runs: functions, their schedules and logs, the queues between them, the HTTP API. */
export const functionRules: readonly CostRule[] = [
  {
    types: ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'AWS::Lambda::EventSourceMapping'],
    toLines: (resources) => {
      const count = ofType(resources, 'AWS::Lambda::EventSourceMapping').length;
      return [
        {
          resource: 'Queues, polled while they are empty',
          count,
          quantity: count * idlePolls,
          price: prices.sqsRequests,
          note: `Lambda polls each five times at once, for 20 seconds: ${quantity(idlePolls)} requests a month each`,
        },
        {
          resource: 'Queues',
          count: ofType(resources, 'AWS::SQS::Queue').length,
          quantity: 0,
          note: 'dead-letter queues among them, which nothing polls; encrypted with a key of SQS, which is free',
        },
      ];
    },
  },
  {
    types: ['AWS::Scheduler::Schedule'],
    toLines: (resources) => [
      {
        resource: 'Schedules',
        count: ofType(resources, 'AWS::Scheduler::Schedule').length,
        quantity: scheduledRunsOf(resources).reduce((sum, { runs }) => sum + runs, 0),
        price: prices.schedulerInvocations,
        note: 'four times an hour each',
      },
    ],
  },
  {
    types: ['AWS::Lambda::Function', 'AWS::Lambda::Permission', 'AWS::Lambda::EventInvokeConfig'],
    toLines: (resources) => {
      const count = ofType(resources, 'AWS::Lambda::Function').length;
      const scheduled = scheduledRunsOf(resources);
      const runs = scheduled.reduce((sum, one) => sum + one.runs, 0);
      const durations = scheduled.map(
        (one) => `\`${one.functionName}\` ${assumed.runSec[one.functionName]} s`,
      );
      const running = {
        resource: 'Functions, running',
        count,
        quantity: scheduled.reduce((sum, { gbSeconds }) => sum + gbSeconds, 0),
        price: prices.lambdaGbSeconds,
        note: `a run takes, its start included: ${durations.join(', ')}`,
      };
      const invoked = { quantity: runs, note: 'those that have a schedule; the others wait' };
      return [
        { resource: 'Functions, invoked', count, price: prices.lambdaRequests, ...invoked },
        running,
        { resource: 'Traces', count, price: prices.traces, quantity: runs, note: 'every scheduled run' },
      ];
    },
  },
  {
    types: ['AWS::Logs::LogGroup'],
    toLines: (resources) => {
      const groups = propertiesOf(resources, 'AWS::Logs::LogGroup', logGroupSchema);
      const retentionDays = Math.max(...groups.map(({ RetentionInDays }) => RetentionInDays));
      const runs = scheduledRunsOf(resources).reduce((sum, one) => sum + one.runs, 0);
      const writtenGb = (runs * assumed.logBytesPerRun) / GB;
      const count = groups.length;
      return [
        {
          resource: 'Logs, written',
          count,
          quantity: writtenGb,
          price: prices.logsIngested,
          note: `${assumed.logBytesPerRun.toLocaleString('en')} bytes a run`,
        },
        {
          resource: 'Logs, kept',
          count,
          quantity: (writtenGb * retentionDays) / DAYS_A_MONTH,
          price: prices.logsStored,
          note: `for ${retentionDays} days, as \`logRetentionDays\` has it`,
        },
      ];
    },
  },
  {
    types: [
      'AWS::ApiGatewayV2::Api',
      'AWS::ApiGatewayV2::ApiMapping',
      'AWS::ApiGatewayV2::DomainName',
      'AWS::ApiGatewayV2::Integration',
      'AWS::ApiGatewayV2::Route',
      'AWS::ApiGatewayV2::Stage',
      'AWS::Logs::MetricFilter',
    ],
    toLines: (resources) => [
      {
        resource: 'HTTP API',
        count: ofType(resources, 'AWS::ApiGatewayV2::Api').length,
        quantity: 0,
        price: prices.httpRequests,
        note: 'costs nothing while nobody asks for a page; a domain of your own costs nothing more',
      },
    ],
  },
];
