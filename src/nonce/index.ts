export { createFileMarkStore, MarkFileError } from './file-mark-store.ts';
export type { MarkStore } from './mark-store.ts';
export { createNonceSource, NONCE_MAX, NONCE_MIN, NonceRangeError } from './nonce-source.ts';
export type { NonceSource } from './nonce-source.ts';
