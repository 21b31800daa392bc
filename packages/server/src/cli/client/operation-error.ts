import { oneLine } from '@assay/model/safe-text.ts';
import { CliError } from '../../runtime/cli-error.ts';

/** An operation that was refused: its error's type, and its code where it has one. The message is for people. */
export class OperationError extends CliError {
  readonly type: string;
  readonly errorCode: string | undefined;
  constructor(type: string, errorCode: unknown, message: string) {
    super(oneLine(message));
    this.type = type;
    this.errorCode = typeof errorCode === 'string' ? errorCode : undefined;
  }
}
