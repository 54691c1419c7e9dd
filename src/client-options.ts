import type { Dispatcher } from 'undici';
import type { CallEvent } from './call/index.ts';
import type { ClientContext } from './call/index.ts';
import { Activity } from './call/index.ts';
import type { Coordinator } from './lane/index.ts';
import { NonceproofError } from './errors.ts';
import { exchangeClockOf } from './call/index.ts';
import { GlobalKrakenNonceManager } from './global-kraken-nonce-manager.ts';
import { keyFingerprint } from './account/index.ts';
import { keyStateOf } from './account/index.ts';
import type { OtpSource } from './account/index.ts';
import { RATE_TIERS } from './account/index.ts';
import type { RateLimits, RateTier } from './account/index.ts';
import { createRedact, secretForms } from './call/index.ts';
import type { Runtime } from './runtime.ts';
import { importApiSecret } from './call/index.ts';
import { systemRuntime } from './system.ts';
import type { HttpTransport } from './call/index.ts';
import { createUndiciTransport, KRAKEN_BASE_URL } from './call/index.ts';

/** What every client of a group shares: the world, the lane and the limits. */
export interface SharedClientOptions {
  /** Scheme and host. Default `https://api.kraken.com`. Not used with `transport`. */
  readonly baseUrl?: string | undefined;
  /** undici dispatcher that sends the requests. Default: one agent for the process, without retries. */
  readonly dispatcher?: Dispatcher | undefined;
  /** Sends the requests instead of undici. Not together with `dispatcher`. */
  readonly transport?: HttpTransport | undefined;
  /** Who may call next. Default: the process-wide one of `GlobalKrakenNonceManager`. */
  readonly coordinator?: Coordinator | undefined;
  /** Clock and timers. Default: the real ones. */
  readonly runtime?: Runtime | undefined;
  /**
   * How long a caller waits once its first turn has come, in milliseconds: retries, the waits before them, which
   * are outside the lane, and the waits for their turns included. Default 30,000, which is
   * enough for each retry of the table; `Infinity` for no limit. The lane is not freed by it.
   */
  readonly timeoutMs?: number | undefined;
  /**
   * How long a caller waits for its first turn, in milliseconds: for room in the rate budget and for earlier calls of
   * its account included. Default: no limit. Nothing was sent then.
   */
  readonly queueTimeoutMs?: number | undefined;
  /**
   * How long the exchange may still be at work on a call after the client lost sight of it (time limit,
   * cancellation, broken connection, a proxy's error page), in milliseconds; the lane stays taken for so long.
   * Default 10,000: twice the 5 s that Kraken itself gives an order to reach the engine (default `deadline` of
   * its WebSocket API), so that nothing the lane sent can take effect after the lane is free. Shorter is
   * faster and less safe; `Infinity` never frees the lane without a reply.
   */
  readonly settlingMs?: number | undefined;
  /**
   * The `deadline` that orders carry, in milliseconds after the latest time that the exchange's clock can show as
   * they are sent; the engine refuses them afterwards. 4,000 to 60,000: Kraken refuses one that is less than 2,000
   * away when the order arrives, or more than 60,000 (Kraken docs, AddOrder). Default 7,000, which leaves 5 s for
   * the way and for a busy host.
   */
  readonly orderDeadlineMs?: number | undefined;
  /**
   * How long nothing is sent with a key after `EGeneral:Temporary lockout`, in milliseconds. Default 900,000:
   * the longest that Kraken names, 15 minutes (Kraken support, API error codes); trying sooner extends it.
   */
  readonly lockoutMs?: number | undefined;
  /**
   * Most calls of one API key that wait outside the lane, behind one of them that waits for a limit or a retry.
   * Further ones are refused with `account_queue_full`, and nothing was sent. Default 10,000.
   */
  readonly accountQueueLengthMax?: number | undefined;
  /**
   * The second factor of the API key, if it has one: text, or a function that is asked once for each attempt. Sent in
   * the signed body of every private call, those included that the client makes on its own; in no error or event.
   */
  readonly otp?: OtpSource | undefined;
  /**
   * Waits before a call that would exceed Kraken's REST call counter, by the account's tier or your own
   * figures. Default: none; calls are sent at once, and wait when Kraken says so.
   */
  readonly rateBudget?: RateTier | RateLimits | undefined;
  /** Told of each step of each call; runs outside the call's turn. Must not throw. */
  readonly onEvent?: ((event: CallEvent) => void) | undefined;
}

/** What {@link KrakenClient} takes. */
export interface KrakenClientOptions extends SharedClientOptions {
  readonly apiKey: string;
  /** Base64, as Kraken hands it out. Kept so that it cannot be printed. */
  readonly apiSecret: string;
  /** Your name for the account: `MASTER`, `USER_1`. Shown in errors and events. */
  readonly accountIdentifier: string;
}

/** A client was asked for with an option that makes no sense. */
export class InvalidOptionError extends NonceproofError {
  readonly option: string;

  constructor(option: string, observed: string, whatToDo: string) {
    super('invalid_option', `Failed to make a client: ${option} ${observed}. ${whatToDo}`);
    this.option = option;
  }
}

/** Longer timers fire at once in Node (a 32-bit limit). */
const TIMER_MS_MAX = 2_147_483_647;

/**
 * Checks the options and completes them.
 * @throws {InvalidOptionError} which never shows the secret or the key
 */
export function parseClientOptions(options: KrakenClientOptions): ClientContext {
  const runtime = options.runtime ?? systemRuntime;
  const coordinator = options.coordinator ?? GlobalKrakenNonceManager.instance().coordinator;
  const apiKey = parseApiKey(options.apiKey);
  const laneKey = keyFingerprint(apiKey);
  return Object.freeze({
    account: parseAccount(options.accountIdentifier),
    apiKey,
    apiSecret: parseApiSecret(options.apiSecret),
    redact: createRedact([apiKey, ...secretForms(options.apiSecret)]),
    laneKey,
    coordinator,
    runtime,
    transport: parseTransport(options),
    keyState: keyStateOf(coordinator, laneKey, { runtime, rateLimits: parseRateBudget(options.rateBudget) }),
    exchangeClock: exchangeClockOf(coordinator, wayOf(options), runtime.clock),
    activity: new Activity(),
    onEvent: options.onEvent,
    otp: parseOtp(options.otp),
    limits: parseLimits(options),
  });
}

function parseLimits(options: SharedClientOptions): ClientContext['limits'] {
  return Object.freeze({
    timeoutMs: wait('timeoutMs', options.timeoutMs ?? 30_000),
    queueTimeoutMs: wait('queueTimeoutMs', options.queueTimeoutMs ?? Infinity),
    settlingMs: wait('settlingMs', options.settlingMs ?? 10_000),
    orderDeadlineMs: parseOrderDeadline(options.orderDeadlineMs ?? 7_000),
    lockoutMs: wait('lockoutMs', options.lockoutMs ?? 900_000),
    accountQueueLengthMax: parseLength('accountQueueLengthMax', options.accountQueueLengthMax ?? 10_000),
  });
}

/**
 * A number of milliseconds that a timer can wait for, or `Infinity`.
 * @throws {InvalidOptionError} for anything else
 */
export function wait(option: string, ms: number): number {
  const isDuration = typeof ms === 'number' && (ms === Infinity || (ms > 0 && ms <= TIMER_MS_MAX));
  if (isDuration) return ms;
  const whatToDo = `Give milliseconds, above 0 and at most ${TIMER_MS_MAX}, or Infinity.`;
  throw new InvalidOptionError(option, `is ${ms}`, whatToDo);
}

function parseLength(option: string, length: number): number {
  if (Number.isInteger(length) && length > 0) return length;
  throw new InvalidOptionError(option, `is ${length}`, 'Give a whole number above 0.');
}

function parseOrderDeadline(ms: number): number {
  if (typeof ms === 'number' && ms >= 4_000 && ms <= 60_000) return ms;
  throw new InvalidOptionError('orderDeadlineMs', `is ${ms}`, 'Give 4,000 to 60,000.');
}

function parseApiKey(apiKey: string): string {
  if (typeof apiKey === 'string' && /^[\x21-\x7e]+$/.test(apiKey)) return apiKey;
  const whatToDo = 'Copy the key as Kraken shows it, without blanks.';
  throw new InvalidOptionError('apiKey', 'is empty or holds characters that no key has', whatToDo);
}

function parseApiSecret(apiSecret: string): ClientContext['apiSecret'] {
  const imported = typeof apiSecret === 'string' ? importApiSecret(apiSecret) : undefined;
  if (imported !== undefined) return imported;
  const whatToDo = 'Copy the private key as Kraken shows it, with its = signs and without blanks.';
  throw new InvalidOptionError('apiSecret', 'is empty or is not base64', whatToDo);
}

function parseAccount(account: string): string {
  if (typeof account === 'string' && account !== '') return account;
  throw new InvalidOptionError('accountIdentifier', 'is empty', 'Name the account: MASTER, USER_1.');
}

function parseOtp(otp: OtpSource | undefined): OtpSource | undefined {
  if (otp === undefined || typeof otp === 'function' || (typeof otp === 'string' && otp !== '')) return otp;
  throw new InvalidOptionError(
    'otp',
    'is neither text nor a function',
    'Leave it out for a key without one.',
  );
}

function parseTransport(options: SharedClientOptions): HttpTransport {
  const { dispatcher, transport } = options;
  if (transport === undefined)
    return createUndiciTransport({ baseUrl: parseBaseUrl(options.baseUrl), dispatcher });
  if (dispatcher === undefined) return transport;
  throw new InvalidOptionError('dispatcher', 'was given beside transport', 'Give one of them.');
}

/** What tells one exchange from another: clients that reach the same one learn its time together. */
function wayOf({ baseUrl = KRAKEN_BASE_URL, dispatcher, transport }: SharedClientOptions): unknown {
  return transport ?? dispatcher ?? baseUrl;
}

function parseBaseUrl(baseUrl: string = KRAKEN_BASE_URL): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const isBase = url !== undefined && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '';
  if (isBase && url.username === '' && url.password === '') return url.href.replace(/\/+$/, '');
  throw new InvalidOptionError(
    'baseUrl',
    'is not a plain http or https URL',
    `Give one such as ${KRAKEN_BASE_URL}.`,
  );
}

function parseRateBudget(budget: RateTier | RateLimits | undefined): RateLimits | undefined {
  if (budget === undefined) return undefined;
  const limits = typeof budget === 'string' ? RATE_TIERS[budget] : budget;
  if (limits !== undefined && limits.counterMax > 0 && limits.decayPerSecond > 0 && limits.historyCost >= 0)
    return limits;
  throw new InvalidOptionError(
    'rateBudget',
    'is neither a tier nor positive figures',
    "Give 'starter', 'intermediate' or 'pro'.",
  );
}
