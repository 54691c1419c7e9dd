import { Big } from 'big.js';
import { NonceproofError } from '../errors.ts';

/** What a call may be given: everything but the nonce. Nothing in it is ever changed. */
export type CallParams = Readonly<Record<string, unknown>>;

/** `form` is `application/x-www-form-urlencoded`, `json` is `application/json`. */
export type BodyFormat = 'form' | 'json';

/** A parameter that is only known at the moment of sending. Names and values are plain text. */
export type LateParam = readonly [name: string, value: string];

/** Parameters, encoded once; each attempt adds its own nonce. */
export interface PreparedBody {
  readonly contentType: string;
  /** The body for one attempt. Its text is what is signed and what is sent. A parameter of the caller's goes first. */
  withNonce(nonce: bigint, late?: readonly LateParam[]): string;
}

/** Parameters that cannot be sent. Nothing was sent. */
export class InvalidParamsError extends NonceproofError {
  /** The parameter, in form notation: `close[price]`. */
  readonly param: string;

  constructor(param: string, observed: string, whatToDo: string) {
    super('invalid_params', `Failed to encode the parameter ${param}: ${observed}. ${whatToDo}`);
    this.param = param;
  }
}

/** Deeper than any parameter of Kraken's (`close[price]` has 2), and the end of a circular object. */
const DEPTH_MAX = 8;

/**
 * Encodes parameters. `undefined` is left out; the order of the keys is kept.
 * @throws {InvalidParamsError} when they hold a nonce, or a value with no exact text
 */
export function prepareBody(params: CallParams, format: BodyFormat): PreparedBody {
  refuseNonce(params);
  const prepared = format === 'json' ? prepareJson(params) : prepareForm(params);
  return {
    ...prepared,
    withNonce: (nonce, late) =>
      prepared.withNonce(
        nonce,
        late?.filter(([name]) => params[name] === undefined),
      ),
  };
}

/** A nonce from outside was drawn outside the lane, and is sent again when the object is used again. */
function refuseNonce(params: CallParams): void {
  if (params['nonce'] === undefined) return;
  const whatToDo = 'Leave it out: the client draws a nonce inside its turn, a new one for every attempt.';
  throw new InvalidParamsError('nonce', 'the caller supplied it', whatToDo);
}

function prepareForm(params: CallParams): PreparedBody {
  const rest = encodeForm(params);
  const tail = rest === '' ? '' : `&${rest}`;
  return {
    contentType: 'application/x-www-form-urlencoded',
    withNonce(nonce, late) {
      return `nonce=${nonce}${tail}${late === undefined ? '' : formTail(late)}`;
    },
  };
}

function formTail(late: readonly LateParam[]): string {
  return late.map(([name, value]) => `&${encodeText(name)}=${encodeText(value)}`).join('');
}

function prepareJson(params: CallParams): PreparedBody {
  const rest = encodeJson(params).slice(1);
  const tail = rest === '}' ? rest : `,${rest}`;
  return {
    contentType: 'application/json',
    withNonce(nonce, late) {
      return `{"nonce":"${nonce}"${late === undefined ? '' : jsonHead(late)}${tail}`;
    },
  };
}

function jsonHead(late: readonly LateParam[]): string {
  return late.map(([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`).join('');
}

/**
 * Form encoding of anything but the nonce. Nested objects become `close[price]=…`, lists are joined with
 * commas, booleans are `true` and `false`; but `validate: false` is left out, because Kraken was seen to read
 * a form's false as true, and then places no order (dominiktraxl/pykrakenapi issues 3 and 14).
 * @throws {InvalidParamsError} for null, functions, class instances, lists of objects, and numbers that are
 *   not finite or are integers beyond 2^53
 */
export function encodeForm(params: CallParams): string {
  const pairs: string[] = [];
  for (const name of Object.keys(params)) {
    const value = params[name];
    if (name === 'validate' && value === false) continue;
    appendPairs(pairs, encodeText(name), { name, value, depth: 1 });
  }
  return pairs.join('&');
}

interface FormParam {
  readonly name: string;
  readonly value: unknown;
  readonly depth: number;
}

function appendPairs(pairs: string[], encodedName: string, param: FormParam): void {
  const { value } = param;
  if (value === undefined) return;
  if (isPlainObject(value)) appendNested(pairs, param, value);
  else
    pairs.push(
      `${encodedName}=${encodeText(Array.isArray(value) ? listText(param, value) : scalarText(param, value))}`,
    );
}

function appendNested(pairs: string[], outer: FormParam, object: CallParams): void {
  if (outer.depth >= DEPTH_MAX) {
    throw new InvalidParamsError(outer.name, `it is nested deeper than ${DEPTH_MAX}`, 'Flatten it.');
  }
  for (const key of Object.keys(object)) {
    const name = `${outer.name}[${key}]`;
    appendPairs(pairs, encodeText(name), { name, value: object[key], depth: outer.depth + 1 });
  }
}

function isPlainObject(value: unknown): value is CallParams {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function listText(param: FormParam, list: readonly unknown[]): string {
  return list.map((item) => scalarText(param, item)).join(',');
}

function scalarText(param: FormParam, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return numberText(param, value);
  const observed = `a form has no text for ${value === null ? 'null' : typeof value === 'object' ? 'this object' : `a ${typeof value}`}`;
  throw new InvalidParamsError(
    param.name,
    observed,
    "Send text, a number or a boolean, or use the format 'json'.",
  );
}

/** Plain digits: `String(1e-7)` is `1e-7`, which Kraken does not read as an amount. */
function numberText(param: FormParam, value: number): string {
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
    throw new InvalidParamsError(param.name, `${value} has no exact decimal text`, 'Pass it as a string.');
  }
  const text = String(value);
  return text.includes('e') ? new Big(text).toFixed() : text;
}

/** Nothing in it needs escaping: true of almost every name and value. */
const PLAIN_TEXT = /^[\w.-]*$/;

function encodeText(text: string): string {
  if (PLAIN_TEXT.test(text)) return text;
  try {
    return encodeURIComponent(text);
  } catch {
    throw new InvalidParamsError('text', 'it holds half a surrogate pair', 'Correct it.');
  }
}

/**
 * JSON encoding of anything but the nonce; a bigint becomes a string of digits, since a JSON number beyond
 * 2^53 does not survive most parsers.
 * @throws {InvalidParamsError} when the object is circular, or has a `toJSON` that makes it no object
 */
export function encodeJson(params: CallParams): string {
  const text = stringify(params);
  if (text?.startsWith('{')) return text;
  throw new InvalidParamsError('params', 'they are no JSON object', 'Pass a plain object without cycles.');
}

function stringify(params: CallParams): string | undefined {
  try {
    return JSON.stringify(params, (_key, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
  } catch {
    return undefined;
  }
}
