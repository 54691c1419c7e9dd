import type { Coordinator, LaneScope, Turn, TurnOptions } from './coordinator.ts';
import type { MarkStore } from '../nonce/index.ts';

/** What {@link keepHighWaterMark} takes. */
export interface HighWaterMarkOptions {
  /** Whose nonces are to stay above those of earlier runs. */
  readonly coordinator: Coordinator;
  readonly store: MarkStore;
  /**
   * How far ahead of the nonces the mark is saved, in nanoseconds of nonce; so much may be left out after a
   * restart. Default 10 s, which is at most one save in ten seconds.
   */
  readonly blockNs?: bigint | undefined;
}

const BLOCK_NS = 10_000_000_000n;

/**
 * A coordinator whose nonces stay above those of every earlier run with the same store, even when the clock was
 * set back in between. Without it, and by default, nonces only rely on the wall clock for that, and nothing is
 * read or written.
 *
 * Before a nonce above the mark is handed out, a mark further ahead is saved; after a crash at any moment the
 * store therefore holds a mark at or above every nonce ever handed out. Give the result to every client, in
 * place of the coordinator it wraps; and give each process a store of its own.
 */
export function keepHighWaterMark(options: HighWaterMarkOptions): Coordinator {
  return new MarkedCoordinator(options);
}

class MarkedCoordinator implements Coordinator {
  readonly scope: LaneScope;
  readonly takePlace?: (laneKey: string) => number | undefined;
  readonly #coordinator: Coordinator;
  readonly #store: MarkStore;
  readonly #blockNs: bigint;
  /** What the store holds: no nonce above it is handed out. `undefined` until it was loaded. */
  #mark: bigint | undefined;
  /** Lanes of several keys draw side by side, but load and save one after the other. */
  #storing: Promise<void> = Promise.resolve();

  constructor(options: HighWaterMarkOptions) {
    this.#coordinator = options.coordinator;
    this.#store = options.store;
    this.#blockNs = options.blockNs ?? BLOCK_NS;
    this.scope = options.coordinator.scope;
    const { coordinator } = options;
    if (coordinator.takePlace !== undefined) this.takePlace = (laneKey) => coordinator.takePlace?.(laneKey);
  }

  turn<T>(laneKey: string, body: (turn: Turn) => Promise<T>, options?: TurnOptions): Promise<T> {
    const marked = (turn: Turn): Turn => ({
      drawNonce: () => this.#draw(turn),
      raiseFloor: (nonce) => turn.raiseFloor(nonce),
      ...(turn.shouldSend === undefined ? {} : { shouldSend: () => turn.shouldSend?.() === true }),
    });
    return this.#coordinator.turn(laneKey, (turn) => body(marked(turn)), options);
  }

  #draw(turn: Turn): bigint | Promise<bigint> {
    if (this.#mark === undefined) return this.#loadAndDraw(turn);
    const drawn = turn.drawNonce();
    if (typeof drawn === 'bigint' && drawn <= this.#mark) return drawn;
    return this.#cover(drawn);
  }

  async #loadAndDraw(turn: Turn): Promise<bigint> {
    await this.#inOrder(async () => {
      if (this.#mark !== undefined) return;
      const mark = (await this.#store.load()) ?? 0n;
      await turn.raiseFloor(mark);
      this.#mark = mark;
    });
    return this.#draw(turn);
  }

  async #cover(drawn: bigint | Promise<bigint>): Promise<bigint> {
    const nonce = await drawn;
    await this.#inOrder(async () => {
      if (this.#mark !== undefined && nonce <= this.#mark) return;
      const mark = nonce + this.#blockNs;
      await this.#store.save(mark);
      this.#mark = mark;
    });
    return nonce;
  }

  /** A failure is that of whoever asked; the next one tries again. */
  #inOrder(step: () => Promise<void>): Promise<void> {
    const done = this.#storing.then(step);
    this.#storing = done.catch(() => undefined);
    return done;
  }
}
