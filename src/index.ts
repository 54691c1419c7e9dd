export { NonceproofError } from './errors.ts';
export type { Clock, Runtime, TimerHandle, Timers } from './runtime.ts';
export type { Coordinator, LaneScope, Turn, TurnOptions } from './coordinator.ts';
export { TransportError } from './transport.ts';
export type { Delivery, HttpReply, HttpRequest, HttpTransport } from './transport.ts';
