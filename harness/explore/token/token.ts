import { crc32 } from 'node:zlib';
import type { Scenario } from '../world/index.ts';
import type { Choices } from '../engine/index.ts';
import { SAMPLING_STRATEGIES } from '../strategy/index.ts';
import type { SampledSchedule } from '../strategy/index.ts';
import { UsageError } from '../../usage-error.ts';
import { FAULT_KINDS } from '../world/index.ts';
import type { FaultPlan } from '../world/index.ts';
import { ARRIVAL_PATTERNS } from '../world/index.ts';
import { ByteReader, ByteWriter, BytesEndedError } from './bytes.ts';
import { readDecisions, writeDecisions } from './decisions.ts';

/** How a token says what was chosen: choice by choice, or by what drew the choices. */
export type TokenSchedule =
  { readonly kind: 'choices'; readonly choices: Choices } | ({ readonly kind: 'sampled' } & SampledSchedule);

/** All that fixes a run, and what it was when the token was made. */
export interface Token {
  /** The name of the target. */
  readonly target: string;
  readonly setting: Scenario;
  readonly schedule: TokenSchedule;
  /** Eight hex digits: of the code that ran. */
  readonly fingerprint: string;
  /** Twelve hex digits: of the history that came of it. */
  readonly historyHash: string;
}

/** A token is never longer, in characters. */
export const TOKEN_LENGTH_MAX = 200;

const PREFIX = 'np1_';
const FINGERPRINT_BYTES = 4;
const HASH_BYTES = 6;
const CHECKSUM_BYTES = 4;

/** Guards against a token that is none, and yet has the right checksum. */
const LIMITS = { users: 100_000, calls: 100_000, faults: 1_000, choices: 10_000_000 };

/**
 * A schedule as a short string: `np1_` for the version, then base64url, the last four bytes a checksum.
 * `null` when it would be longer than {@link TOKEN_LENGTH_MAX}.
 */
export function encodeToken(token: Token): string | null {
  const bytes = new ByteWriter();
  writeSetting(token.setting, bytes);
  bytes.text(token.target);
  bytes.raw(Buffer.from(token.fingerprint, 'hex'));
  bytes.raw(Buffer.from(token.historyHash, 'hex'));
  writeSchedule(token.schedule, bytes);
  const body = bytes.bytes();
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32BE(crc32(body));
  const text = PREFIX + Buffer.concat([body, checksum]).toString('base64url');
  return text.length <= TOKEN_LENGTH_MAX ? text : null;
}

/**
 * Reads a token.
 * @throws {UsageError} when it is of another version, incomplete or mistyped
 */
export function decodeToken(text: string): Token {
  const body = checkedBody(text.trim());
  try {
    return readToken(new ByteReader(body));
  } catch (error) {
    if (error instanceof BytesEndedError || error instanceof RangeError)
      throw broken('it does not hold what a token holds');
    throw error;
  }
}

function checkedBody(text: string): Buffer {
  if (!/^np\d+_/.test(text)) throw broken('it does not start with np1_');
  if (!text.startsWith(PREFIX)) {
    throw new UsageError(
      'Failed to read the token: it is of another version. Replay it with the nonceproof that printed it.',
    );
  }
  if (text.length > TOKEN_LENGTH_MAX) throw broken(`it is longer than ${TOKEN_LENGTH_MAX} characters`);
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url');
  // Decoding forgives what is no base64url, and the last character has bits to spare.
  if (bytes.toString('base64url') !== text.slice(PREFIX.length))
    throw broken('it has characters that no token has');
  if (bytes.length <= CHECKSUM_BYTES) throw broken('it is too short');
  const body = bytes.subarray(0, -CHECKSUM_BYTES);
  if (bytes.readUInt32BE(body.length) !== crc32(body)) throw broken('its checksum is wrong');
  return body;
}

function broken(observed: string): UsageError {
  return new UsageError(`Failed to read the token: ${observed}. Copy it again, whole.`);
}

function readToken(bytes: ByteReader): Token {
  return {
    setting: readSetting(bytes),
    target: bytes.text(),
    fingerprint: bytes.raw(FINGERPRINT_BYTES).toString('hex'),
    historyHash: bytes.raw(HASH_BYTES).toString('hex'),
    schedule: readSchedule(bytes),
  };
}

/** Flags: pattern in two bits, then scope, clock, strictness. */
function writeSetting(setting: Scenario, bytes: ByteWriter): void {
  const scope = setting.scope === 'key' ? 4 : 0;
  const clock = setting.clock === 'steps' ? 8 : 0;
  const strict = setting.strict === true ? 16 : 0;
  bytes.byte(ARRIVAL_PATTERNS.indexOf(setting.pattern) + scope + clock + strict);
  bytes.number(setting.users);
  bytes.number(setting.calls);
  bytes.number(setting.seed);
  const kinds = FAULT_KINDS.map((kind, bit) => (setting.faults.kinds.includes(kind) ? 2 ** bit : 0));
  bytes.number(kinds.reduce((sum, bit) => sum + bit, 0));
  bytes.number(setting.faults.faultsMax);
}

function readSetting(bytes: ByteReader): Scenario {
  const flags = bytes.byte();
  const pattern = ARRIVAL_PATTERNS[flags & 3];
  if (pattern === undefined || flags > 31) throw new RangeError('unknown flags');
  return {
    pattern,
    scope: (flags & 4) === 0 ? 'global' : 'key',
    clock: (flags & 8) === 0 ? 'honest' : 'steps',
    users: within(bytes.number(), 1, LIMITS.users),
    calls: within(bytes.number(), 1, LIMITS.calls),
    seed: bytes.number(),
    faults: readFaults(bytes),
    ...((flags & 16) === 0 ? {} : { strict: true }),
  };
}

function readFaults(bytes: ByteReader): FaultPlan {
  const bits = within(bytes.number(), 0, 2 ** FAULT_KINDS.length - 1);
  const kinds = FAULT_KINDS.filter((_, bit) => (bits & (2 ** bit)) !== 0);
  return { kinds, faultsMax: within(bytes.number(), 0, LIMITS.faults) };
}

function writeSchedule(schedule: TokenSchedule, bytes: ByteWriter): void {
  bytes.byte(schedule.kind === 'choices' ? 0 : 1);
  if (schedule.kind === 'choices') return writeDecisions(schedule.choices, bytes);
  bytes.byte(SAMPLING_STRATEGIES.indexOf(schedule.strategy));
  bytes.number(schedule.seed);
  bytes.number(schedule.index);
  bytes.number(schedule.length);
}

function readSchedule(bytes: ByteReader): TokenSchedule {
  const kind = within(bytes.byte(), 0, 1);
  if (kind === 0) return { kind: 'choices', choices: readDecisions(bytes, LIMITS.choices) };
  const strategy = SAMPLING_STRATEGIES[bytes.byte()];
  if (strategy === undefined) throw new RangeError('unknown strategy');
  const schedule = { strategy, seed: bytes.number(), index: bytes.number(), length: bytes.number() };
  if (!bytes.isAtEnd) throw new RangeError('something follows');
  return { kind: 'sampled', ...schedule };
}

function within(value: number, min: number, max: number): number {
  if (value < min || value > max) throw new RangeError(`${value} is not from ${min} to ${max}`);
  return value;
}
