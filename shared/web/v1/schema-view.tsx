import type { FC } from 'hono/jsx';

/** What is read of a JSON schema. */
interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** A shape in words: its type, and for an object each field with what it may hold. */
export const SchemaView: FC<{ schema: JsonSchema }> = ({ schema }) => {
  const inner = schema.items ?? schema;
  return (
    <>
      <p>
        <TypeName schema={schema} />
      </p>
      {inner.properties && (
        <ul>
          {Object.entries(inner.properties).map(([name, field]) => (
            <li key={name}>
              <code>{name}</code>
              {inner.required?.includes(name) ? '' : ' (optional)'}: <TypeName schema={field} />
              {field.description && `. ${field.description}`}
              {holdsFields(field) && <SchemaView schema={field} />}
            </li>
          ))}
        </ul>
      )}
    </>
  );
};

const TypeName: FC<{ schema: JsonSchema }> = ({ schema }) => {
  const { $ref, items } = schema;
  if ($ref) {
    const name = $ref.split('/').at(-1);
    return <a href={`#shape-${name}`}>{name}</a>;
  }
  if (items) {
    return (
      <>
        list of <TypeName schema={items} />
        {toLimits(schema)}
      </>
    );
  }
  return <>{`${toTypeText(schema)}${toLimits(schema)}`}</>;
};

function toTypeText({ type, format, enum: values, const: value, anyOf, oneOf }: JsonSchema): string {
  if (values) return values.map((one) => JSON.stringify(one)).join(' or ');
  if (value !== undefined) return JSON.stringify(value);
  const choices = anyOf ?? oneOf;
  if (choices) return choices.map(toTypeText).join(' or ');
  return format ? `${type} (${format})` : (type ?? 'anything');
}

/** `, 1 to 20, default 10` */
function toLimits({ minimum, maximum, minItems, maxItems, maxLength, default: usual }: JsonSchema): string {
  const from = minimum ?? minItems;
  const to = maximum ?? maxItems;
  const parts = [
    from !== undefined && to !== undefined && to < Number.MAX_SAFE_INTEGER ? `${from} to ${to}` : undefined,
    maxLength === undefined ? undefined : `at most ${maxLength} characters`,
    usual === undefined ? undefined : `default ${JSON.stringify(usual)}`,
  ];
  return parts
    .filter((part) => part !== undefined)
    .map((part) => `, ${part}`)
    .join('');
}

function holdsFields({ properties, items }: JsonSchema): boolean {
  return (items?.properties ?? properties) !== undefined;
}
