import { NonceproofError } from '../../../src/index.ts';
import type { WorldPorts } from '../world/index.ts';

/** A client used something of the host that a simulated world cannot stand in for. */
export class UncontrolledError extends NonceproofError {
  /** `socket`, `child process`, … */
  readonly used: string;

  constructor(used: string) {
    super(
      'uncontrolled',
      `Failed to use a ${used}: the client runs in a simulated world. Send requests through the world's transport, global fetch or undici's global dispatcher, to the base URL that the world hands out.`,
    );
    this.used = used;
  }
}

/** Leads the globals of whichever client runs now into that client's world. */
export interface Router {
  /**
   * The world whose client calls the global of that name; `null` when it is none of a client's doing, and the
   * real one is meant.
   */
  worldFor(global: string): WorldPorts | null;
  /** Notes, and refuses, what cannot be controlled. Returns when it is none of a client's doing. */
  refuse(resource: string): void;
  /** Real work was begun that ends by itself, on another thread; the world stands still until it has. */
  awaitRealWork(work: Promise<unknown>): void;
}
