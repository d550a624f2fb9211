import * as z from 'zod';

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});
const templateSchema = z.object({ Resources: z.record(z.string(), resourceSchema) });

/** A resource as a template of CloudFormation writes it. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** All resources of templates, as `cdk synth` writes them. */
export function resourcesOf(templates: readonly unknown[]): readonly Resource[] {
  return templates.flatMap((template) =>
    Object.entries(templateSchema.parse(template).Resources).map(([id, { Type, Properties }]) => ({
      id,
      type: Type,
      properties: Properties,
    })),
  );
}

/** The resources of a type. */
export function ofType(resources: readonly Resource[], type: string): readonly Resource[] {
  return resources.filter((resource) => resource.type === type);
}

/** What the properties of the resources of a type say, as a schema reads them. */
export function propertiesOf<Schema extends z.ZodType>(
  resources: readonly Resource[],
  type: string,
  schema: Schema,
): readonly z.infer<Schema>[] {
  return ofType(resources, type).map(({ id, properties }) => {
    const parsed = schema.safeParse(properties);
    if (parsed.success) return parsed.data;
    throw new Error(`${id} (${type}) is not as the cost page expects it: ${z.prettifyError(parsed.error)}`);
  });
}
