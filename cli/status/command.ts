import type { Command } from '@commander-js/extra-typings';
import { addDeploymentCommand, exitCodes, jsonOption, type Registration } from '../command.ts';

/** Declares `broadsheet status`. */
export function registerStatus(program: Command, registration: Registration): void {
  addDeploymentCommand(program, 'status')
    .summary('show on one screen how a deployment is')
    .description(
      `Shows on one screen how a deployment is: version, lists, next digests, queues, quota and alarms. It only reads. "doctor" looks closer, and
says what to do.`,
    )
    .addOption(jsonOption())
    .addHelpText('after', exitCodes({ 0: 'all is well', 1: 'something failed or an alarm went off' }))
    .action(
      registration.run(async (options) => (await import('../status.ts')).runStatus(options, registration)),
    );
}
