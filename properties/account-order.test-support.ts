import type { ClientWorld, CreateClient } from '../harness/run/targets/index.ts';
import { createLocalCoordinator, KrakenClient } from '../src/index.ts';
import type { Coordinator, HttpReply, HttpRequest, OrderRequest } from '../src/index.ts';

/** Which of MASTER's calls is refused for a limit, and how often; the client waits three seconds for the first. */
export interface Limit {
  readonly method: string;
  readonly times: number;
}

/** What was seen over all worlds, so that nobody takes an empty search for a proof. */
export interface Sightings {
  /** MASTER's call was refused while calls of other accounts waited for the lane. */
  othersWaited: number;
  /** A later call of MASTER was asked for and had to stay behind. */
  ownWaited: number;
}

const LIMIT_REPLY: HttpReply = {
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: '{"error":["EOrder:Rate limit exceeded"]}',
};
/** How long the exchange takes to refuse, in virtual time. */
const REFUSAL_MS = 100;

interface Watched {
  readonly tag: string;
  readonly account: string;
  readonly onlyReads: boolean;
  hasBeenSent: boolean;
  hasEnded: boolean;
}

/** Watches one world, call by call, and notes what the promise of `waits-outside-the-lane.md` forbids. */
class OrderWatch {
  readonly broken: string[] = [];
  readonly #sightings: Sightings;
  /** In the order of asking. */
  readonly #calls: Watched[] = [];
  /** The refused call while nothing was sent since, and others waited. */
  #kept: string | undefined;

  constructor(sightings: Sightings) {
    this.#sightings = sightings;
  }

  asked(tag: string, account: string, method: string): Watched {
    const onlyReads = ['Balance', 'OpenOrders'].includes(method);
    const call = { tag, account, onlyReads, hasBeenSent: false, hasEnded: false };
    this.#calls.push(call);
    return call;
  }

  sent(tag: string): void {
    const index = this.#calls.findIndex((call) => call.tag === tag);
    const call = this.#calls[index];
    if (call === undefined) return;
    if (this.#kept === tag) this.broken.push(`the lane was kept for ${tag} while others waited`);
    this.#kept = undefined;
    const mayPass = (earlier: Watched): boolean => earlier.onlyReads && !call.onlyReads;
    const passed = this.#calls
      .slice(0, index)
      .find((earlier) => earlier.account === call.account && !earlier.hasEnded && !mayPass(earlier));
    if (passed !== undefined) this.broken.push(`${tag} was sent before ${passed.tag} had ended`);
    call.hasBeenSent = true;
  }

  refused(tag: string): void {
    const refused = this.#calls.find((call) => call.tag === tag);
    const waiting = this.#calls.filter((call) => !call.hasBeenSent);
    if (waiting.some((call) => call.account === refused?.account)) this.#sightings.ownWaited += 1;
    if (!waiting.some((call) => call.account !== refused?.account)) return;
    this.#sightings.othersWaited += 1;
    this.#kept = tag;
  }

  answered(tag: string): void {
    const call = this.#calls.find((each) => each.tag === tag);
    if (call !== undefined) call.hasEnded = true;
  }
}

/**
 * The package's own client in a world in which the exchange refuses a call of MASTER for a limit. A call after which
 * the promised order is broken fails with `BROKEN: …`, which stands in the history of the run.
 */
export function limitedClient(
  limit: Limit,
  sightings: Sightings,
  wrap: (coordinator: Coordinator) => Coordinator = (coordinator) => coordinator,
): CreateClient {
  return (world) => {
    const watch = new OrderWatch(sightings);
    const coordinator = wrap(createLocalCoordinator({ runtime: world, scope: world.scope }));
    const transport = limitedTransport(world, limit, watch);
    const clients = new Map(
      world.accounts.map(({ account, apiKey, apiSecret }) => {
        const options = {
          accountIdentifier: account,
          apiKey,
          apiSecret,
          transport,
          coordinator,
          runtime: world,
        };
        return [account, new KrakenClient({ ...options, timeoutMs: 60_000 })];
      }),
    );
    return {
      async call(account, method, params, options) {
        const client = clients.get(account);
        if (client === undefined) throw new Error(`There is no account ${account}.`);
        const call = watch.asked(String(params['nonceproof_call']), account, method);
        const made =
          method === 'AddOrder'
            ? client.placeOrder(params as unknown as OrderRequest, options)
            : client.queryPrivate(method, params, options);
        await Promise.allSettled([made]);
        call.hasEnded = true;
        if (watch.broken[0] !== undefined) throw new Error(`BROKEN: ${watch.broken[0]}`);
        return made;
      },
    };
  };
}

function limitedTransport(world: ClientWorld, limit: Limit, watch: OrderWatch): ClientWorld['transport'] {
  const [master] = world.accounts;
  let left = limit.times;
  let limited: string | undefined;
  return async (request) => {
    const tag = tagOf(request);
    watch.sent(tag);
    const isLimited =
      request.path.endsWith(`/${limit.method}`) && request.headers['api-key'] === master?.apiKey;
    if (isLimited && left > 0 && (limited ??= tag) === tag) {
      left -= 1;
      await new Promise<void>((resolve) => void world.timers.setTimeout(resolve, REFUSAL_MS));
      watch.refused(tag);
      return LIMIT_REPLY;
    }
    const reply = await world.transport(request);
    watch.answered(tag);
    return reply;
  };
}

function tagOf(request: HttpRequest): string {
  return new URLSearchParams(request.body ?? '').get('nonceproof_call') ?? '';
}
