import { fileURLToPath } from 'node:url';

/** The module with what the clients share, for an import. */
export const SHARED = JSON.stringify(fileURLToPath(new URL('sdk-shared.js', import.meta.url)));

const ERROR_CLASS =
  /export class (\w+) extends __BaseException \{\s*static shapeId = "([\w.]+)#\w+";\s*name = "(\w+)";\s*\$fault = "(\w+)";\s*(\$retryable = )?/g;

/**
 * Writes the error classes of a client as calls of one function. They differ only in their names, and whose fault they are. A class that
 * no code names is left out.
 */
export function shortenErrors(original: string): string {
  const classes = [...original.matchAll(ERROR_CLASS)];
  const [base] = /^import .*$/m.exec(original) ?? [];
  if (base === undefined || classes.length !== [...original.matchAll(/\bclass\b/g)].length)
    throw new Error('the error classes of a client have another form than expected');
  const retryable = classes.filter((errorClass) => errorClass[5] !== undefined).map(([, , , name]) => name);
  return `${base}
import { createErrorClasses } from ${SHARED};

export const toErrorClass = createErrorClasses(__BaseException, ${JSON.stringify(retryable)});
${classes
  .map(([, className, ...args]) => {
    const [namespace, name, fault] = args.map((text) => JSON.stringify(text));
    return `export const ${className} = /* @__PURE__ */ toErrorClass(${namespace}, ${name}, ${fault});`;
  })
  .join('\n')}
`;
}

/** The operations of a service that the functions call, and the errors that they throw. */
export interface CalledOperations {
  readonly operations: readonly string[];
  readonly errors: ReadonlySet<string>;
}

/** Returns the names of the errors that an operation throws, from the types of its command. */
export function readErrorNames(types: string): readonly string[] {
  return [...types.matchAll(/@throws \{@link (\w+)\} \(/g)].map(([, name = '']) => name);
}

const OPERATION = /export var (\w+)\$ = \[9, n0,[^;]*;/g;

const ERROR =
  /export var (?<name>\w+)\$ = \[-3, n0, \w+,\s*(?<traits>\{[^{}]*\}),\s*\[(?<fields>[^\]]*)\],\s*\[(?<types>[^\]]*)\](?:, \d)?\s*\];\s*n0_registry\.registerError\(\1\$, \1\);/g;

type ErrorParts = Readonly<Record<'name' | 'traits' | 'fields' | 'types', string>>;

/**
 * Shortens the schemas of a client:
 *
 * - Errors that no called operation throws are left out. Such an error is the base error of the service, with the same name.
 * - The other errors become rows of a table, if their fields are texts.
 * - Requests have no schemas, because the codecs in `sdk-codecs.js` write a request as it is.
 * - An operation that is not among the called ones throws at the start of a function that imports it.
 * - The keys of objects become texts, `{ [_xN]: 1 }` is `{ "xmlName": 1 }`. The bundler cannot know that a key in brackets has no effect,
 *   and would keep the schemas of all operations.
 */
export function shortenSchemas(original: string, { operations, errors }: CalledOperations): string {
  const rows: string[] = [];
  const found = new Set<string>();
  const text = writeOutKeys(original)
    .replaceAll(OPERATION, (written, name: string) => {
      found.add(name);
      return operations.includes(name)
        ? written.replace(/\(\) => \w+\$(?=, )/, '() => anyRequest')
        : `export const ${name}$ = /* @__PURE__ */ refuse("${name}");`;
    })
    .replaceAll(ERROR, (written, ...rest) => {
      const parts = rest.at(-1) as ErrorParts;
      found.add(parts.name);
      if (!errors.has(parts.name)) return `export const ${parts.name}$ = undefined;`;
      if (/[^0, ]/.test(parts.types)) return written;
      rows.push(toRow(parts));
      return `export const ${parts.name}$ = undefined;`;
    });
  const missing = [...operations, ...errors].filter((name) => !found.has(name));
  if (missing.length > 0) throw new Error(`the schemas of a client lack ${missing.join(', ')}`);
  return `${text.replace(/^import \{(?=[^}]*\} from "\.\.\/models\/errors")/m, '$& toErrorClass,')}
const anyRequest = [3, n0, "Request", 0, [], []];
function refuse(name) { throw new Error(\`\${name} is not among the operations in infra/bundles/sdk-clients.ts\`); }
for (const [name, error, code, ...fields] of [
${rows.join(',\n')}
])
  n0_registry.registerError(
    [-3, n0, name, { error, awsQueryError: [code] }, fields, fields.map(() => 0)],
    toErrorClass(n0, name, error),
  );
`;
}

/** Returns the row of an error: its name, whose fault it is, its code in XML or 0, and its fields. */
function toRow({ name, traits, fields }: ErrorParts): string {
  const [, fault] = /"error": (\w+)/.exec(traits) ?? [];
  const [, code = name] = /"awsQueryError": \[`([^`]+)`/.exec(traits) ?? [];
  const others = traits.replaceAll(/"(?:error|httpError)": \w+|"awsQueryError": \[[^\]]*\]|[{},\s]/g, '');
  if (fault === undefined || others !== '')
    throw new Error(`${name} has other traits than expected: ${traits}`);
  const values = [JSON.stringify(name), fault, code === name ? '0' : JSON.stringify(code), fields];
  return `[${values.filter((value) => value !== '').join(', ')}]`;
}

function writeOutKeys(original: string): string {
  const constants = new Map(
    [...original.matchAll(/^const (\w+) = ("[^"]*");$/gm)].map(([, name, text]) => [name, text]),
  );
  return original.replaceAll(/\[(\w+)\]: /g, (_, name: string) => {
    const text = constants.get(name);
    if (text === undefined) throw new Error(`the schemas of a client have a key ${name} that is no constant`);
    return `${text}: `;
  });
}
