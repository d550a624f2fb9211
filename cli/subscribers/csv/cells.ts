import * as z from 'zod';

/** The cells of one row by the name of their column; those that are blank are left out. */
export type Cells = Readonly<Record<string, string>>;

/** A whole number as a cell has it. */
export const wholeNumberCell = z
  .string()
  .regex(/^\d{1,6}$/, 'expected a whole number')
  .transform(Number);

/** JSON as a cell has it. */
export const jsonCell = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'expected JSON' });
    return z.NEVER;
  }
});

/** What a row holds, or everything that is wrong with it. */
export type CellsResult<Values> =
  | { readonly values: Values; readonly fault?: undefined }
  | { readonly values?: undefined; readonly fault: string };

/** Reads the cells that a schema names. */
export function parseCells<Schema extends z.ZodType>(
  schema: Schema,
  cells: Cells,
): CellsResult<z.infer<Schema>> {
  const parsed = schema.safeParse(cells);
  if (parsed.success) return { values: parsed.data };
  const faults = parsed.error.issues.map(({ path: [column, ...inside], message }) => {
    const name = String(column);
    const value = cells[name];
    if (value === undefined) return `${name} is blank: expected a value`;
    return `${name} is ${quote(value)}: ${inside.length > 0 ? `at ${inside.join('.')}: ` : ''}${message}`;
  });
  return { fault: faults.join('; ') };
}

const MAX_QUOTED_CHARS = 80;

/** A text from a file as a message shows it: in quotation marks, on one line, and not too long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED_CHARS ? `${text.slice(0, MAX_QUOTED_CHARS)}…` : text);
}
