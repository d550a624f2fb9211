import { assumed, IDLE_POLLS, scheduledRunsOf } from './idle-month.ts';
import { prices } from './prices.ts';
import { ofType } from './resources.ts';
import type { CostRule } from './cost-rule.ts';

const GB = 1e9;

/** What runs: functions, their schedules and logs, the queues between them, the HTTP API. */
export const functionRules: readonly CostRule[] = [
  {
    types: ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'AWS::Lambda::EventSourceMapping'],
    toLines: (resources) => {
      const sources = ofType(resources, 'AWS::Lambda::EventSourceMapping').length;
      return [
        {
          resource: 'Queues, polled while they are empty',
          count: sources,
          quantity: sources * IDLE_POLLS,
          price: prices.sqsRequests,
          note: `Lambda polls each queue that it works off five times at once, for 20 seconds: ${IDLE_POLLS.toLocaleString('en')} requests a month each`,
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
      const runs = scheduledRunsOf(resources).reduce((sum, one) => sum + one.runs, 0);
      const line = {
        count: ofType(resources, 'AWS::Logs::LogGroup').length,
        quantity: (runs * assumed.logBytesPerRun) / GB,
      };
      return [
        {
          ...line,
          resource: 'Logs, written',
          price: prices.logsIngested,
          note: `${assumed.logBytesPerRun.toLocaleString('en')} bytes a run`,
        },
        { ...line, resource: 'Logs, kept', price: prices.logsStored, note: 'for a month' },
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
