/**
 * Where on a call's way a fault strikes, which decides what becomes of the call.
 * - `connection`: the call never arrives. It is not in service; the exchange knows it from its door only.
 * - `way`: it arrives late, and is then served as ever.
 * - `before-apply`: it arrives and is in service, but is neither admitted nor applied: its nonce is not used up.
 * - `service`: it takes long, and is else served as ever.
 * - `after-apply`: it is served as ever, and then its reply is lost or damaged.
 * - `twice`: it is served as ever, and a middlebox delivers the same bytes once more; one of the replies is lost.
 */
export type FaultStage = 'connection' | 'way' | 'before-apply' | 'service' | 'after-apply' | 'twice';

/** Every kind of fault there is. */
export const FAULT_KINDS = [
  'refuse',
  'reset-before-arrival',
  'delay-arrival',
  'drop-before-apply',
  'html-502-before-apply',
  'html-504-before-apply',
  'html-520-before-apply',
  'html-522-before-apply',
  'html-525-before-apply',
  'http-429',
  'unavailable',
  'busy',
  'rate-limit',
  'invalid-nonce',
  'lockout',
  'maintenance',
  'slow-service',
  'drop-after-apply',
  'reset-after-apply',
  'truncate',
  'slow-drip',
  'malformed-json',
  'html-502-after-apply',
  'html-504-after-apply',
  'html-520-after-apply',
  'html-522-after-apply',
  'html-525-after-apply',
  'duplicate-first-reply',
  'duplicate-second-reply',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** What a kind of fault does. */
interface FaultTraits {
  readonly stage: FaultStage;
  /** How long it lasts when the plan does not say; absent for a fault without duration. */
  readonly ms?: number;
}

/**
 * What each kind does. The pages of 502, 504, 520, 522 and 525 are Cloudflare's HTML, which clients of Kraken have
 * seen in place of a reply, with and without the order having been executed: krakenex#60, blackbird#305 and #320,
 * gekko#1262, XChange#1899. That Kraken answers 429 is disputed.
 */
const TRAITS: Readonly<Record<FaultKind, FaultTraits>> = {
  /** The connection is refused; on real sockets: reset, and so are the next three new ones, for at most `ms`. */
  refuse: { stage: 'connection', ms: 50 },
  'reset-before-arrival': { stage: 'connection' },
  /** Arrives `ms` later: requests on other connections overtake it. */
  'delay-arrival': { stage: 'way', ms: 200 },
  /** No reply; the connection is closed after `ms` of silence. */
  'drop-before-apply': { stage: 'before-apply', ms: 5_000 },
  'html-502-before-apply': { stage: 'before-apply' },
  'html-504-before-apply': { stage: 'before-apply' },
  'html-520-before-apply': { stage: 'before-apply' },
  'html-522-before-apply': { stage: 'before-apply' },
  'html-525-before-apply': { stage: 'before-apply' },
  'http-429': { stage: 'before-apply' },
  /** `EService:Unavailable` */
  unavailable: { stage: 'before-apply' },
  /** `EService:Busy` */
  busy: { stage: 'before-apply' },
  /** `EAPI:Rate limit exceeded` */
  'rate-limit': { stage: 'before-apply' },
  /** `EAPI:Invalid nonce`, although the nonce was good. */
  'invalid-nonce': { stage: 'before-apply' },
  /** `EGeneral:Temporary lockout` for every call of the key, until `ms` have passed without one; for five at most. */
  lockout: { stage: 'before-apply', ms: 500 },
  /** `EService:Unavailable` for every call, for `ms`; for ten calls at most. */
  maintenance: { stage: 'before-apply', ms: 300 },
  /** Takes `ms`. */
  'slow-service': { stage: 'service', ms: 5_000 },
  /** No reply; the connection is closed after `ms` of silence. */
  'drop-after-apply': { stage: 'after-apply', ms: 5_000 },
  'reset-after-apply': { stage: 'after-apply' },
  /** Half of the reply, and then the connection is closed. */
  truncate: { stage: 'after-apply' },
  /** The whole reply, a few bytes at a time, over `ms`. */
  'slow-drip': { stage: 'after-apply', ms: 500 },
  'malformed-json': { stage: 'after-apply' },
  'html-502-after-apply': { stage: 'after-apply' },
  'html-504-after-apply': { stage: 'after-apply' },
  'html-520-after-apply': { stage: 'after-apply' },
  'html-522-after-apply': { stage: 'after-apply' },
  'html-525-after-apply': { stage: 'after-apply' },
  /** Delivered twice; the client reads the first reply. With `ms`, the second delivery comes that long after it. */
  'duplicate-first-reply': { stage: 'twice', ms: 100 },
  /**
   * Delivered twice; the client reads the second reply, which is `EAPI:Invalid nonce` where no nonce window is set.
   * With `ms`, the first delivery is in service for that long after it. nginx does this with
   * `proxy_next_upstream non_idempotent`; bit-trader#21, krakenex#66.
   */
  'duplicate-second-reply': { stage: 'twice', ms: 100 },
};

/** One fault, wherever it strikes. */
export interface Fault {
  readonly kind: FaultKind;
  /** How long it lasts, in milliseconds, where that means something. Default: by kind. */
  readonly ms?: number | undefined;
}

/** Where on a call's way a kind of fault strikes. */
export function stageOf(kind: FaultKind): FaultStage {
  return TRAITS[kind].stage;
}

/** Whether a client that is struck by a fault of this kind does not learn what became of its call. */
export function losesReply(kind: FaultKind): boolean {
  return stageOf(kind) === 'after-apply'
    ? kind !== 'slow-drip'
    : SILENT.has(kind) || kind.startsWith('html-');
}

/** Those that strike before the call takes effect; for all its client can know, it did. */
const SILENT: ReadonlySet<FaultKind> = new Set(['reset-before-arrival', 'drop-before-apply']);

/** How long a fault lasts, in milliseconds; 0 for a kind without duration. */
export function durationOf({ kind, ms }: Fault): number {
  return ms ?? TRAITS[kind].ms ?? 0;
}
