import { cohortIndexes } from '../../../shared/adapters/dynamodb/table-schema.ts';
import type { FunctionName } from '../../../shared/observability.ts';
import { type Deployment, functionIdOf } from '../deployment.ts';
import { allOf, idIn, policiesOf, type Resource, statementsOf, textOf } from '../template.ts';
import type { Need } from './needs.ts';

/** What Lambda does with the function's role: it receives messages, and writes logs and, if it traces, traces. */
const QUEUE_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
const LOG_ACTIONS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const TRACE_ACTIONS = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];

const SES_ARN = 'arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>';

/** Returns what a function may do: `dynamodb:GetItem on <Papers.Arn>`, sorted. */
export function grantsOf(name: FunctionName, deployment: Deployment): readonly string[] {
  const { resources } = deployment;
  const role = idIn(propertiesOf(name, deployment).Role);
  const statements = policiesOf(resources, role).flatMap(statementsOf);
  return toGrants(
    statements.flatMap(({ effect, actions, resources: on }) =>
      actions.flatMap((action) =>
        on.map((resource) => [effect === 'Allow' ? action : `${effect} ${action}`, resource] as const),
      ),
    ),
  );
}

/** Returns what a function needs, for its own calls and those of Lambda, in the form of {@link grantsOf}. */
export function grantsFor(
  name: FunctionName,
  needs: readonly Need[],
  deployment: Deployment,
): readonly string[] {
  const { Environment, LoggingConfig, TracingConfig } = propertiesOf(name, deployment);
  const queues = allOf(deployment.resources, 'AWS::Lambda::EventSourceMapping')
    .filter(([, { Properties }]) => idIn(Properties.FunctionName) === functionIdOf(deployment, name))
    .map(([, { Properties }]) => textOf(Properties.EventSourceArn));
  return toGrants([
    ...needs.flatMap((need) =>
      placesOf(need, need.variable && textOf(Environment.Variables[need.variable])).map(
        (on) => [need.action, on] as const,
      ),
    ),
    ...queues.flatMap((queue) => QUEUE_ACTIONS.map((action) => [action, queue] as const)),
    ...LOG_ACTIONS.map((action) => [action, arnOf(textOf(LoggingConfig.LogGroup))] as const),
    ...(TracingConfig ? TRACE_ACTIONS : []).map((action) => [action, '*'] as const),
  ]);
}

/** Returns the resource of an action as in a policy. @param value the value of the function's variable: `<Papers>` */
function placesOf({ action, isOnIndex }: Need, value: string | undefined): readonly string[] {
  if (value === undefined) return ['*'];
  const [service] = action.split(':');
  switch (service) {
    case 'dynamodb':
      return isOnIndex
        ? Object.values(cohortIndexes).map(({ name }) => `${arnOf(value)}/index/${name}`)
        : [arnOf(value)];
    case 'sqs':
      return [arnOf(value)];
    case 'secretsmanager':
      return [value];
    // SES also checks the sender's identity, which only the account knows.
    case 'ses':
      return [`${SES_ARN}:configuration-set/${value}`, `${SES_ARN}:identity/*`];
    default:
      throw new Error(`add the resource of ${action} to the analysis`);
  }
}

function arnOf(reference: string): string {
  return reference.replace(/>$/, '.Arn>');
}

function toGrants(pairs: readonly (readonly [action: string, on: string])[]): readonly string[] {
  const withoutHashes = (text: string) => text.replace(/[0-9A-F]{8}(?=[.>])/g, '');
  return [...new Set(pairs.map(([action, on]) => `${action} on ${withoutHashes(on)}`))].sort();
}

function propertiesOf(name: FunctionName, deployment: Deployment): Resource {
  return deployment.resources[functionIdOf(deployment, name)]?.Properties;
}
