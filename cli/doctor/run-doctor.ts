import { loadSettings } from '../../infra/settings/load-settings.ts';
import { type CommandContext, EXIT_INTERRUPTED } from '../command.ts';
import { openDeployment } from '../deployment/open-deployment.ts';
import { openPorts } from './adapters/open-ports.ts';
import { createChecks } from './checks.ts';
import { diagnose } from './diagnose.ts';
import { toDeploymentName, toJson, toText } from './report.ts';

/** Checks a deployment, prints what was found, and returns the exit code. */
export async function runDoctor(
  options: { readonly settings: string; readonly json?: true },
  { print, onInterrupt }: Pick<CommandContext, 'print' | 'onInterrupt'>,
): Promise<number> {
  const settings = loadSettings(options.settings);
  const { outputs } = await openDeployment(settings);
  // What was made for a check is removed before the command ends.
  const signal = onInterrupt();
  const diagnosis = await diagnose(
    createChecks({ settings, outputs }, openPorts(settings.stage, outputs, signal)),
  );
  if (signal.aborted) return EXIT_INTERRUPTED;
  const name = toDeploymentName(settings.stage, outputs.FeedbackTopic);
  print(options.json ? toJson(name, diagnosis) : toText(name, diagnosis, options.settings));
  return diagnosis.worst === 'fail' ? 1 : 0;
}
