import { KRAKEN_ERRORS } from '../kraken-errors.ts';
import type { OrderFacts, PrivateRequest } from '../venue-interface.ts';
import { BoundedMap } from './bounded-map.ts';
import { DecayingCounter } from './decaying-counter.ts';
import { ageCost, type AgedAction } from './age-cost.ts';
import type { LimitsSettings } from './limits-options.ts';

/**
 * The matching engine's limiter: one counter per account and pair, raised by orders and most by touching young
 * ones, and a limit on open orders. Kraken docs, trading rate limits.
 *
 * The fixed cost is charged on receipt, whether or not the request turns out valid; a request that the limiter
 * itself refuses costs nothing, which is not documented either way.
 */
export class EngineLimiter {
  readonly #settings: LimitsSettings;
  readonly #counters: BoundedMap<DecayingCounter>;

  constructor(settings: LimitsSettings) {
    this.#settings = settings;
    this.#counters = new BoundedMap(() => new DecayingCounter(settings.tier.engine.decayPerS));
  }

  /** Charges a request to its pairs, and names the limit that it exceeds. Ask before it takes effect. */
  charge(request: PrivateRequest, facts: OrderFacts): string | null {
    if (isOnlyValidated(request)) return null;
    const costs = this.#costsOf(request, facts);
    // Kraken docs, trading rate limits: a batch cancel that overruns the limit is carried out all the same.
    if (request.method !== 'CancelOrderBatch' && this.#isTooMuch(request, costs))
      return KRAKEN_ERRORS.orderRateLimit;
    for (const [pair, cost] of costs) this.#counterOf(request.account, pair).add(cost, request.atMs);
    return this.#hasRoom(request, facts) ? null : KRAKEN_ERRORS.ordersLimit;
  }

  #isTooMuch({ account, atMs }: PrivateRequest, costs: ReadonlyMap<string, number>): boolean {
    return [...costs].some(
      ([pair, cost]) => this.#counterOf(account, pair).at(atMs) + cost > this.#settings.tier.engine.max,
    );
  }

  #counterOf(account: string, pair: string): DecayingCounter {
    return this.#counters.get(`${account} ${pair}`);
  }

  /** What a request costs, by pair. */
  #costsOf(request: PrivateRequest, facts: OrderFacts): ReadonlyMap<string, number> {
    switch (request.method) {
      case 'AddOrder':
        return costOfPair(request, facts, 1);
      case 'AddOrderBatch':
        return costOfPair(request, facts, ordersOf(request).length / 2);
      case 'AmendOrder':
        return costOfAges(request, facts, { action: 'amend', fixed: 1 });
      case 'EditOrder':
        return costOfAges(request, facts, { action: 'edit', fixed: this.#settings.editFixedCost });
      case 'CancelOrder':
      case 'CancelOrderBatch':
        return costOfAges(request, facts, { action: 'cancel', fixed: 0 });
      case 'CancelAll':
        return this.#settings.cancelAllPenalised
          ? costOfAges(request, facts, { action: 'cancel', fixed: 0 })
          : new Map();
      default:
        return new Map();
    }
  }

  /** Whether the orders that a request opens may be opened. A market order never rests and needs no room. */
  #hasRoom(request: PrivateRequest, facts: OrderFacts): boolean {
    const opened = newOrdersOf(request).filter((order) => order['ordertype'] !== 'market').length;
    const pair = opened === 0 ? null : pairOf(request, facts);
    return (
      pair === null ||
      facts.openOrderCount(request.account, pair, request.atMs) + opened <= this.#settings.tier.openOrdersMax
    );
  }
}

type OrderParams = Readonly<Record<string, unknown>>;

/** `validate` never reaches the engine. Any value but a false one counts: pykrakenapi#14. */
function isOnlyValidated({ params }: PrivateRequest): boolean {
  return ![undefined, false, 'false', '0', ''].includes(params['validate'] as string);
}

function newOrdersOf(request: PrivateRequest): readonly OrderParams[] {
  if (request.method === 'AddOrder') return [request.params];
  return request.method === 'AddOrderBatch' ? ordersOf(request) : [];
}

function ordersOf({ params }: PrivateRequest): readonly OrderParams[] {
  const { orders } = params;
  return Array.isArray(orders) ? orders.filter((order) => typeof order === 'object' && order !== null) : [];
}

function pairOf({ params }: PrivateRequest, facts: OrderFacts): string | null {
  return typeof params['pair'] === 'string' ? facts.pairId(params['pair']) : null;
}

function costOfPair(request: PrivateRequest, facts: OrderFacts, cost: number): ReadonlyMap<string, number> {
  const pair = pairOf(request, facts);
  return new Map(pair === null ? [] : [[pair, cost]]);
}

/** The cost of touching each open order that a request is about. */
function costOfAges(
  request: PrivateRequest,
  facts: OrderFacts,
  { action, fixed }: { readonly action: AgedAction; readonly fixed: number },
): ReadonlyMap<string, number> {
  const costs = new Map<string, number>();
  for (const { pair, ageMs } of facts.ordersTouched(request)) {
    costs.set(pair, (costs.get(pair) ?? 0) + fixed + ageCost(action, ageMs));
  }
  return costs;
}
