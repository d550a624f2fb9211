import type { FC } from 'hono/jsx';
import { InlineCode } from '../parts/inline-code.tsx';

/** The parts of a JSON schema that the page shows. */
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

/** Describes a shape in words: each field of an object with its values, or the type of anything else. */
export const SchemaView: FC<{ schema: JsonSchema }> = ({ schema }) => {
  const inner = schema.items ?? schema;
  if (!inner.properties) {
    return (
      <p>
        <TypeName schema={schema} />
      </p>
    );
  }
  return (
    <ul>
      {Object.entries(inner.properties).map(([name, field]) => (
        <li key={name}>
          <code>{name}</code>
          {inner.required?.includes(name) ? '' : ' (optional)'}: <TypeName schema={field} />
          {field.description && <InlineCode text={`. ${field.description}`} />}
          {holdsFields(field) && <SchemaView schema={field} />}
        </li>
      ))}
    </ul>
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
        a list{toItemCount(schema)}, each: <TypeName schema={items} />
      </>
    );
  }
  return <>{`${toTypeText(schema)}${toLimits(schema)}`}</>;
};

/** ` of 1 to 20` */
function toItemCount({ minItems, maxItems }: JsonSchema): string {
  return minItems !== undefined && maxItems !== undefined ? ` of ${minItems} to ${maxItems}` : '';
}

function toTypeText({ type, format, enum: values, const: constant, anyOf, oneOf }: JsonSchema): string {
  if (values) return values.map((value) => JSON.stringify(value)).join(' or ');
  if (constant !== undefined) return JSON.stringify(constant);
  const choices = anyOf ?? oneOf;
  if (choices) return choices.map(toTypeText).join(' or ');
  return format ? `${type} (${format})` : (type ?? 'anything');
}

/** `, 1 to 20, default 10` */
function toLimits({ minimum, maximum, maxLength, default: usual }: JsonSchema): string {
  const hasRange = minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  const parts = [
    hasRange ? `${minimum} to ${maximum}` : undefined,
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
