export type { DoorOptions } from './adapter.ts';
export { createExchangeDispatcher } from './dispatcher.ts';
export { listenHttp } from './http.ts';
export type { HttpDoor, HttpDoorOptions } from './http.ts';
