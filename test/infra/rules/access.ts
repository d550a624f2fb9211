import { allOf, idIn, policiesOf, type Resource, type Resources, statementsOf, theOne } from '../template.ts';
import type { Rule } from './rule.ts';

const sendPolicy = (resources: Resources) =>
  theOne(resources, 'AWS::IAM::Policy', 'DigestsSendDigestsRoleDefaultPolicy').Properties.PolicyDocument;
const planPolicy = (resources: Resources) =>
  theOne(resources, 'AWS::IAM::Policy', 'DigestsPlanRoleDefaultPolicy').Properties.PolicyDocument;
const stage = (resources: Resources) =>
  theOne(resources, 'AWS::ApiGatewayV2::Stage', 'ApiGatewayStage').Properties;

/** The fields that the access log may have. None of them contains a reader's address, token or search. */
const HARMLESS = [
  'requestId',
  'requestTime',
  'httpMethod',
  // The template of the route, such as `ANY /papers/{proxy+}`.
  'routeKey',
  'status',
  'integrationStatus',
  'responseLength',
  'responseLatency',
  'integrationErrorMessage',
].map((name) => `$context.${name}`);

/** Returns the policies of roles, queues and topics. */
function policiesIn(resources: Resources) {
  return Object.entries(resources).filter(([, { Properties }]) => Properties?.PolicyDocument);
}

export const accessRules: readonly Rule[] = [
  {
    rule: 'no policy allows every action of a service',
    faultsIn: (resources) =>
      policiesIn(resources)
        .filter(([, policy]) =>
          statementsOf(policy).some(
            ({ effect, actions }) => effect === 'Allow' && actions.some((action) => action.includes('*')),
          ),
        )
        .map(([id]) => id),
    breaches: [
      (resources) => {
        sendPolicy(resources).Statement[0].Action = 'dynamodb:*';
      },
      (resources) => {
        sendPolicy(resources).Statement[0].Action = ['logs:CreateLogStream', '*'];
      },
    ],
  },
  {
    rule: 'no policy allows an action on every resource, except traces and the quota, which have none',
    faultsIn: (resources) =>
      policiesIn(resources)
        .filter(([, policy]) =>
          statementsOf(policy).some(
            ({ effect, actions, resources: on }) =>
              effect === 'Allow' &&
              on.includes('*') &&
              !actions.every((action) => action.startsWith('xray:') || action === 'ses:GetSendQuota'),
          ),
        )
        .map(([id]) => id),
    breaches: [
      (resources) => {
        sendPolicy(resources).Statement[0].Resource = '*';
      },
      (resources) => {
        const onAll = sendPolicy(resources).Statement.find(({ Resource: on }: Resource) => on === '*');
        onAll.Action = [onAll.Action, 's3:GetObject'];
      },
    ],
  },
  {
    rule: 'an AWS service may use a queue or topic only from the expected source',
    faultsIn: (resources) =>
      policiesIn(resources)
        .filter(([, { Properties }]) =>
          Properties.PolicyDocument.Statement.some(
            ({ Effect, Principal, Condition }: { Effect: string; Principal?: object; Condition?: object }) =>
              Effect === 'Allow' && Principal && !/"aws:SourceArn"/i.test(JSON.stringify(Condition ?? '')),
          ),
        )
        .map(([id]) => id),
    breaches: [
      (resources) => {
        const policy = theOne(resources, 'AWS::SNS::TopicPolicy', 'MailSenderFeedbackTopicPolicy');
        delete policy.Properties.PolicyDocument.Statement[1].Condition;
      },
    ],
  },
  {
    rule: 'a schedule invokes one function with a role that may do nothing else',
    faultsIn: (resources) =>
      allOf(resources, 'AWS::Scheduler::Schedule')
        .filter(([, { Properties }]) => {
          const target = `<${Properties.Target.Arn['Fn::GetAtt'].join('.')}>`;
          const statements = policiesOf(resources, idIn(Properties.Target.RoleArn)).flatMap(statementsOf);
          return (
            statements.length !== 1 ||
            statements.some(
              ({ actions, resources: on }) =>
                actions.join() !== 'lambda:InvokeFunction' ||
                !on.every((resource) => resource === target || resource === `${target}:$LATEST`),
            )
          );
        })
        .map(([id]) => id),
    breaches: [
      (resources) => {
        const api = allOf(resources, 'AWS::Lambda::Function').find(([id]) => id.startsWith('PagesApi'))?.[0];
        planPolicy(resources).Statement[0].Resource.push({ 'Fn::GetAtt': [api, 'Arn'] });
      },
      (resources) => {
        planPolicy(resources).Statement[0].Action = ['lambda:InvokeFunction', 'lambda:GetFunction'];
      },
      (resources) => planPolicy(resources).Statement.pop(),
    ],
  },
  {
    rule: 'requests are limited, and logged without path, query or address',
    faultsIn: (resources) =>
      allOf(resources, 'AWS::ApiGatewayV2::Stage')
        .filter(([, { Properties }]) => {
          const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } =
            Properties.DefaultRouteSettings ?? {};
          const logged: readonly string[] = Properties.AccessLogSettings?.Format.match(/\$[\w.]+/g) ?? [];
          return !(
            rate > 0 &&
            burst > 0 &&
            logged.length > 0 &&
            logged.every((field) => HARMLESS.includes(field))
          );
        })
        .map(([id]) => id),
    breaches: [
      (resources) => delete stage(resources).DefaultRouteSettings.ThrottlingRateLimit,
      (resources) => delete stage(resources).DefaultRouteSettings.ThrottlingBurstLimit,
      (resources) => delete stage(resources).AccessLogSettings,
      ...['path', 'identity.sourceIp', 'identity.userAgent', 'authorizer.sub'].map(
        (name) => (resources: Resources) => {
          stage(resources).AccessLogSettings.Format += `$context.${name}`;
        },
      ),
    ],
  },
];
