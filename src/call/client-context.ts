import type { Activity } from './activity.ts';
import type { CallEvent } from './call-events.ts';
import type { OtpSource } from '../account/index.ts';
import type { Coordinator } from '../lane/index.ts';
import type { ExchangeClock } from './exchange-clock.ts';
import type { KeyState } from '../account/index.ts';
import type { Redact } from './redaction.ts';
import type { Runtime } from '../runtime.ts';
import type { ApiSecret } from './signature.ts';
import type { HttpTransport } from './transport.ts';

/** A client's time limits, in milliseconds; `Infinity` for none. See `SharedClientOptions`. */
export interface CallLimits {
  readonly timeoutMs: number;
  readonly queueTimeoutMs: number;
  readonly settlingMs: number;
  readonly orderDeadlineMs: number;
  readonly lockoutMs: number;
  readonly accountQueueLengthMax: number;
}

/** Who calls, and through what: a client's options, complete. Never leaves this package. */
export interface ClientContext {
  readonly account: string;
  readonly apiKey: string;
  readonly apiSecret: ApiSecret;
  /** Takes the key and the secret out of a text. */
  readonly redact: Redact;
  /** The key's fingerprint; names its lane when the scope is `key`. */
  readonly laneKey: string;
  readonly coordinator: Coordinator;
  readonly transport: HttpTransport;
  readonly runtime: Runtime;
  /** Shared by all clients with this key on this coordinator. */
  readonly keyState: KeyState;
  readonly exchangeClock: ExchangeClock;
  readonly activity: Activity;
  readonly onEvent: ((event: CallEvent) => void) | undefined;
  /** The second factor of the key. */
  readonly otp: OtpSource | undefined;
  readonly limits: CallLimits;
}
