import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

const mathAlarmSchema = z.looseObject({
  Type: z.literal('AWS::CloudWatch::Alarm'),
  Properties: z.looseObject({
    Metrics: z.array(
      z.looseObject({
        MetricStat: z
          .object({
            Metric: z.object({
              Namespace: z.string(),
              MetricName: z.string(),
              Dimensions: z.array(z.unknown()).optional(),
            }),
            Period: z.number(),
            Stat: z.string(),
          })
          .optional(),
      }),
    ),
  }),
});

const actionsSchema = z.union([z.array(z.string()), z.string().transform((action) => [action])]);
const sendStatementSchema = z.looseObject({ Action: z.literal('ses:SendRawEmail') });
const tableSchema = z.looseObject({
  Type: z.literal('AWS::DynamoDB::GlobalTable'),
  Properties: z.looseObject({}),
});
const refSchema = z.strictObject({ Ref: z.string() });
const templateSchema = z.looseObject({
  Resources: z.record(z.string(), z.looseObject({ Type: z.string() })),
});

/**
 * Changes a template where ministack differs from AWS, and nowhere else. All of it is for the tests of the templates.
 *
 * - It knows no metric math, so an alarm that calculates with several metrics becomes one on the first of them.
 * - It asks for `sqs:SendMessageBatch`, which is no action of IAM, where AWS asks for `sqs:SendMessage`.
 * - When it checks a permission to send mail, it knows neither the identity nor the sender's address. So a permission that names
 *   them becomes one to send any mail.
 * - A reference to a secret is its name there, and its ARN on AWS.
 * - It renames a global table without a name of its own at each change of it, and loses the items. So tables get a name.
 *
 * @param assembly the folder of the template
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
 */
export async function adaptTemplate(assembly: string, stack: string): Promise<void> {
  const file = join(assembly, `${stack}.template.json`);
  const text = await readFile(file, 'utf8');
  const { Resources } = templateSchema.parse(JSON.parse(text));
  const isSecret = (id: string) => Resources[id]?.Type === 'AWS::SecretsManager::Secret';
  const template: unknown = JSON.parse(text, (key, value: unknown) => {
    if (key === 'Action') return withBatchAction(value);
    return withArn(withAnySender(withoutMath(withTableName(value, `${stack}-${key}`))), isSecret);
  });
  await writeFile(file, JSON.stringify(template));
}

function withTableName(value: unknown, name: string): unknown {
  const { data } = tableSchema.safeParse(value);
  return data ? { ...data, Properties: { TableName: name, ...data.Properties } } : value;
}

function withArn(value: unknown, isSecret: (logicalId: string) => boolean): unknown {
  const { data } = refSchema.safeParse(value);
  return data && isSecret(data.Ref) ? { 'Fn::GetAtt': [data.Ref, 'Arn'] } : value;
}

function withBatchAction(value: unknown): unknown {
  const actions = actionsSchema.safeParse(value);
  const mayAdd = actions.success && actions.data.includes('sqs:SendMessage');
  return mayAdd ? [...actions.data, 'sqs:SendMessageBatch'] : value;
}

function withAnySender(value: unknown): unknown {
  const { data } = sendStatementSchema.safeParse(value);
  return data ? { ...data, Resource: '*', Condition: undefined } : value;
}

function withoutMath(value: unknown): unknown {
  const alarm = mathAlarmSchema.safeParse(value);
  if (!alarm.success) return value;
  const { Metrics, ...others } = alarm.data.Properties;
  const first = Metrics.find(({ MetricStat }) => MetricStat !== undefined)?.MetricStat;
  if (!first) throw new Error('an alarm has an expression without metrics');
  const { Metric, Period, Stat } = first;
  return { ...alarm.data, Properties: { ...others, ...Metric, Period, Statistic: Stat } };
}
