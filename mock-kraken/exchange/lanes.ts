/** Where calls go one at a time: one lane for all accounts, or one per API key. */
export type LaneScope = 'global' | 'key';

/** Counts the calls in service in each lane. */
export class Lanes {
  readonly #scope: LaneScope;
  readonly #inService = new Map<string, number>();

  constructor(scope: LaneScope) {
    this.#scope = scope;
  }

  /**
   * A call arrives.
   * @param apiKey - as sent, known or not; calls without one share a lane
   * @returns how many other calls are in service in the same lane
   */
  enter(apiKey: string): number {
    const lane = this.#laneOf(apiKey);
    const others = this.#inService.get(lane) ?? 0;
    this.#inService.set(lane, others + 1);
    return others;
  }

  /** A call that entered with the same key ends. */
  leave(apiKey: string): void {
    const lane = this.#laneOf(apiKey);
    const left = (this.#inService.get(lane) ?? 0) - 1;
    if (left > 0) this.#inService.set(lane, left);
    else this.#inService.delete(lane);
  }

  #laneOf(apiKey: string): string {
    return this.#scope === 'global' ? '' : apiKey;
  }
}
