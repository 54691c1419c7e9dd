import { KRAKEN_ERRORS } from '../kraken-errors.ts';
import { bytesOf, jsonReply, type Delivery, type ExchangeReply } from '../exchange-reply.ts';
import { cloudflarePage } from './cloudflare-page.ts';
import { durationOf, type Fault, type FaultKind } from './fault-kinds.ts';

/** How many bytes of a slowly dripping reply go out at a time, at least. */
const DRIP_BYTES_MIN = 16;
/** In so many pieces at most: timers are not fine enough for a long reply in small ones. */
const DRIP_PIECES_MAX = 100;

/** Kraken's words for the faults that are nothing but an error. */
const ERRORS: Readonly<Partial<Record<FaultKind, string>>> = {
  unavailable: KRAKEN_ERRORS.unavailable,
  busy: KRAKEN_ERRORS.busy,
  'rate-limit': KRAKEN_ERRORS.apiRateLimit,
  'invalid-nonce': KRAKEN_ERRORS.invalidNonce,
  lockout: KRAKEN_ERRORS.temporaryLockout,
  maintenance: KRAKEN_ERRORS.unavailable,
};

/** The error string that a fault answers with; `null` when it answers with none. */
export function errorOf({ kind }: Fault): string | null {
  return ERRORS[kind] ?? null;
}

/**
 * What the client gets when a fault strikes.
 * @param reply - what it would have got; of no account for a fault that strikes before the call is applied
 */
export function faultyReply(fault: Fault, reply: ExchangeReply): ExchangeReply {
  const error = errorOf(fault);
  if (error !== null) return jsonReply({ error: [error] });
  switch (fault.kind) {
    case 'refuse':
      return { ...reply, delivery: { kind: 'refused', ms: durationOf(fault) } };
    case 'reset-before-arrival':
    case 'reset-after-apply':
      return { ...reply, delivery: { kind: 'reset' } };
    case 'drop-before-apply':
    case 'drop-after-apply':
      return { ...reply, delivery: { kind: 'silence', ms: durationOf(fault) } };
    case 'truncate':
      return { ...reply, delivery: { kind: 'cut', bytes: Math.floor(bytesOf(reply).length / 2) } };
    case 'slow-drip':
      return { ...reply, delivery: dripOf(fault, bytesOf(reply).length) };
    case 'malformed-json':
      return spoilt(reply);
    case 'http-429':
      return TOO_MANY_REQUESTS;
    default:
      return pageOf(fault.kind) ?? reply;
  }
}

function dripOf(fault: Fault, length: number): Delivery {
  const bytesAtATime = Math.max(DRIP_BYTES_MIN, Math.ceil(length / DRIP_PIECES_MAX));
  return { kind: 'drip', bytesAtATime, ms: durationOf(fault) };
}

/** Complete, and yet not what it should be. A zip without its last byte has no end record. */
function spoilt(reply: ExchangeReply): ExchangeReply {
  const { body, bytes } = reply;
  return bytes === undefined
    ? { ...reply, body: `${body.slice(0, -1)},}` }
    : { ...reply, bytes: bytes.subarray(0, -1) };
}

const TOO_MANY_REQUESTS: ExchangeReply = {
  status: 429,
  headers: { 'content-type': 'text/plain', 'retry-after': '1' },
  body: 'Too Many Requests\n',
  delivery: { kind: 'whole' },
};

function pageOf(kind: FaultKind): ExchangeReply | null {
  const status = /^html-(502|504|520|522|525)-/.exec(kind)?.[1];
  return status === undefined ? null : cloudflarePage(Number(status) as Parameters<typeof cloudflarePage>[0]);
}
