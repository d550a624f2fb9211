import { createStacks, createStacksClient } from '../deployment/adapters/cloudformation.ts';
import { findDeployment } from '../deployment/find-deployment.ts';
import { parseArguments } from '../deployment/parse-arguments.ts';
import { readSettings } from '../deployment/read-settings.ts';
import type { CommandContext } from '../deployment/run-command.ts';
import { openPorts } from './adapters/open-ports.ts';
import { createChecks } from './checks.ts';
import { diagnose } from './diagnose.ts';
import { toDeploymentName, toJson, toText } from './report.ts';

const USAGE = `npm run doctor -- [--settings <file>] [--json]

Checks a deployment in the account and region of the current credentials: whether it may send, whether it is told of
bounces, whether it runs, and whether its readers can leave. Sends no mail. It makes one subscriber for the check of the
unsubscribe link, paused, and removes it.

  --settings <file>  the settings it was deployed with, like prod.json (default: those in cdk.json)
  --json             prints one JSON object; with npm run --silent nothing else is printed

Ends with 1 if anything fails, with 2 if nothing could be checked, otherwise with 0.`;

/** As a shell has it for whoever was stopped by Ctrl-C. */
const EXIT_INTERRUPTED = 130;

/** Checks a deployment, prints what was found, and returns the exit code. */
export async function doctor(args: readonly string[], { print, signal }: CommandContext): Promise<number> {
  const { values } = parseArguments({
    args: [...args],
    options: {
      settings: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  const settings = readSettings(values.settings);
  const outputs = await findDeployment(createStacks(createStacksClient()), settings);
  const diagnosis = await diagnose(createChecks({ settings, outputs }, openPorts(outputs, signal)));
  if (signal.aborted) return EXIT_INTERRUPTED;
  const name = toDeploymentName(settings.stage, outputs.FeedbackTopic);
  print(values.json ? toJson(name, diagnosis) : toText(name, diagnosis));
  return diagnosis.worst === 'fail' ? 1 : 0;
}
