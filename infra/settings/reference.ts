import * as z from 'zod';

/** A setting in the reference. */
interface SettingReference {
  /** `sending.accountRatePerSec` */
  readonly name: string;
  /** The accepted values in words: `number, 1 to 5,000`. */
  readonly values: string;
  /** The default, or that the setting is required. Undefined if the schema does not say. */
  readonly fallback: string | undefined;
  readonly description: string;
}

interface SettingsGroup {
  readonly title: string;
  readonly description: string;
  readonly settings: readonly SettingReference[];
}

/** The part of a JSON schema that the settings use. */
const nodeSchema = z.object({
  type: z.string().optional(),
  description: z.string().default(''),
  default: z.unknown().optional(),
  enum: z.array(z.union([z.string(), z.number()])).optional(),
  format: z.string().optional(),
  pattern: z.string().optional(),
  maxLength: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  required: z.array(z.string()).default([]),
  get anyOf() {
    return z.array(nodeSchema).optional();
  },
  get items() {
    return nodeSchema.optional();
  },
  get properties() {
    return z.record(z.string(), nodeSchema).optional();
  },
});

type Node = z.infer<typeof nodeSchema>;

/** Sample texts by kind. A pattern that accepts only one of them is named after its kind. */
const TEXTS: readonly (readonly [kind: string, text: string])[] = [
  ['host name', 'daily.example.org'],
  ['colour', '#9e1b1b'],
  ['zone id', 'Z0123456789ABC'],
  ['AWS account id', '111122223333'],
  ['AWS region', 'eu-west-1'],
  ['ARN', 'arn:aws:acm:eu-west-1:111122223333:certificate/0'],
  ['ARN', 'arn:aws:acm:us-east-1:111122223333:certificate/0'],
  ['ARN', 'arn:aws:es:eu-west-1:111122223333:domain/papers'],
  ['ARN', 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/pages/0'],
  ['32 to 128 letters, digits, "_" and "-"', 'a-long-text-of-letters_and_digits-0'],
];

/** Returns every setting of a schema in its order, by group. Settings without a group come first. */
export function groupsOf(schema: z.ZodType): readonly SettingsGroup[] {
  const root = nodeSchema.parse(z.toJSONSchema(schema, { io: 'input' }));
  const all = Object.entries(root.properties ?? {});
  const single = all.flatMap(([name, node]) => (node.properties ? [] : [toReference(root, [name], node)]));
  const groups = all.flatMap(([name, node]) =>
    node.properties
      ? [{ title: `\`${name}\``, description: node.description, settings: settingsBelow(node, [name]) }]
      : [],
  );
  return [
    { title: 'The deployment', description: 'Settings that belong to no group.', settings: single },
    ...groups,
  ];
}

function settingsBelow(parent: Node, path: readonly string[]): readonly SettingReference[] {
  return Object.entries(parent.properties ?? {}).flatMap(([name, node]) => [
    toReference(parent, [...path, name], node),
    ...settingsBelow(node, [...path, name]),
  ]);
}

/** Returns a setting. If the schema cannot express its default, the description ends with it, such as `Default: none.` */
function toReference(parent: Node, path: readonly string[], node: Node): SettingReference {
  const [description = '', described] = node.description.split(/\s*Default: /);
  const isRequired = parent.required.includes(path.at(-1) ?? '');
  const fallback = isRequired ? '**required**' : (literalOf(node) ?? described?.replace(/\.$/, ''));
  return { name: path.join('.'), values: describeValues(node), fallback, description };
}

function literalOf(node: Node): string | undefined {
  if (node.default === undefined) return undefined;
  return node.properties ? 'the defaults below' : `\`${JSON.stringify(node.default).replaceAll(',', ', ')}\``;
}

function describeValues(node: Node): string {
  if (node.anyOf) return node.anyOf.map(describeValues).join(' or ');
  if (node.enum) return node.enum.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
  switch (node.type) {
    case 'boolean':
      return '`true`, `false`';
    case 'integer':
      return `whole number${rangeOf(node)}`;
    case 'number':
      return `number${rangeOf(node)}`;
    case 'array':
      return `list of ${node.minItems ?? 0} to ${node.maxItems ?? 'any'}, each a ${node.items ? describeValues(node.items) : 'value'}`;
    case 'object':
      return node.properties ? 'a group, see below' : 'names, each with a text';
    default:
      return describeText(node);
  }
}

function rangeOf({ minimum, maximum }: Node): string {
  return minimum === undefined || maximum === undefined
    ? ''
    : `, ${minimum.toLocaleString('en')} to ${maximum.toLocaleString('en')}`;
}

function describeText({ format, pattern = '', maxLength }: Node): string {
  if (format === 'email') return 'email address';
  if (format === 'uri') return 'URL';
  if (format === 'ip-range') return 'range of IP addresses';
  const kinds = new Set(TEXTS.flatMap(([kind, text]) => (new RegExp(pattern, 'u').test(text) ? kind : [])));
  const kind = kinds.size === 1 ? [...kinds].join() : 'text';
  return `${kind}${maxLength === undefined ? '' : `, at most ${maxLength} characters`}`;
}
