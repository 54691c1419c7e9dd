import type { JournalRecord } from '../../../mock-kraken/index.ts';
import { timeOfNonce } from './nonce-time.ts';
import type { NonceTime } from './nonce-time.ts';
import type { Warning } from './rule.ts';
import { callName, callNameWithSeq, formatInteger } from '../../format.ts';

/** A clock may be wrong by minutes, and a high-water mark rounds up; a day is neither. */
const AHEAD_MIN_S = 86_400;
const YEAR_S = 31_557_600;
/** Nonces of one unit and one run are almost equal; .NET's ticks and nanoseconds differ by a factor of 2.8. */
const UNIT_FACTOR_MIN = 2;

interface Ahead {
  readonly call: JournalRecord;
  readonly time: NonceTime;
  readonly bySeconds: number;
}

/**
 * Looks for nonces that are more than a day ahead of the clock in their own unit. Kraken accepts them, and then no
 * other tool that takes its nonces from a clock gets through with that key until its clock is there: a key's nonce
 * cannot be set back (Kraken docs, 2023 REST documentation; ccxt#5110).
 */
export class NoncesAhead {
  readonly #originMs: number | undefined;
  #calls = 0;
  #first: Ahead | null = null;

  /** @param originMs - UNIX milliseconds at time 0 of the history; `undefined` when that is not known */
  constructor(originMs: number | undefined) {
    this.#originMs = originMs;
  }

  add(call: JournalRecord, nonce: string): void {
    if (this.#originMs === undefined) return;
    const time = timeOfNonce(nonce);
    if (time === null) return;
    const bySeconds = time.seconds - (this.#originMs + call.arrivedNs / 1e6) / 1e3;
    if (bySeconds < AHEAD_MIN_S) return;
    this.#calls += 1;
    this.#first ??= { call, time, bySeconds };
  }

  warning(): Warning | null {
    if (this.#first === null) return null;
    const { call, time, bySeconds } = this.#first;
    return {
      id: 'nonce-ahead',
      rule: 'nonce-exact',
      calls: this.#calls,
      first: [call.seq],
      explanation:
        `${callNameWithSeq(call)} carried nonce ${call.nonce}, which in ${time.unit} is ${longDuration(bySeconds)} ahead ` +
        `of the clock: once it is accepted, every other tool whose nonces come from the clock in that unit is refused with ` +
        `this key for ${longDuration(bySeconds)}.`,
    };
  }
}

interface Mixture {
  readonly call: JournalRecord;
  readonly nonce: string;
  readonly earlier: JournalRecord;
  readonly earlierNonce: string;
}

interface FirstOfKey {
  readonly call: JournalRecord;
  readonly nonce: string;
  readonly value: number;
}

/** Looks for nonces of different units on one key: once the greater one is accepted, the smaller ones are refused. */
export class NonceUnits {
  /** By key index. */
  readonly #firstOfKey: (FirstOfKey | undefined)[] = [];
  #calls = 0;
  #mixture: Mixture | null = null;

  add(call: JournalRecord, nonce: string, keyIndex: number): void {
    if (keyIndex < 0 || timeOfNonce(nonce) === null) return;
    const value = Number(nonce);
    const first = (this.#firstOfKey[keyIndex] ??= { call, nonce, value });
    if (Math.max(value, first.value) < UNIT_FACTOR_MIN * Math.min(value, first.value)) return;
    this.#calls += 1;
    this.#mixture ??= { call, nonce, earlier: first.call, earlierNonce: first.nonce };
  }

  warning(): Warning | null {
    if (this.#mixture === null) return null;
    const { call, earlier } = this.#mixture;
    return {
      id: 'nonce-units',
      rule: 'nonce-exact',
      calls: this.#calls,
      first: [call.seq, earlier.seq],
      explanation: explainMixture(this.#mixture),
    };
  }
}

function explainMixture({ call, nonce, earlier, earlierNonce }: Mixture): string {
  const value = Number(nonce);
  const earlierValue = Number(earlierNonce);
  const [great, small] = value > earlierValue ? [nonce, earlierNonce] : [earlierNonce, nonce];
  const factor = formatInteger(Math.round((10 * Number(great)) / Number(small)) / 10);
  return (
    `${callName(call)} carried nonce ${nonce} (${unitOf(nonce)}) after ${callName(earlier)} with ${earlierNonce} ` +
    `(${unitOf(earlierNonce)}) on the same key (#${call.seq}, #${earlier.seq}): the greater is ${factor} times the smaller, ` +
    `so once it is accepted every nonce in ${unitOf(small)} is refused.`
  );
}

function unitOf(nonce: string): string {
  return timeOfNonce(nonce)?.unit ?? 'no unit of time';
}

/** `3 days`, `4.4 years`. */
function longDuration(seconds: number): string {
  const years = seconds / YEAR_S;
  if (years >= 1) return `${years < 100 ? years.toFixed(1) : formatInteger(Math.round(years))} years`;
  const days = Math.floor(seconds / AHEAD_MIN_S);
  return days === 1 ? '1 day' : `${days} days`;
}
