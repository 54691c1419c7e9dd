import { KRAKEN_ERRORS } from '../kraken-errors.ts';
import { jsonReply, type ExchangeReply } from '../reply.ts';
import { cloudflarePage } from './cloudflare-page.ts';
import { durationOf, type Fault, type FaultKind } from './fault-kinds.ts';

/** How many bytes of a slowly dripping reply go out at a time. */
const DRIP_BYTES = 16;

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
      return { ...reply, delivery: { kind: 'cut', bytes: Math.floor(Buffer.byteLength(reply.body) / 2) } };
    case 'slow-drip':
      return { ...reply, delivery: { kind: 'drip', bytesAtATime: DRIP_BYTES, ms: durationOf(fault) } };
    case 'malformed-json':
      return { ...reply, body: `${reply.body.slice(0, -1)},}` };
    case 'http-429':
      return TOO_MANY_REQUESTS;
    default:
      return pageOf(fault.kind) ?? reply;
  }
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
