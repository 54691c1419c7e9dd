/** How long a run may take until its target is started, whatever the target is: a database may have to be made. */
const START_UP_MS = 120_000;
/**
 * How long a run may take to end once its target's time limit is over, or it was interrupted. Ending a target that
 * refuses takes up to 9 s of it (`launch`).
 */
const GRACE_MS = 30_000;

/** What a {@link RunWatchdog} watches. */
export interface WatchdogOptions {
  /** The target's time limit. */
  readonly timeoutMs: number;
  /** How long a call may be in service: calls that the target leaves behind are waited for. Default 0. */
  readonly serviceMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Default {@link START_UP_MS}. */
  readonly startUpMs?: number | undefined;
  /** Default {@link GRACE_MS}. */
  readonly graceMs?: number | undefined;
}

/**
 * Bounds a whole run: its start-up, and from there the target's time limit and a grace, which is all that a target can
 * make it last. Each of its parts has a limit of its own; the watchdog proves that no part was forgotten. A run that it
 * ends is an internal error, which names the part.
 */
export class RunWatchdog {
  readonly #expired: Promise<never>;
  readonly #options: WatchdogOptions;
  readonly #graceMs: number;
  #expire: () => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #stage = 'starting up';

  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.#graceMs = (options.graceMs ?? GRACE_MS) + (options.serviceMs ?? 0);
    this.#expired = new Promise<never>((_, reject) => {
      this.#expire = () => reject(new Error(`The run did not end within its limits: it was ${this.#stage}.`));
    });
    this.#expired.catch(() => undefined);
    this.#expireIn(options.startUpMs ?? START_UP_MS);
    options.signal?.addEventListener('abort', this.#hurry, { once: true });
    if (options.signal?.aborted === true) this.#hurry();
  }

  /** The target is started now. */
  targetStarts(): void {
    if (this.#options.signal?.aborted !== true) this.#expireIn(this.#options.timeoutMs + this.#graceMs);
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
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener('abort', this.#hurry);
  }

  readonly #hurry = (): void => this.#expireIn(this.#graceMs);

  #expireIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#expire, ms);
  }
}
