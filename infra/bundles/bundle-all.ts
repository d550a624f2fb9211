import { functionNames } from '../../shared/observability.ts';
import { bundleFunction, type FunctionBundle } from './bundle-function.ts';

/** Bundles every function into a folder, whose path counts from the project's root. */
export async function bundleAll(outputFolder: string): Promise<readonly FunctionBundle[]> {
  return Promise.all(functionNames.map((name) => bundleFunction(name, outputFolder)));
}
