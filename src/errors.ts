/**
 * The one base class of every error this package throws. `code` is stable and made for `switch`; facts are
 * readonly fields of the subclasses; `cause` keeps what went wrong underneath.
 * Messages read *Failed to <verb> <object>: <observed>. <What to do>.*
 */
export class NonceproofError extends Error {
  /** Stable identifier, in snake_case. */
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.name = new.target.name;
  }
}
