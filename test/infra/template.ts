import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';

/** A resource or any other object in a template. */
export type Resource = CloudFormationStackArtifact['template'];
/** Resources by logical id. */
export type Resources = Readonly<Record<string, Resource>>;

export function allOf(resources: Resources, type: string): readonly [id: string, resource: Resource][] {
  return Object.entries(resources).filter(([, resource]) => resource.Type === type);
}

/**
 * Returns the resource of a type whose logical id is this name and CDK's hash: `theOne(resources, 'AWS::SQS::Queue',
 * 'DigestsCohortsQueue')`.
 *
 * @throws Error that names the existing ids
 */
export function theOne(resources: Resources, type: string, name: string): Resource {
  const ids = allOf(resources, type);
  const [found, ...others] = ids.filter(([id]) => nameOf(id) === name);
  if (!found || others.length > 0) {
    throw new Error(`expected one ${type} called ${name} among ${ids.map(([id]) => id).join(', ')}`);
  }
  return found[1];
}

/** Returns a logical id without CDK's hash. */
export function nameOf(id: string): string {
  return id.replace(/[0-9A-F]{8}$/, '');
}

/** Returns the logical id in a `Ref` or `Fn::GetAtt`, or undefined for anything else. */
export function idIn(reference: Resource | undefined): string | undefined {
  return reference?.Ref ?? reference?.['Fn::GetAtt']?.[0];
}

/** Returns a value as one text. `<Id>` and `<Id.Arn>` replace what CloudFormation resolves. */
export function textOf(value: Resource | string): string {
  if (typeof value === 'string') return value;
  if (value.Ref) return `<${value.Ref}>`;
  if (value['Fn::GetAtt']) return `<${value['Fn::GetAtt'].join('.')}>`;
  const [separator, parts] = value['Fn::Join'] ?? [];
  if (!parts) throw new Error(`expected a text: ${JSON.stringify(value)}`);
  return parts.map(textOf).join(separator);
}

export interface Statement {
  readonly effect: string;
  readonly actions: readonly string[];
  /** Returns the resources as texts. There are none in the trust policy of a role. */
  readonly resources: readonly string[];
  readonly conditions: Resource | undefined;
}

/** Returns the statements of a policy, always as lists. */
export function statementsOf(policy: Resource): readonly Statement[] {
  return policy.Properties.PolicyDocument.Statement.map((statement: Resource) => ({
    effect: statement.Effect,
    actions: [statement.Action].flat(),
    resources: [statement.Resource ?? []].flat().map(textOf),
    conditions: statement.Condition,
  }));
}

/** Returns the policies of a role. */
export function policiesOf(resources: Resources, roleId: string | undefined): readonly Resource[] {
  return allOf(resources, 'AWS::IAM::Policy')
    .map(([, policy]) => policy)
    .filter(({ Properties }) => Properties.Roles?.map(idIn).includes(roleId));
}
