/** The account and the method of a call. */
export interface CallIdentity {
  /** The client's `accountIdentifier`. */
  readonly account: string;
  /** `Balance`, `AddOrder`, … */
  readonly method: string;
}

/** Where the second factor comes from. A code that may be used only once needs a function. */
export type OtpSource = string | ((call: CallIdentity) => string | Promise<string>);
