import type { Situation } from '../harness/controls/index.ts';
import type { ClientWorld, CreateClient, TargetClient } from '../harness/target/client-module.ts';
import type { MakeCall } from '../harness/target/workload.ts';
import { TransportError } from '../src/index.ts';
import type { HttpRequest, HttpTransport } from '../src/index.ts';

/** Every so many requests one reply is lost on its way back, beginning with the first. */
const FAILING_EVERY = 6;
/** Every so many calls the caller changes its mind, when the call has waited for so long. */
const ABORTING_EVERY = 7;
const ABORT_AFTER_MS = 1;
/** Longer than any of these runs. */
const SET_BACK_NS = 600_000_000_000n;

/** Brings about, from the client's side, what a control's defect needs in order to show. */
export class Stage {
  readonly #situations: ReadonlySet<Situation>;
  readonly #world: ClientWorld;
  #requests = 0;
  #ordersLost = 0;
  #calls = 0;

  constructor(situations: readonly Situation[], world: ClientWorld) {
    this.#situations = new Set(situations);
    this.#world = { ...world, transport: this.#losing(world.transport) };
  }

  /** How many lives the client has, one after the other. */
  get lives(): number {
    return this.#situations.has('restart') ? 2 : 1;
  }

  async startClient(createClient: CreateClient, life: number): Promise<TargetClient> {
    const { clock } = this.#world;
    const wallNs = (): bigint => clock.wallNs() - BigInt(life) * SET_BACK_NS;
    return createClient({ ...this.#world, clock: { ...clock, wallNs } });
  }

  /** Calls whose caller may change its mind. */
  wavering(call: MakeCall): MakeCall {
    if (!this.#situations.has('abort-queued')) return call;
    return (account, method, params) => {
      const controller = new AbortController();
      if (++this.#calls % ABORTING_EVERY === 0) {
        this.#world.timers.setTimeout(() => controller.abort(), ABORT_AFTER_MS);
      }
      return call(account, method, params, { signal: controller.signal });
    };
  }

  /** A network that loses replies of calls that the exchange has served. */
  #losing(transport: HttpTransport): HttpTransport {
    return async (request) => {
      const isLost = this.#losesReplyTo(request);
      const reply = await transport(request);
      if (isLost) throw new TransportError('The reply was lost.', { delivery: 'unknown' });
      return reply;
    };
  }

  #losesReplyTo({ path }: HttpRequest): boolean {
    const isFirst = this.#requests++ % FAILING_EVERY === 0;
    if (this.#situations.has('call-fails') && isFirst) return true;
    return this.#situations.has('reply-lost') && path.endsWith('/AddOrder') && this.#ordersLost++ === 0;
  }
}
