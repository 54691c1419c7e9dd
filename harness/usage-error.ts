import { NonceproofError } from '../src/index.ts';

/**
 * The user asked for something that cannot be done: an unknown option, an impossible value, a file that is not
 * there. Shown as its message alone, with exit status 64. The message says what was observed and what to do.
 */
export class UsageError extends NonceproofError {
  constructor(message: string, cause?: unknown) {
    super('bad_usage', message, cause);
  }
}
