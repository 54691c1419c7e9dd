import type { RequestParams } from '../venue-interface.ts';

/** A body whose parameters could be read. */
export interface ParsedBody {
  readonly encoding: 'form' | 'json';
  readonly params: RequestParams;
  /**
   * Every value given for `nonce`, as text: more than one is an error, none is an error. A JSON number is the
   * text that was sent, because 1616492376594000001 is already another number once JSON.parse has seen it.
   */
  readonly nonces: readonly string[];
  /** The nonce stood in a JSON body without quotes. */
  readonly isNumberNonce: boolean;
}

/** Why a body could not be read. `incomplete`: the client went away before its end. */
export type BodyProblem = 'too-large' | 'incomplete' | 'content-type' | 'unreadable';

/**
 * Parses a request body: form-encoded, or JSON with an object at the top. Kraken docs, REST introduction. A
 * request without a content type counts as form-encoded. Of a form parameter given twice, the last one counts.
 */
export function parseBody(
  body: string | Uint8Array,
  contentType: string | undefined,
): ParsedBody | BodyProblem {
  const type = (contentType ?? 'application/x-www-form-urlencoded').split(';', 1)[0]?.trim().toLowerCase();
  try {
    const text = typeof body === 'string' ? body : utf8.decode(body);
    if (type === 'application/x-www-form-urlencoded') return parseForm(text);
    if (type === 'application/json') return parseJson(text);
    return 'content-type';
  } catch {
    // Broken UTF-8, percent-encoding or JSON. What exactly is of no use to the sender: Kraken does not say either.
    return 'unreadable';
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parseForm(text: string): ParsedBody {
  const fields: (readonly [name: string, value: string])[] = [];
  const nonces: string[] = [];
  for (const part of text.split('&')) {
    if (part === '') continue;
    const field = parseField(part);
    fields.push(field);
    if (field[0] === 'nonce') nonces.push(field[1]);
  }
  return { encoding: 'form', params: Object.fromEntries(fields), nonces, isNumberNonce: false };
}

function parseField(field: string): [name: string, value: string] {
  const equals = field.indexOf('=');
  const name = equals < 0 ? field : field.slice(0, equals);
  return [decodeFormText(name), equals < 0 ? '' : decodeFormText(field.slice(equals + 1))];
}

/** Throws on bad percent-encoding. */
function decodeFormText(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text;
  return decodeURIComponent(text.replaceAll('+', ' '));
}

function parseJson(text: string): ParsedBody | BodyProblem {
  const params: unknown = JSON.parse(text);
  if (typeof params !== 'object' || params === null || Array.isArray(params)) return 'unreadable';
  const tokens = topLevelTokens(text, 'nonce');
  const isNumberNonce = tokens.some((token) => !token.startsWith('"'));
  return { encoding: 'json', params: params as RequestParams, nonces: tokens.map(unquoted), isNumberNonce };
}

/** Strings, punctuation, and everything else: numbers and literals. */
const JSON_TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * The values of `name` at the top level of a JSON object, as they stand in the text; only the opening bracket of
 * an array or object. JSON.parse must have accepted the text before.
 */
function topLevelTokens(json: string, name: string): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  let key: unknown = null;
  let previous = '';
  for (const [token] of json.matchAll(JSON_TOKEN)) {
    if (depth === 1 && previous === ':' && key === name) found.push(token);
    if (depth === 1 && previous !== ':' && token.startsWith('"')) key = JSON.parse(token);
    if (token === '{' || token === '[') depth++;
    if (token === '}' || token === ']') depth--;
    previous = token;
  }
  return found;
}

function unquoted(token: string): string {
  return token.startsWith('"') ? String(JSON.parse(token)) : token;
}
