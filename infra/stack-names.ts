/** The names of a deployment's stacks: `broadsheet-dev-data`, `broadsheet-dev-pipeline`. */
export function stackNamesOf(stage: string) {
  return { data: `broadsheet-${stage}-data`, pipeline: `broadsheet-${stage}-pipeline` } as const;
}
