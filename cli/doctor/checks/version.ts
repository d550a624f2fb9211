import type { DataOutputs, PipelineOutputs } from '../../../infra/outputs.ts';
import { type Finding, ok, warn } from '../finding.ts';

type VersionOutputs = Pick<DataOutputs, 'DataVersion' | 'DataCommit'> &
  Pick<PipelineOutputs, 'Version' | 'Commit'>;

/** Checks which version runs: both stacks name the same one, and a rollback can bring it back. */
export function checkVersion({ DataVersion, DataCommit, Version, Commit }: VersionOutputs): Finding {
  if (Version === undefined || Commit === undefined)
    return warn('unknown: this version did not name itself yet', 'docs/operating.md, "Upgrading"');
  const deployed = `${Version}, commit ${Commit}`;
  if (DataVersion !== Version || DataCommit !== Commit)
    return warn(
      `${deployed}, but the data stack is ${DataVersion ?? 'older'}, commit ${DataCommit ?? 'unknown'}`,
      'one stack was not deployed: deploy both again',
    );
  if (Commit.endsWith('-dirty'))
    return warn(
      `${deployed}: it was deployed with uncommitted changes`,
      'commit them and deploy again, or no rollback can bring this version back',
    );
  return ok(deployed);
}
