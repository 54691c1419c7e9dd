import type { Chunk, ChunkResult } from './chunk.ts';
import type { Branch } from './strategy/index.ts';

/** Cuts an exploration into chunks. */
export interface WorkQueue {
  /** The next chunk; `null` when there is none now. None now and none under way: it is over. */
  next(): Chunk | null;
  finished(chunk: Chunk, result: ChunkResult): void;
}

/** Schedules of a chunk: enough to keep a thread busy for a while, few enough to share the work evenly. */
const CHUNK_SCHEDULES = 512;

/** Numbered schedules, in chunks of consecutive numbers. */
export class SamplingWorkQueue implements WorkQueue {
  readonly #schedulesMax: number;
  readonly #lengths: readonly number[];
  #from = 0;

  constructor(schedulesMax: number, lengths: readonly number[]) {
    this.#schedulesMax = schedulesMax;
    this.#lengths = lengths;
  }

  next(): Chunk | null {
    const from = this.#from;
    const to = Math.min(from + CHUNK_SCHEDULES, this.#schedulesMax);
    if (to <= from) return null;
    this.#from = to;
    return { kind: 'sampled', from, to, lengths: this.#lengths };
  }

  finished(): void {
    // Schedules know nothing of each other.
  }
}

/**
 * The tree of all schedules. A chunk takes half of the branches that are known, the rest stays for others; what it
 * leaves undone comes back.
 */
export class ExhaustiveWorkQueue implements WorkQueue {
  #branches: readonly (readonly Branch[])[];
  #schedulesLeft: number;

  constructor(branches: readonly (readonly Branch[])[], schedulesMax: number) {
    this.#branches = branches;
    this.#schedulesLeft = schedulesMax;
  }

  /** What has not been searched, by the place of the setting. */
  get pending(): readonly (readonly Branch[])[] {
    return this.#branches;
  }

  next(): Chunk | null {
    const schedulesMax = Math.min(CHUNK_SCHEDULES, this.#schedulesLeft);
    if (schedulesMax === 0 || this.#branches.every((branches) => branches.length === 0)) return null;
    this.#schedulesLeft -= schedulesMax;
    const taken = this.#branches.map((branches) => branches.slice(0, Math.ceil(branches.length / 2)));
    this.#branches = this.#branches.map((branches, place) => branches.slice(taken[place]?.length));
    return { kind: 'exhaustive', branches: taken, schedulesMax };
  }

  finished(chunk: Chunk, { tally, abandoned, branches }: ChunkResult): void {
    // A chunk is charged with its limit when it is dealt; what it did not use is given back.
    const charged = chunk.kind === 'exhaustive' ? chunk.schedulesMax : 0;
    this.#schedulesLeft += charged - tally.runs - abandoned;
    this.#branches = this.#branches.map((left, place) => [...left, ...(branches[place] ?? [])]);
  }
}
