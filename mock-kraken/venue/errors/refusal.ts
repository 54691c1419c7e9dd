/**
 * A request that Kraken would answer with errors only. Thrown by what finds the fault, caught where the
 * request entered (`callPrivate`, `callPublic`), so it never leaves the venue. It is no `Error`: a refusal
 * is an ordinary answer and needs no stack, which would cost more than the whole request.
 */
export class Refusal {
  /** Kraken error strings. */
  readonly errors: readonly string[];

  constructor(...errors: readonly string[]) {
    this.errors = errors;
  }
}

/** Ends the request with this Kraken error. */
export function refuse(error: string): never {
  // oxlint-disable-next-line no-throw-literal, only-throw-error
  throw new Refusal(error);
}
