export type { AdapterOptions } from './adapter.ts';
export { createExchangeDispatcher } from './dispatcher.ts';
export { listenHttp } from './http.ts';
export type { HttpAdapter, HttpAdapterOptions } from './http.ts';
