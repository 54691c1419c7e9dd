import { once } from 'node:events';
import { connect } from 'node:net';
import { createRandom } from '../harness/random.ts';
import type { Credentials } from '../mock-kraken/index.ts';
import { signRequest } from '../src/index.ts';

/** One hostile request as bytes. */
interface HostileRequest {
  readonly bytes: Buffer;
  /** Whether HTTP frames it rightly, so that others may follow on its connection and each is answered. */
  readonly isFramed: boolean;
}

type Random = () => number;

/** Values that parsers have stumbled over. */
const VALUES: readonly string[] = [
  '-1', '-0.01', '0', '1e-7', '1e309', '1e21', 'NaN', 'Infinity', '-Infinity', '0x10', '1_000', '٣', '１', '18446744073709551616',
  '9'.repeat(400), '0'.repeat(20_000), `${'0'.repeat(3_000)}.${'0'.repeat(3_000)}x`, `1.${'0'.repeat(9_000)}1`,
  '\0', '\u0001\u001b[2J', '\r\n\r\n', '\u202e', '\ud800', '💩'.repeat(500), '__proto__', 'constructor', 'toString', '[object Object]',
  'null', 'undefined', 'true', '', ' ', '+5%', '#1', "' OR 1=1 --", '<script>', '../../etc/passwd', '${7*7}', 'XBTUSD', 'buy', 'sell', 'limit',
  'market', 'stop-loss-limit', 'trailing-stop', '40000', '0.01', '1000', '+60', 'IOC', 'GTD', 'post', 'viqc', 'ledgers', 'trades', 'XBT', 'ZUSD', '7',
] as const; // prettier-ignore

const NAMES: readonly string[] = [
  'nonce', 'pair', 'type', 'ordertype', 'volume', 'price', 'price2', 'displayvol', 'oflags', 'timeinforce', 'starttm', 'expiretm', 'endtm',
  'userref', 'cl_ord_id', 'deadline', 'validate', 'close', 'close[ordertype]', 'close[price]', 'leverage', 'txid', 'orders', 'cl_ord_ids',
  'order_qty', 'limit_price', 'timeout', 'ofs', 'start', 'end', 'asset', 'amount', 'key', 'from', 'to', 'id', 'report', 'description',
  'fields', 'format', 'refid', 'strategy_id', 'otp', 'nonceproof_call', '__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'length',
] as const; // prettier-ignore

const METHODS: readonly string[] = [
  'Balance', 'BalanceEx', 'TradeBalance', 'OpenOrders', 'ClosedOrders', 'QueryOrders', 'OrderAmends', 'TradesHistory', 'QueryTrades', 'Ledgers',
  'QueryLedgers', 'TradeVolume', 'AddExport', 'ExportStatus', 'RetrieveExport', 'RemoveExport', 'GetApiKeyInfo', 'AddOrder', 'AddOrder',
  'AddOrder', 'AddOrderBatch', 'AmendOrder', 'EditOrder', 'CancelOrder', 'CancelOrderBatch', 'CancelAll', 'CancelAllOrdersAfter', 'Withdraw',
  'WalletTransfer', 'AccountTransfer', 'CreateSubaccount', 'Earn/Allocate', 'Earn/AllocateStatus', '__proto__', 'constructor', '', '..', '%2e%2e',
] as const; // prettier-ignore

const PUBLIC_METHODS: readonly string[] = [
  'Time', 'Ticker', 'OHLC', 'Depth', 'Trades', 'Spread', 'AssetPairs', 'Assets', 'SystemStatus', '__proto__', 'x'.repeat(9_000),
] as const; // prettier-ignore

const ORDER = { pair: 'XBTUSD', type: 'buy', ordertype: 'limit', price: '1000', volume: '0.001' };

/** Makes hostile requests, signed by the account and not: the same for the same seed. */
class HostileSource {
  readonly #random: Random;
  readonly #account: Credentials;
  #nonce = 1_795_353_736_170_000_000n;

  constructor(account: Credentials, seed: number) {
    this.#random = createRandom(seed);
    this.#account = account;
  }

  next(): HostileRequest {
    const kind = this.#random();
    if (kind < 0.1) return this.#broken();
    if (kind < 0.2) return framed(this.#publicLine(), {}, '');
    const { body, type } = this.#body();
    const headers = { 'content-type': type, ...this.#oddHeaders() };
    if (kind < 0.35)
      return framed(`POST /0/private/${this.#one(METHODS)}`, { ...headers, ...this.#badKey() }, body);
    return this.signed(this.#one(METHODS), body, headers);
  }

  /** A request that the account signed, and whose nonce is greater than all before. */
  signed(method: string, body: string, headers: Readonly<Record<string, string>> = {}): HostileRequest {
    const path = `/0/private/${method}`;
    const { apiKey, apiSecret } = this.#account;
    const sign = signRequest({ path, nonce: String(this.#nonce), body, apiSecret });
    return framed(`POST ${path}`, { 'api-key': apiKey, 'api-sign': sign, ...headers }, body);
  }

  /** The digits of the next nonce. */
  nonce(): string {
    return String(++this.#nonce);
  }

  #body(): { readonly body: string; readonly type: string } {
    const nonce = this.nonce();
    const shape = this.#random();
    const form = 'application/x-www-form-urlencoded';
    const json = 'application/json';
    if (shape < 0.05) return { body: `nonce=${nonce}&${'a=1&'.repeat(10_000)}`, type: form };
    if (shape < 0.1)
      return { body: `{"nonce":"${nonce}","orders":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, type: json };
    if (shape < 0.13) return { body: `{"nonce":"${nonce}","a":"${'\\\\'.repeat(25_000)}"}`, type: json };
    if (shape < 0.16) return { body: `nonce=${nonce}&nonce=${nonce}&nonce[]=1&a=%zz%`, type: form };
    if (shape < 0.2) return { body: `nonce=${nonce}&padding=${'x'.repeat(60_000)}`, type: form };
    const fields = { ...(this.#random() < 0.7 ? ORDER : {}), ...this.#fields() };
    if (shape < 0.6) return { body: new URLSearchParams({ ...fields, nonce }).toString(), type: form };
    const orders =
      this.#random() < 0.3
        ? { orders: Array.from({ length: 15 }, () => ({ ...ORDER, ...this.#fields() })) }
        : {};
    return {
      body: JSON.stringify({ ...fields, ...orders, nonce }),
      type: this.#random() < 0.05 ? 'text/odd' : json,
    };
  }

  #fields(): Record<string, string> {
    const count = Math.floor(this.#random() * 5);
    return Object.fromEntries(Array.from({ length: count }, () => [this.#one(NAMES), this.#one(VALUES)]));
  }

  #oddHeaders(): Readonly<Record<string, string>> {
    const odd = this.#random();
    if (odd < 0.05) return { 'x-long': 'h'.repeat(8_000) };
    if (odd < 0.1) return { host: this.#one(['', 'evil.example', '[::1', 'a'.repeat(3_000)]) };
    return odd < 0.15 ? { expect: '100-continue', __proto__: '1' } : {};
  }

  #badKey(): Readonly<Record<string, string>> {
    const { apiKey } = this.#account;
    const key = this.#one([
      apiKey,
      `key-${this.#random()}`,
      'k'.repeat(6_000) + this.#random(),
      '__proto__',
      '',
    ]);
    return { 'api-key': key, 'api-sign': this.#one(['', 'AAAA', '%', 's'.repeat(4_000)]) };
  }

  #publicLine(): string {
    const query = new URLSearchParams(this.#fields()).toString().slice(0, 5_000);
    return `${this.#one(['GET', 'GET', 'POST', 'DELETE', 'OPTIONS'])} ${this.#one(['/0/public/', '//', 'http://[/', '/'])}${this.#one(PUBLIC_METHODS)}?${query}`;
  }

  /** Bytes that break HTTP: lengths that lie, chunks that are none, heads that are too long, ends that never come. */
  #broken(): HostileRequest {
    const { body } = this.#body();
    const head = 'POST /0/private/AddOrder HTTP/1.1\r\nhost: mock\r\n';
    const text = this.#one([
      `${head}content-length: 5\r\n\r\n${body.slice(0, 3)}`,
      `${head}content-length: -1\r\n\r\n${body}`,
      `${head}content-length: 5\r\ncontent-length: 6\r\n\r\nabcdef`,
      `${head}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      `${head}transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\nx`,
      `${head}transfer-encoding: chunked\r\n\r\n5;${'e'.repeat(20_000)}\r\nabcde\r\n0\r\n\r\n`,
      `${head}x: ${'h'.repeat(20_000)}\r\n\r\n`,
      `${head}content-length: 999999999999\r\n\r\n${'x'.repeat(80_000)}`,
      'GET / HTTP/9.9\r\n\r\n', '\0\0\0\0', '\r\n'.repeat(500), `${head}bad header\r\n\r\n`, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      `CONNECT 127.0.0.1:99999 HTTP/1.1\r\nhost: x\r\n\r\n`, `${head}upgrade: websocket\r\nconnection: upgrade\r\n\r\n`,
    ]); // prettier-ignore
    return { bytes: Buffer.from(text, 'latin1'), isFramed: false };
  }

  #one<T>(among: readonly [T, ...T[]] | readonly T[]): T {
    return among[Math.floor(this.#random() * among.length)] as T;
  }
}

function framed(line: string, headers: Readonly<Record<string, string>>, body: string): HostileRequest {
  const bytes = Buffer.from(body);
  const all = { host: 'mock', ...headers, 'content-length': String(bytes.length) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`${line} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1');
  return { bytes: Buffer.concat([head, bytes]), isFramed: true };
}

/**
 * Sends requests on one connection, pipelined, and resolves with what came back until it was closed. Ends its side
 * when nothing came for a moment: some of these requests have no end.
 */
async function sendAll(url: string, requests: readonly HostileRequest[], idleMs: number): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const received: Buffer[] = [];
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => received.push(chunk));
  socket.setTimeout(idleMs, () => socket.destroy());
  socket.write(Buffer.concat(requests.map(({ bytes }) => bytes)));
  if (!socket.closed) await once(socket, 'close').catch(() => undefined);
  return Buffer.concat(received).toString('latin1');
}

/** What came of an attack. */
interface AttackReport {
  readonly sent: number;
  /** How many answers had each HTTP status. */
  readonly statuses: ReadonlyMap<string, number>;
  /** Well-formed calls in between, each of which must be answered with the balance. */
  readonly rightly: number;
  /** Answers to them that were wrong. */
  readonly wrong: readonly string[];
}

/** How an attack is led. */
interface AttackOptions {
  readonly accounts: readonly Credentials[];
  readonly requests: number;
  readonly seed: number;
  readonly onProgress?: (sent: number) => void;
}

/** Requests on one connection. */
const PIPELINED = 10;
const IDLE_MS = 40;
/** For requests that are answered and closed: only a server that hangs is idle for so long. */
const HANGING_MS = 60_000;

/** Sends hostile requests to a mock, on one connection for each account at once, and a good call after each batch. */
export async function attack(url: string, options: AttackOptions): Promise<AttackReport> {
  const statuses = new Map<string, number>();
  const wrong: string[] = [];
  let [sent, rightly] = [0, 0];
  const lead = async (account: Credentials, place: number): Promise<void> => {
    const source = new HostileSource(account, options.seed + place);
    while (sent < options.requests) {
      const batch = Array.from({ length: PIPELINED }, () => source.next());
      sent += PIPELINED;
      const whole = batch.filter(({ isFramed }) => isFramed);
      const answers = [await sendAll(url, [...whole, LAST], HANGING_MS)];
      for (const one of batch) if (!one.isFramed) answers.push(await sendAll(url, [one], IDLE_MS));
      for (const [, status = ''] of answers.join('').matchAll(/HTTP\/1\.1 (\d+)/g))
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const good = source.signed('Balance', `nonce=${source.nonce()}`, { ...FORM, connection: 'close' });
      const answer = await sendAll(url, [good], HANGING_MS);
      if (/"error":\[\],"result":\{.*"ZUSD":"[\d.]+"/.test(answer)) rightly += 1;
      else wrong.push(answer);
      options.onProgress?.(sent);
    }
  };
  await Promise.all(options.accounts.map(lead));
  return { sent, statuses, rightly, wrong };
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' } as const;
const LAST: HostileRequest = framed('GET /0/public/Time', { connection: 'close' }, '');
