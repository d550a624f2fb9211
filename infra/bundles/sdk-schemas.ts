const ERROR_CLASS =
  /export class (\w+) extends __BaseException \{\s*static shapeId = "([\w.]+)#\w+";\s*name = "(\w+)";\s*\$fault = "(\w+)";\s*(\$retryable = )?/g;

/**
 * Writes the error classes of a client as calls of one function. They differ only in their names, and whose fault they are. A class that
 * nobody names is left out.
 */
export function shortenErrors(original: string): string {
  const classes = [...original.matchAll(ERROR_CLASS)];
  const [base] = /^import .*$/m.exec(original) ?? [];
  if (base === undefined || classes.length !== [...original.matchAll(/\bclass\b/g)].length)
    throw new Error('the error classes of a client have another form than expected');
  return `${base}
const classes = new Map();
export const toErrorClass = (namespace, name, fault, isRetryable) => {
  const shapeId = \`\${namespace}#\${name}\`;
  const known = classes.get(shapeId);
  if (known) return known;
  const Class = class extends __BaseException {
    static shapeId = shapeId;
    name = name;
    $fault = fault;
    constructor(options) {
      super({ name, $fault: fault, ...options });
      if (isRetryable) this.$retryable = {};
      Object.setPrototypeOf(this, new.target.prototype);
    }
  };
  classes.set(shapeId, Class);
  return Class;
};
${classes
  .map(([, className, namespace, name, fault, retryable]) => {
    const args = [namespace, name, fault].map((text) => JSON.stringify(text));
    return `export const ${className} = /* @__PURE__ */ toErrorClass(${[...args, ...(retryable ? ['true'] : [])].join(', ')});`;
  })
  .join('\n')}
`;
}

/** An error whose fields are texts, such as its message. */
const PLAIN_ERROR =
  /export var (\w+)\$ = \[-3, n0, \w+,\s*(\{[^{}]*\}),\s*\[([\w, ]*)\],\s*\[[0, ]*\]\s*\];\s*n0_registry\.registerError\(\1\$, \1\);/g;

/** They have something else that their schemas do not say. */
const SPECIAL_ERRORS = new Set(['TransactionInProgressException']);

/**
 * Shortens the schemas of a client. Plain errors become rows of a table. And the keys of objects become texts, `{ [_xN]: 1 }` is
 * `{ "xmlName": 1 }`. The bundler cannot know that a key in brackets has no effect, and would keep the schemas of all operations.
 */
export function shortenSchemas(original: string): string {
  const rows: string[] = [];
  const text = writeOutKeys(original)
    .replaceAll(PLAIN_ERROR, (written, name: string, traits: string, fields: string) => {
      if (SPECIAL_ERRORS.has(name)) return written;
      rows.push(`[${[JSON.stringify(name), traits, ...(fields === '' ? [] : [fields])].join(', ')}]`);
      return '';
    })
    .replace(/^import \{(?=[^}]*\} from "\.\.\/models\/errors")/m, '$& toErrorClass,');
  if (rows.length === 0 || !text.includes('toErrorClass,'))
    throw new Error('the schemas of a client have another form than expected');
  return `${text}
for (const [name, traits, ...fields] of [
${rows.join(',\n')}
])
  n0_registry.registerError(
    [-3, n0, name, traits, fields, fields.map(() => 0)],
    toErrorClass(n0, name, traits.error),
  );
`;
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
