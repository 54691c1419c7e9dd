/** How long start-up and clean-up may take beside the target's own time limit. */
const BESIDE_THE_TARGET_MS = 120_000;
/** How long a run may take to end after it was interrupted. */
const AFTER_INTERRUPT_MS = 30_000;

/** What a {@link RunWatchdog} watches. */
export interface WatchdogOptions {
  /** The target's time limit. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Default {@link BESIDE_THE_TARGET_MS}. */
  readonly besideMs?: number | undefined;
}

/**
 * Bounds a whole run. Each of its parts has a limit of its own; the watchdog proves that no part was forgotten. A
 * run that it ends is an internal error, which names the part.
 */
export class RunWatchdog {
  readonly #expired: Promise<never>;
  readonly #stop: () => void;
  #stage = 'starting up';

  constructor({ besideMs = BESIDE_THE_TARGET_MS, signal, timeoutMs }: WatchdogOptions) {
    let expire: () => void = () => undefined;
    this.#expired = new Promise<never>((_, reject) => {
      expire = () => reject(new Error(`The run did not end within its limits: it was ${this.#stage}.`));
    });
    this.#expired.catch(() => undefined);
    let timer = setTimeout(expire, timeoutMs + besideMs);
    const hurry = (): void => {
      clearTimeout(timer);
      timer = setTimeout(expire, Math.min(AFTER_INTERRUPT_MS, besideMs));
    };
    signal?.addEventListener('abort', hurry, { once: true });
    if (signal?.aborted === true) hurry();
    this.#stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', hurry);
    };
  }

  /** @param stage - what the run does from here on, in words that follow `it was` */
  enter(stage: string): void {
    this.#stage = stage;
  }

  /** Waits for a part of the run, but not beyond the run's limit. */
  guard<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#expired]);
  }

  stop(): void {
    this.#stop();
  }
}
