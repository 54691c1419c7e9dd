import type { Clock, HttpTransport, LaneScope, Timers } from '../../../src/index.ts';
import type { Coordination } from '../coordination/index.ts';

/** Credentials of one simulated account, MASTER or USER_n. They exist for one run only. */
export interface Account {
  /** `MASTER`, `USER_1`, `USER_2`, … */
  readonly account: string;
  readonly apiKey: string;
  /** Base64, 64 bytes decoded, as Kraken hands them out. */
  readonly apiSecret: string;
}

/**
 * All that a client may take from the world. A client that reads anything else (Date.now, global timers, its
 * own sockets) still runs over sockets; a simulated world notices it and says so.
 */
export interface ClientWorld {
  /** `process`: a process of the client's own, real sockets. `simulated`: one of many worlds in one process. */
  readonly kind: 'process' | 'simulated';
  /** The mock's base URL, no trailing slash. */
  readonly baseUrl: string;
  /** MASTER first. */
  readonly accounts: readonly Account[];
  readonly scope: LaneScope;
  /** How other threads and processes of the run share the lane. Absent: there are none. */
  readonly coordination?: Coordination | undefined;
  /** Sends one HTTP request to `baseUrl`. */
  readonly transport: HttpTransport;
  readonly clock: Clock;
  readonly timers: Timers;
  /**
   * The longest that the exchange of this world can be at work on a call after it was sent, in milliseconds. Of
   * the real Kraken nobody can say; here a client may choose its time limits by it. Absent: not known.
   */
  readonly slowestServiceMs?: number | undefined;
  /** Uniform in [0, 1), seeded. */
  random(): number;
}

/** How one call is made. */
export interface CallOptions {
  /** The caller's change of mind. A client may ignore it. */
  readonly signal?: AbortSignal;
}

/** A client under verification, seen from the workload. */
export interface TargetClient {
  /**
   * Makes one private call. Resolves with Kraken's `result`; rejects when the exchange said no, or when the
   * client does not know what became of the call. An error may say in `outcome` what is known of the effect,
   * `not-executed` or `unknown`, and is then taken at its word.
   * @param account - `MASTER` or `USER_n`
   * @param method - `Balance`, `AddOrder`, …
   * @param params - everything but the nonce; must not be changed
   */
  call(
    account: string,
    method: string,
    params: Readonly<Record<string, unknown>>,
    options?: CallOptions,
  ): Promise<unknown>;
  /** Called once when the workload is over. */
  close?(): Promise<void>;
}

/** The one function that a client module exports, by the name `createClient`. */
export type CreateClient = (world: ClientWorld) => TargetClient | Promise<TargetClient>;
