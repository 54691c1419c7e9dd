import { NonceproofError } from '../errors.ts';

/** One HTTP request, complete: the body is the exact text that was signed. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query, starting with `/0/`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as UTF-8. Absent for GET. */
  readonly body?: string;
  /**
   * Gives up on the reply. The exchange may still be at work on the request. Made when it is first read: a copy of
   * the request by `{ ...request }` does not have it.
   */
  readonly signal?: AbortSignal;
  /** Says the same as `signal.aborted`, for who only asks now and then; spares the making of a signal. */
  isGivenUp?(): boolean;
  /**
   * Asked right before the first byte leaves, when a connection is there. On `false` nothing is sent, and the
   * transport rejects with `not-sent`. One that cannot ask at that moment asks before it begins.
   */
  readonly shouldSend?: () => boolean;
}

/** One HTTP reply, read to its end. */
export interface HttpReply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body as it came, where its `content-type` is not JSON: a file is no text. */
  readonly bytes?: Uint8Array;
  /** Only the end of the connection showed where the body ends, so its end may be missing. */
  readonly mayBeCutOff?: boolean;
}

/**
 * Sends one request and resolves when the whole reply has been read. Rejects with a {@link TransportError};
 * an implementation that rejects with anything else is treated as if `delivery` were `unknown`.
 */
export type HttpTransport = (request: HttpRequest) => Promise<HttpReply>;

/**
 * What is known of a request that got no reply: `not-sent` means that no byte of it can have reached the
 * exchange (connection refused, name not resolved); everything else is `unknown`.
 */
export type Delivery = 'not-sent' | 'unknown';

/** A request that ended without a complete reply. */
export class TransportError extends NonceproofError {
  readonly delivery: Delivery;

  constructor(message: string, facts: { readonly delivery: Delivery; readonly cause?: unknown }) {
    super('transport_failed', message, facts.cause);
    this.delivery = facts.delivery;
  }
}
