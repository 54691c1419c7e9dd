/** Counts what is under way, for whoever waits until nothing is. */
export class Activity {
  #underway = 0;
  #isClosed = false;
  #whenIdle: (() => void)[] = [];

  get isClosed(): boolean {
    return this.#isClosed;
  }

  begin(): void {
    this.#underway += 1;
  }

  end(): void {
    this.#underway -= 1;
    if (this.#underway > 0) return;
    const waiting = this.#whenIdle;
    this.#whenIdle = [];
    for (const resume of waiting) resume();
  }

  /** Nothing new is let in by those who ask {@link isClosed}; resolves when nothing is under way. */
  close(): Promise<void> {
    this.#isClosed = true;
    if (this.#underway === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }
}
