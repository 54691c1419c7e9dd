import type { ApiKey } from './api-key.ts';
import type { ExchangeCall } from './call.ts';
import type { AnyVenue, ExchangeSettings } from './exchange-options.ts';
import { ExchangeError } from './exchange-error.ts';
import { KRAKEN_ERRORS } from '../kraken-errors.ts';
import type { Limits } from '../limits/index.ts';
import { addressOf, pathOf, PUBLIC_PREFIX, type RequestHead } from './request-head.ts';
import type { EndpointReply, OrderFacts, PrivateRequest, VenueControls } from '../venue-interface.ts';

/** What an account holds when it is opened: amounts by asset; `undefined` for the venue's own default. */
export type OpeningBalances = Readonly<Record<string, string>> | undefined;

/** The venue behind the exchange, built when it is first needed, and the limits that stand before it. */
export class Backend {
  readonly #settings: ExchangeSettings;
  readonly #limits: Limits | null;
  /** Every account by name; those that the venue has not been told of yet are in `#unopened`, too. */
  readonly #accounts = new Set<string>();
  readonly #unopened = new Map<string, OpeningBalances>();
  #venue: AnyVenue | null = null;
  /** Whose request the venue is answering. */
  #asking: ApiKey | null = null;

  constructor(settings: ExchangeSettings, limits: Limits | null) {
    this.#settings = settings;
    this.#limits = limits;
  }

  /** Opens an account, unless it is open already. A venue that is there already may refuse the balances. */
  openAccount(account: string, balances: OpeningBalances): void {
    if (this.#accounts.has(account)) return;
    if (this.#venue === null) this.#unopened.set(account, balances);
    else this.#venue.openAccount(account, balances);
    this.#accounts.add(account);
  }

  /** Moves the venue from outside. */
  move(move: (venue: VenueControls, atMs: number) => void, atMs: number): void {
    const venue = this.#openVenue();
    if (!hasControls(venue)) throw new ExchangeError('venue_without_controls', NO_CONTROLS);
    move(venue, atMs);
  }

  /** Hands an admitted call to its endpoint. */
  answer(call: ExchangeCall, atMs: number): EndpointReply {
    const { key, body } = call;
    if (key === null || body === null) throw new TypeError('A call without key or body was admitted.');
    const { params, encoding } = body;
    const request = { account: key.account, method: call.record.method, params, encoding, atMs };
    return this.#guarded(() => {
      this.#asking = key;
      const error = this.#engineError(request);
      return error === null ? this.#openVenue().callPrivate(request) : refusal(error);
    });
  }

  answerPublic(head: RequestHead, atMs: number): EndpointReply {
    const error = this.#limits?.publicCalls.charge(addressOf(head), atMs) ?? null;
    if (error !== null) return refusal(error);
    const method = pathOf(head).slice(PUBLIC_PREFIX.length);
    const params = Object.fromEntries(new URLSearchParams(head.path.slice(pathOf(head).length)));
    return this.#guarded(() => this.#openVenue().callPublic(method, params, atMs));
  }

  /** A defect of the venue must not take the exchange with it. */
  #guarded(ask: () => EndpointReply): EndpointReply {
    try {
      return ask();
    } catch (error) {
      this.#settings.onInternalError(error);
      return refusal(KRAKEN_ERRORS.internalError);
    }
  }

  #engineError(request: PrivateRequest): string | null {
    const venue = this.#openVenue();
    return this.#limits !== null && knowsOrders(venue) ? this.#limits.engine.charge(request, venue) : null;
  }

  /** The venue, with every account opened that was added meanwhile. */
  #openVenue(): AnyVenue {
    const venue = (this.#venue ??= this.#settings.createVenue({ keyInfo: () => this.#keyInfo() }));
    for (const [account, balances] of this.#unopened) venue.openAccount(account, balances);
    this.#unopened.clear();
    return venue;
  }

  #keyInfo(): ApiKey['info'] {
    if (this.#asking === null) throw new TypeError('A venue asked for a key before any request.');
    return this.#asking.info;
  }
}

function refusal(error: string): EndpointReply {
  return { error: [error], effect: null };
}

function knowsOrders(venue: AnyVenue): venue is AnyVenue & OrderFacts {
  return (
    venue.pairId !== undefined && venue.openOrderCount !== undefined && venue.ordersTouched !== undefined
  );
}

function hasControls(venue: AnyVenue): venue is AnyVenue & VenueControls {
  return 'setPrice' in venue && 'setBalance' in venue;
}

const NO_CONTROLS = 'Failed to move the venue: the one that was handed in has no controls. Use createVenue.';
