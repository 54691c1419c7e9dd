import type { Clock, HttpTransport, Timers } from '../../../src/index.ts';
import type { ImmediateQueue } from './immediate-queue.ts';

/** What the globals of a client lead to while its code runs. */
export interface WorldPorts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly immediates: ImmediateQueue;
  readonly transport: HttpTransport;
  random(): number;
  /** Ends the run as an error that nobody catches ends a process. */
  crash(error: unknown): void;
}

/** Somebody who has such ports; they are asked for only when a global is used. */
export interface PortsOwner {
  readonly ports: WorldPorts;
}
