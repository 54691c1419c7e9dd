import { createHash } from 'node:crypto';
import type { Dispatcher } from 'undici';
import type { Coordinator } from './coordinator.ts';
import { NonceproofError } from './errors.ts';
import { GlobalKrakenNonceManager } from './global-kraken-nonce-manager.ts';
import { privateCall } from './private-call.ts';
import type { Caller } from './private-call.ts';
import { prepareBody } from './request-body.ts';
import type { BodyFormat, CallParams } from './request-body.ts';
import type { Runtime } from './runtime.ts';
import { importApiSecret } from './signature.ts';
import { systemRuntime } from './system.ts';
import type { HttpTransport } from './transport.ts';
import { createUndiciTransport } from './undici-transport.ts';

export interface KrakenClientOptions {
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly accountIdentifier: string;
  readonly baseUrl?: string | undefined;
  readonly dispatcher?: Dispatcher | undefined;
  readonly transport?: HttpTransport | undefined;
  readonly coordinator?: Coordinator | undefined;
  readonly runtime?: Runtime | undefined;
  readonly timeoutMs?: number | undefined;
  readonly queueTimeoutMs?: number | undefined;
  readonly settlingMs?: number | undefined;
}

export interface QueryOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly queueTimeoutMs?: number | undefined;
  readonly format?: BodyFormat | undefined;
}

export class InvalidOptionError extends NonceproofError {
  readonly option: string;
  constructor(option: string, observed: string, whatToDo: string) {
    super('invalid_option', `Failed to make a client: ${option} ${observed}. ${whatToDo}`);
    this.option = option;
  }
}

export class KrakenClient {
  readonly accountIdentifier: string;
  readonly #caller: Caller;
  readonly #timeoutMs: number;
  readonly #queueTimeoutMs: number | undefined;

  constructor(options: KrakenClientOptions) {
    const apiSecret = importApiSecret(options.apiSecret);
    if (apiSecret === undefined)
      throw new InvalidOptionError('apiSecret', 'is empty or not base64', 'Copy it again.');
    this.accountIdentifier = options.accountIdentifier;
    this.#timeoutMs = options.timeoutMs ?? 10_000;
    this.#queueTimeoutMs = options.queueTimeoutMs;
    this.#caller = Object.freeze({
      account: options.accountIdentifier,
      laneKey: createHash('sha256').update(options.apiKey).digest('hex').slice(0, 16),
      apiKey: options.apiKey,
      apiSecret,
      coordinator: options.coordinator ?? GlobalKrakenNonceManager.instance().coordinator,
      transport:
        options.transport ??
        createUndiciTransport({ baseUrl: options.baseUrl, dispatcher: options.dispatcher }),
      runtime: options.runtime ?? systemRuntime,
      settlingMs: options.settlingMs ?? 10_000,
    });
  }

  async queryPrivate(method: string, params: CallParams = {}, options: QueryOptions = {}): Promise<unknown> {
    const reply = await privateCall(this.#caller, {
      method,
      body: prepareBody(params, options.format ?? (JSON_ONLY.has(method) ? 'json' : 'form')),
      timeoutMs: options.timeoutMs ?? this.#timeoutMs,
      queueTimeoutMs: options.queueTimeoutMs ?? this.#queueTimeoutMs,
      signal: options.signal,
    });
    return reply.result;
  }
}

const JSON_ONLY: ReadonlySet<string> = new Set(['AddOrderBatch', 'CancelOrderBatch', 'Level3']);
