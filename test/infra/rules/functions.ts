import {
  allOf,
  idIn,
  policiesOf,
  type Resource,
  type Resources,
  statementsOf,
  textOf,
  theOne,
} from '../template.ts';
import type { Rule } from './rule.ts';

/** The newest Node.js runtime of Lambda. @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
const NEWEST_RUNTIME = 'nodejs24.x';

const functionsIn = (resources: Resources) => allOf(resources, 'AWS::Lambda::Function');
const rolesIn = (resources: Resources) => allOf(resources, 'AWS::IAM::Role');
const sendDigests = (resources: Resources) =>
  theOne(resources, 'AWS::Lambda::Function', 'DigestsSendDigests').Properties;
const sendRole = (resources: Resources) =>
  theOne(resources, 'AWS::IAM::Role', 'DigestsSendDigestsRole').Properties;

/** Returns the rules for functions, with the expected log retention in days. */
export function functionRules(logRetentionDays: number): readonly Rule[] {
  return [
    {
      rule: 'every function runs on arm64 and the newest Node.js, and logs JSON',
      faultsIn: (resources) =>
        functionsIn(resources)
          .filter(
            ([, { Properties: fn }]) =>
              fn.Architectures?.join() !== 'arm64' ||
              fn.Runtime !== NEWEST_RUNTIME ||
              fn.LoggingConfig?.LogFormat !== 'JSON',
          )
          .map(([id]) => id),
      breaches: [
        (resources) => delete sendDigests(resources).Architectures,
        (resources) => {
          sendDigests(resources).Runtime = 'nodejs22.x';
        },
        (resources) => delete sendDigests(resources).LoggingConfig.LogFormat,
      ],
    },
    {
      rule: 'every function has its own log group',
      faultsIn: (resources) => {
        const groups = functionsIn(resources).map(([, { Properties }]) =>
          idIn(Properties.LoggingConfig?.LogGroup),
        );
        return functionsIn(resources)
          .filter((_, index) => {
            const group = groups[index];
            return !group || !resources[group] || groups.indexOf(group) !== groups.lastIndexOf(group);
          })
          .map(([id]) => id);
      },
      breaches: [
        (resources) => delete sendDigests(resources).LoggingConfig,
        (resources) => {
          const { LoggingConfig } = theOne(resources, 'AWS::Lambda::Function', 'PagesApi').Properties;
          sendDigests(resources).LoggingConfig = LoggingConfig;
        },
      ],
    },
    {
      rule: 'every log group has the retention of the settings',
      faultsIn: (resources) =>
        allOf(resources, 'AWS::Logs::LogGroup')
          .filter(([, { Properties }]) => Properties?.RetentionInDays !== logRetentionDays)
          .map(([id]) => id),
      breaches: [
        (resources) =>
          delete theOne(resources, 'AWS::Logs::LogGroup', 'DigestsSendDigestsLogs').Properties
            .RetentionInDays,
        (resources) => delete theOne(resources, 'AWS::Logs::LogGroup', 'ApiGatewayAccessLogs').Properties,
      ],
    },
    {
      rule: 'only a function that sends to its own queue may invoke itself in a loop',
      faultsIn: (resources) =>
        functionsIn(resources)
          .filter(([id, { Properties: fn }]) => {
            const own = allOf(resources, 'AWS::Lambda::EventSourceMapping')
              .filter(([, { Properties: mapping }]) => idIn(mapping.FunctionName) === id)
              .map(([, { Properties: mapping }]) => textOf(mapping.EventSourceArn));
            const sendsToItself = policiesOf(resources, idIn(fn.Role))
              .flatMap(statementsOf)
              .some(
                (statement) =>
                  statement.actions.includes('sqs:SendMessage') &&
                  statement.resources.some((on) => own.includes(on)),
              );
            return sendsToItself !== (fn.RecursiveLoop === 'Allow');
          })
          .map(([id]) => id),
      breaches: [
        (resources) => delete sendDigests(resources).RecursiveLoop,
        (resources) => {
          theOne(resources, 'AWS::Lambda::Function', 'DigestsPlanDigests').Properties.RecursiveLoop = 'Allow';
        },
      ],
    },
    {
      rule: 'every function has its own role',
      faultsIn: (resources) => {
        const roles = functionsIn(resources).map(([, { Properties }]) => idIn(Properties.Role) ?? '');
        return functionsIn(resources)
          .filter((_, index) => roles.indexOf(roles[index] ?? '') !== roles.lastIndexOf(roles[index] ?? ''))
          .map(([id]) => id);
      },
      breaches: [
        (resources) => {
          const { Role } = theOne(resources, 'AWS::Lambda::Function', 'PagesApi').Properties;
          sendDigests(resources).Role = Role;
        },
      ],
    },
    {
      rule: 'no role has an AWS managed policy, or a policy outside its own resource',
      faultsIn: (resources) =>
        rolesIn(resources)
          .filter(([, { Properties }]) => Properties.ManagedPolicyArns || Properties.Policies)
          .map(([id]) => id),
      breaches: [
        (resources) => {
          sendRole(resources).ManagedPolicyArns = ['arn:aws:iam::aws:policy/AdministratorAccess'];
        },
        (resources) => {
          sendRole(resources).Policies = [{ PolicyName: 'more' }];
        },
      ],
    },
    {
      rule: 'a role of the scheduler can be assumed only for this account',
      faultsIn: (resources) =>
        rolesIn(resources)
          .filter(([, { Properties }]) =>
            Properties.AssumeRolePolicyDocument.Statement.some(
              ({ Principal, Condition }: Resource) =>
                Principal.Service === 'scheduler.amazonaws.com' &&
                Condition?.StringEquals?.['aws:SourceAccount']?.Ref !== 'AWS::AccountId',
            ),
          )
          .map(([id]) => id),
      breaches: [
        (resources) => {
          const { AssumeRolePolicyDocument: trust } = theOne(
            resources,
            'AWS::IAM::Role',
            'DigestsPlanRole',
          ).Properties;
          delete trust.Statement[0].Condition;
        },
      ],
    },
    {
      rule: 'only one AWS service can assume a role',
      faultsIn: (resources) =>
        rolesIn(resources)
          .filter(([, { Properties }]) => {
            const [statement, ...others] = Properties.AssumeRolePolicyDocument.Statement;
            const { Service, ...anybodyElse } = statement.Principal;
            return others.length > 0 || typeof Service !== 'string' || Object.keys(anybodyElse).length > 0;
          })
          .map(([id]) => id),
      breaches: [
        (resources) => {
          sendRole(resources).AssumeRolePolicyDocument.Statement[0].Principal = { AWS: '*' };
        },
      ],
    },
  ];
}
