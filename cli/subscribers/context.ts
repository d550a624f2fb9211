import type { CommandContext } from '../deployment/run-command.ts';
import type { ProgressStream } from './progress.ts';

/** Where the commands for subscribers speak. */
export interface SubscribersContext extends Pick<CommandContext, 'print'> {
  /** Takes a line, or several, of what is no result: it does not go where the result is sent. */
  readonly printError: (text: string) => void;
  /** Takes a result that is a file. */
  readonly output: NodeJS.WritableStream;
  readonly progress: ProgressStream;
  /** Has the command end by itself when it is interrupted. Until it is called, Ctrl-C ends the process. */
  readonly onInterrupt: () => AbortSignal;
}
