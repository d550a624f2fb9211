import type { Identifier, MemberExpression, TsPropertySignature, TsType } from '@swc/core';
import { allOf, lastNameOf, type SourceReader } from './syntax.ts';

type Annotated = (Identifier | TsPropertySignature) & {
  readonly typeAnnotation?: { readonly typeAnnotation: TsType } | null;
};

/**
 * Returns the port methods that the files use: `PaperRepository.save`. It knows a port by the names that are declared with its type.
 * It misses a port under a name without a type.
 *
 * @param portOfType the ports by the types in declarations: their own, and the interfaces that they extend
 * @throws Error if one name is declared with two ports
 */
export function portCallsIn(
  files: readonly string[],
  portOfType: ReadonlyMap<string, string>,
  readSource: SourceReader,
): ReadonlySet<string> {
  const trees = files.map((file) => readSource(file).tree);
  const portOf = new Map<string, string>();
  for (const tree of trees) {
    const declared: readonly Annotated[] = [
      ...allOf<Identifier>(tree, 'Identifier'),
      ...allOf<TsPropertySignature>(tree, 'TsPropertySignature'),
    ];
    for (const declaration of declared) {
      const name = declaration.type === 'Identifier' ? declaration.value : lastNameOf(declaration.key);
      const port = portOfType.get(typeNameOf(declaration.typeAnnotation?.typeAnnotation) ?? '');
      if (name === undefined || port === undefined) continue;
      const other = portOf.get(name);
      if (other !== undefined && other !== port)
        throw new Error(`"${name}" is declared as ${port} and as ${other}`);
      portOf.set(name, port);
    }
  }
  const used = trees.flatMap((tree) => allOf<MemberExpression>(tree, 'MemberExpression'));
  return new Set(
    used.flatMap(({ object, property }) => {
      const port = portOf.get(lastNameOf(object) ?? '');
      return port && property.type === 'Identifier' ? [`${port}.${property.value}`] : [];
    }),
  );
}

/** Returns the name of a type. `Pick<PaperRepository, 'save'>` counts as `PaperRepository`. */
function typeNameOf(type: TsType | undefined): string | undefined {
  if (type?.type !== 'TsTypeReference' || type.typeName.type !== 'Identifier') return undefined;
  const { value } = type.typeName;
  return value === 'Pick' ? typeNameOf(type.typeParams?.params[0]) : value;
}
